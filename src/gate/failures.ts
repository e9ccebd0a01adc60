import type { FailedCheck, RuleVerdict } from '../guard/evaluate.ts';
import type { Json } from '../model/json.ts';
import type { GateFinding } from './finding.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { type Node, type Path, toJson } from './template/node.ts';
import type { MetUnknown, ResolvedResource } from './template/worlds.ts';

/** A failing check in one world. */
export interface Failure {
  readonly policy: Policy;
  readonly rule: string;
  readonly verdict: GateFinding['verdict'];
  readonly resource: ResolvedResource | undefined;
  readonly check: FailedCheck | undefined;
  readonly dependsOn: readonly MetUnknown[];
}

/** What the rules see: the template with its resources worked out. */
export function documentOf(subject: Subject, resources: readonly { key: string; value: Node }[]): Json {
  const sections = toJson(subject.sections) as Readonly<Record<string, Json>>;
  return {
    ...sections,
    Resources: Object.fromEntries(resources.map(({ key, value }) => [key, toJson(value)])),
  };
}

/** What a verdict says of each resource; the rest of the world is only looked into. */
export function failuresOf(
  policy: Policy,
  verdict: RuleVerdict,
  { resources }: { readonly resources: readonly ResolvedResource[] },
): Failure[] {
  if (verdict.status !== 'FAIL' && verdict.status !== 'ERROR') return [];
  const { rule } = verdict;
  const kindOf = (check?: FailedCheck): Failure['verdict'] => {
    if (check === undefined) return verdict.status === 'FAIL' ? 'fail' : 'error';
    return check.error === true ? 'error' : 'fail';
  };
  if (verdict.checks.length === 0) {
    return [{ policy, rule, verdict: kindOf(), resource: undefined, check: undefined, dependsOn: [] }];
  }
  const resourceAt = resourcesByName(resources);
  const withPlace = verdict.checks.map((check) => ({ check, resource: resourceAt(check.path) }));
  const failures: Failure[] = [];
  for (const [resource, group] of Map.groupBy(withPlace, (one) => one.resource)) {
    for (const check of tellingChecks(group.map((one) => one.check))) {
      failures.push({ policy, rule, verdict: kindOf(check), resource, check, dependsOn: [] });
    }
  }
  return failures;
}

const byName = new WeakMap<readonly ResolvedResource[], ReadonlyMap<string, ResolvedResource>>();

function resourcesByName(
  resources: readonly ResolvedResource[],
): (path: Path) => ResolvedResource | undefined {
  let names = byName.get(resources);
  if (names === undefined) {
    names = new Map(resources.map((resource) => [resource.key, resource]));
    byName.set(resources, names);
  }
  const known = names;
  return ([section, name]) => (section === 'Resources' ? known.get(String(name)) : undefined);
}

/**
 * Of the alternatives of a line that all failed, those with a message say what is wrong; and of
 * several checks of one value the first is enough.
 */
function tellingChecks(checks: readonly FailedCheck[]): FailedCheck[] {
  const worded = checks.filter(({ message, error }) => message !== undefined || error === true);
  const byPath = new Map<string, FailedCheck>();
  for (const check of worded.length > 0 ? worded : checks.slice(0, 1)) {
    const key = `${check.message} ${check.path.join('.')}`;
    if (!byPath.has(key)) byPath.set(key, check);
  }
  return [...byPath.values()];
}
