import { resourcesOfType } from './resource-index.ts';
import type { Scope } from './scope.ts';
import type { Clause, GuardSyntax, Operand, Query, QueryPart, Rule } from './syntax.ts';

/** The operand of a query that begins with `Resources.*[ Type == operand ]`, for which documents have an index. */
export function typeOperand(parts: readonly QueryPart[]): Operand | undefined {
  const [resources, all, filter] = parts;
  if (resources?.kind !== 'key' || resources.name !== 'Resources') return undefined;
  if (all?.kind !== 'values' || all.capture !== undefined) return undefined;
  if (filter?.kind !== 'filter' || filter.capture !== undefined || filter.conditions.length !== 1) {
    return undefined;
  }
  const [clause, ...alternatives] = filter.conditions[0] ?? [];
  if (clause?.kind !== 'binary' || alternatives.length > 0) return undefined;
  if (clause.operator !== '==' || clause.negated || clause.query.some) return undefined;
  const [type, ...inner] = clause.query.parts;
  if (type?.kind !== 'key' || type.name !== 'Type' || inner.length > 0) return undefined;
  const { operand } = clause;
  return operand.kind === 'literal' || loneVariable(operand) !== undefined ? operand : undefined;
}

function loneVariable(operand: Operand): string | undefined {
  const [only, ...others] = operand.kind === 'query' ? operand.query.parts : [];
  return only?.kind === 'variable' && others.length === 0 ? only.name : undefined;
}

/** Whether a rule can say anything of the document of a scope. */
export type Applies = (scope: Scope) => boolean;

const ALWAYS: Applies = () => true;

/**
 * Finds the rules that a document without a certain type of resource cannot concern: those that say
 * `when %resources !empty` of `let resources = Resources.*[ Type == '…' ]`. They are skipped unread.
 * Captured keys outlive the rule that captured them: a file that captures keys is evaluated whole.
 */
export function applicability(guard: GuardSyntax): (rule: Rule) => Applies {
  const types = variableTypes(guard);
  if (guard.captures) return () => ALWAYS;
  return (rule) => {
    const needed = (rule.when ?? []).flatMap((line) =>
      line.length === 1 ? (neededBy(line[0], types) ?? []) : [],
    );
    if (needed.length === 0) return ALWAYS;
    return ({ run }) => needed.every((type) => resourcesOfType(run.root, type)?.length !== 0);
  };
}

/** Types by the variables of the file that hold their resources. */
function variableTypes({ assignments }: GuardSyntax): Map<string, string> {
  const once = new Map<string, Operand | undefined>();
  for (const { name, operand } of assignments) once.set(name, once.has(name) ? undefined : operand);
  const types = new Map<string, string>();
  for (const [name, operand] of once) {
    const exactly = operand?.kind === 'query' && operand.query.parts.length === 3 ? operand.query : undefined;
    const type = exactly === undefined ? undefined : typeOfQuery(exactly, once);
    if (type !== undefined) types.set(name, type);
  }
  return types;
}

function typeOfQuery(query: Query, assigned: ReadonlyMap<string, Operand | undefined>): string | undefined {
  const operand = typeOperand(query.parts);
  const variable = operand === undefined ? undefined : loneVariable(operand);
  const value = variable === undefined ? operand : assigned.get(variable);
  return value?.kind === 'literal' && value.literal.kind === 'string' ? value.literal.value : undefined;
}

function neededBy(clause: Clause | undefined, types: ReadonlyMap<string, string>): string | undefined {
  if (clause?.kind !== 'unary' || clause.operator !== 'empty' || clause.negated === clause.inverted)
    return undefined;
  const variable = loneVariable({ kind: 'query', query: clause.query });
  return variable === undefined ? undefined : types.get(variable);
}
