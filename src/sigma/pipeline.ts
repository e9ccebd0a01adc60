import type { Problem } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import { coversLogsource } from './filter.ts';
import { mapFields } from './pipeline-fields.ts';
import type { Pipeline, RuleCondition, Transformation } from './pipeline-schema.ts';
import { mapValues } from './pipeline-values.ts';
import type { Placeholder, Placeholders } from './placeholder.ts';
import type { DetectionItem, Logsource, Search, SigmaRule } from './rule.ts';

export { type Pipeline, parsePipeline } from './pipeline-schema.ts';

export interface ProcessedRules {
  readonly rules: readonly SigmaRule[];
  readonly problems: readonly Problem[];
}

/**
 * Makes rules into rules for the logs that are there: pipelines by their priority, lowest first, each
 * transformation in its order where its conditions hold. A rule that a pipeline refuses is a problem
 * and left out. Source: pySigma documentation, "Processing Pipelines".
 */
export function processRules(rules: readonly SigmaRule[], pipelines: readonly Pipeline[]): ProcessedRules {
  const ordered = pipelines.toSorted((a, b) => a.priority - b.priority);
  const processed: SigmaRule[] = [];
  const problems: Problem[] = [];
  for (const rule of rules) {
    const result = processRule(rule, ordered);
    if (Array.isArray(result)) problems.push(...(result as Problem[]));
    else processed.push(result as SigmaRule);
  }
  return { rules: processed, problems };
}

/** The placeholders that pipelines give values for; what the caller knows wins. */
export function pipelinePlaceholders(
  pipelines: readonly Pipeline[],
  known: Placeholders = new Map(),
): Placeholders {
  const placeholders = new Map<string, Placeholder>();
  for (const { vars } of pipelines.toSorted((a, b) => a.priority - b.priority)) {
    for (const [name, values] of vars) placeholders.set(name, { kind: 'values', values });
  }
  for (const [name, placeholder] of known) placeholders.set(name, placeholder);
  return placeholders;
}

/**
 * The names of fields that pipelines know for the logs of a log source, for what is no rule: the
 * fields of correlations. Of several names it is the first.
 */
export function pipelineAliases(
  pipelines: readonly Pipeline[],
  logsource: Logsource,
): Readonly<Record<string, string>> {
  const aliases = new Map<string, string>();
  for (const { transformations } of pipelines.toSorted((a, b) => a.priority - b.priority)) {
    for (const transformation of transformations) {
      if (transformation.type !== 'field_name_mapping') continue;
      if (!isForLogsource(transformation, logsource)) continue;
      for (const [name, [field = name]] of Object.entries(transformation.mapping)) aliases.set(name, field);
    }
  }
  return Object.fromEntries(aliases);
}

/** Whether its conditions hold for every rule of a log source: they ask for nothing else. */
function isForLogsource(
  { ruleConditions, ruleConditionsAny, ruleConditionsNot }: Transformation,
  logsource: Logsource,
): boolean {
  if (ruleConditions.length === 0) return true;
  if (ruleConditions.some(({ type }) => type !== 'logsource')) return false;
  const covers = (condition: RuleCondition): boolean =>
    condition.type === 'logsource' && coversLogsource(condition, logsource);
  return (
    (ruleConditionsAny ? ruleConditions.some(covers) : ruleConditions.every(covers)) !== ruleConditionsNot
  );
}

function processRule(rule: SigmaRule, pipelines: readonly Pipeline[]): SigmaRule | Problem[] {
  let current = rule;
  for (const { transformations } of pipelines) {
    for (const transformation of transformations) {
      if (!appliesTo(transformation, current)) continue;
      const result = transformed(current, transformation);
      if (Array.isArray(result)) return result as Problem[];
      current = result as SigmaRule;
    }
  }
  return current;
}

function appliesTo(
  { ruleConditions, ruleConditionsAny, ruleConditionsNot }: Transformation,
  rule: SigmaRule,
): boolean {
  if (ruleConditions.length === 0) return true;
  const holds = (condition: RuleCondition): boolean => conditionHolds(condition, rule);
  return (ruleConditionsAny ? ruleConditions.some(holds) : ruleConditions.every(holds)) !== ruleConditionsNot;
}

function conditionHolds(condition: RuleCondition, rule: SigmaRule): boolean {
  switch (condition.type) {
    case 'logsource':
      return coversLogsource(condition, rule.logsource);
    case 'tag':
      return rule.tags.includes(condition.tag);
    case 'rule_attribute':
      return String(rule.attributes[condition.attribute] ?? '') === condition.value;
    case 'contains_field':
      return [...rule.detection.values()].some((search) => hasField(search, condition.field));
  }
}

function hasField(search: Search, field: string): boolean {
  return search.kind === 'map'
    ? search.items.some((item) => item.field === field)
    : search.searches.some((inner) => hasField(inner, field));
}

function transformed(rule: SigmaRule, transformation: Transformation): SigmaRule | Problem[] {
  switch (transformation.type) {
    case 'change_logsource':
      return { ...rule, logsource: transformation.logsource };
    case 'rule_failure':
      return [problemAtPath(rule.document, ['logsource'], transformation.message, { at: 'key' })];
    case 'detection_item_failure': {
      const item = [...rule.detection.values()].flatMap(itemsOf).find((one) => concerns(transformation, one));
      return item === undefined ? rule : [problemOfItem(rule, item, transformation.message)];
    }
    case 'add_condition':
      return withCondition(rule, transformation.search, transformation.negated);
    case 'map_string':
    case 'replace_string':
      return withSearches(rule, (search) => mapValues(search, transformation));
    default:
      return mapFields(rule, transformation);
  }
}

function itemsOf(search: Search): readonly DetectionItem[] {
  return search.kind === 'map' ? search.items : search.searches.flatMap(itemsOf);
}

function concerns({ fields }: { readonly fields: readonly string[] }, { field }: DetectionItem): boolean {
  return fields.length === 0 || fields.includes(field);
}

function problemOfItem(rule: SigmaRule, item: DetectionItem, message: string): Problem {
  return problemAtPath(item.document ?? rule.document, item.path, message, { at: 'key' });
}

function withSearches(rule: SigmaRule, change: (search: Search) => Search): SigmaRule {
  return { ...rule, detection: new Map([...rule.detection].map(([name, search]) => [name, change(search)])) };
}

/** A selection that every match must have, or must not have. */
function withCondition(rule: SigmaRule, search: Search, negated: boolean): SigmaRule {
  const name = `_pipeline_${rule.detection.size}`;
  const added = { kind: 'identifier' as const, name };
  return {
    ...rule,
    detection: new Map([...rule.detection, [name, search]]),
    condition: {
      kind: 'and',
      operands: [rule.condition, negated ? { kind: 'not', operand: added } : added],
    },
  };
}
