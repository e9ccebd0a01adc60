import { conditionHolds, type RequestContext } from './conditions.ts';
import type { PolicyStatement } from './policy-document.ts';
import { matchesWildcard } from './wildcard.ts';

export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/**
 * What policies say of one action on one resource: a deny wins, and what nothing allows is denied. A
 * statement with a condition that the range cannot judge allows nothing, and denies what it says.
 * Source: IAM User Guide, "Policy evaluation logic".
 */
export function evaluate(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  context: RequestContext,
): Decision {
  let decision: Decision = 'implicit-deny';
  for (const statement of statements) {
    if (!isOfAction(statement, action) || !isOfResource(statement, resource, context)) continue;
    const holds = conditionsHold(statement, context);
    if (statement.effect === 'Deny' && holds !== false) return 'explicit-deny';
    if (statement.effect === 'Allow' && holds === true) decision = 'allow';
  }
  return decision;
}

export function conditionsHold(
  { conditions }: PolicyStatement,
  context: RequestContext,
): boolean | 'unknown' {
  let all: boolean | 'unknown' = true;
  for (const [operator, key, values] of conditions) {
    const wanted = values.map((value) => substituted(value, context) ?? value);
    const holds = conditionHolds(operator, key, wanted, context);
    if (holds === false) return false;
    if (holds === 'unknown') all = 'unknown';
  }
  return all;
}

/** Names of actions are compared without regard to case. */
function isOfAction({ actions, notActions }: PolicyStatement, action: string): boolean {
  const fits = (pattern: string) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
  return actions === undefined ? !notActions.some(fits) : actions.some(fits);
}

function isOfResource(
  { resources, notResources }: PolicyStatement,
  resource: string,
  context: RequestContext,
): boolean {
  const fits = (pattern: string): boolean => {
    const filled = substituted(pattern, context);
    return filled !== undefined && matchesWildcard(filled, resource);
  };
  return resources === undefined ? !notResources.some(fits) : resources.some(fits);
}

/** With policy variables filled in; nothing when the request has no such value. */
function substituted(text: string, context: RequestContext): string | undefined {
  let missing = false;
  const filled = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name === '*' || name === '?' || name === '$') return name;
    const value = context.get(name.toLowerCase());
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : filled;
}
