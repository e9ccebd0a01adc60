import type { Problem } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import type { Condition } from './condition.ts';
import type { Logsource, Search, SigmaRule } from './rule.ts';

/** Tuning for many rules in one place. Source: Sigma filters specification. */
export interface FilterRule {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly logsource: Logsource;
  /** Ids or names; or every rule of the log source. */
  readonly rules: 'any' | readonly string[];
  readonly detection: ReadonlyMap<string, Search>;
  readonly condition: Condition;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly document: YamlDocument;
}

/**
 * Adds the filters to the rules they are for: such a rule matches where the filter's condition holds
 * as well, so that `not selection` keeps events out. A reference to no rule is a problem.
 */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly FilterRule[],
): { readonly rules: readonly SigmaRule[]; readonly problems: readonly Problem[] } {
  const problems = filters.flatMap((filter) => referenceProblems(filter, rules));
  const filtered = rules.map((rule) =>
    filters.filter((filter) => appliesTo(filter, rule)).reduce(withFilter, rule),
  );
  return { rules: filtered, problems };
}

/** A log source that names less holds all that agree with what it names. */
export function coversLogsource(wide: Logsource, narrow: Logsource): boolean {
  return (['category', 'product', 'service'] as const).every(
    (part) => wide[part] === undefined || wide[part] === narrow[part],
  );
}

function appliesTo(filter: FilterRule, rule: SigmaRule): boolean {
  return coversLogsource(filter.logsource, rule.logsource) && isNamed(filter, rule);
}

function isNamed({ rules }: FilterRule, { id, name }: SigmaRule): boolean {
  return rules === 'any' || rules.includes(id) || (name !== undefined && rules.includes(name));
}

function withFilter(rule: SigmaRule, filter: FilterRule): SigmaRule {
  const prefix = `_filter_${filter.id}_`;
  const detection = new Map(rule.detection);
  for (const [name, search] of filter.detection)
    detection.set(prefix + name, placedIn(search, filter.document));
  return {
    ...rule,
    detection,
    condition: { kind: 'and', operands: [rule.condition, renamed(filter.condition, prefix)] },
  };
}

/** Says of each item in which document it stands. */
export function placedIn(search: Search, document: YamlDocument): Search {
  return search.kind === 'map'
    ? { kind: 'map', items: search.items.map((item) => ({ ...item, document })) }
    : { kind: 'any', searches: search.searches.map((inner) => placedIn(inner, document)) };
}

function renamed(condition: Condition, prefix: string): Condition {
  switch (condition.kind) {
    case 'identifier':
      return { kind: 'identifier', name: prefix + condition.name };
    case 'quantified':
      return { ...condition, names: condition.names.map((name) => prefix + name) };
    case 'not':
      return { kind: 'not', operand: renamed(condition.operand, prefix) };
    default:
      return { ...condition, operands: condition.operands.map((operand) => renamed(operand, prefix)) };
  }
}

function referenceProblems(filter: FilterRule, rules: readonly SigmaRule[]): Problem[] {
  if (filter.rules === 'any') return [];
  return filter.rules.flatMap((reference, index) => {
    const path = ['filter', 'rules', index];
    const rule = rules.find(({ id, name }) => id === reference || name === reference);
    if (rule === undefined) {
      const known = rules.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name]));
      const fix = nearest(reference, known);
      return [problemAtPath(filter.document, path, `there is no rule ${reference}`, { fix })];
    }
    return coversLogsource(filter.logsource, rule.logsource)
      ? []
      : [problemAtPath(filter.document, path, `the rule ${reference} is of another log source`)];
  });
}
