import { z } from 'zod';
import type { Problem } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { validate } from '../yaml/validate.ts';
import { type Condition, parseCondition } from './condition.ts';
import { CORRELATION_TYPES, type CorrelationRule, type CorrelationType, LIMITS } from './correlation-rule.ts';
import { conditionProblem } from './detection.ts';
import { HEADER, identity, optionalHeader } from './header.ts';

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const limits = z.strictObject({
  ...Object.fromEntries(LIMITS.map((limit) => [limit, z.number().optional()])),
  field: texts.optional(),
  percentile: z.number().min(0).max(100).optional(),
});

const schema = z.looseObject({
  ...HEADER,
  correlation: z.looseObject({
    type: z.string(),
    rules: texts.default([]),
    'group-by': texts.default([]),
    timespan: z.string(),
    aliases: z.record(z.string(), z.record(z.string(), z.string())).default({}),
    condition: z.unknown().optional(),
    generate: z.boolean().optional(),
  }),
  /** Where early drafts of the specification had it. */
  generate: z.boolean().optional(),
});

const KEYS = ['type', 'rules', 'group-by', 'timespan', 'aliases', 'condition', 'generate'];
const DEFAULT_PERCENTILE = 95;

export function parseCorrelation(document: YamlDocument): CorrelationRule | Problem[] {
  const checked = validate(document, schema);
  if (!checked.ok) return [...checked.problems];
  const attributes = checked.value;
  const { correlation } = attributes;
  const problems: Problem[] = [];
  const fail = (path: readonly (string | number)[], message: string, details: Details = {}): void => {
    problems.push(problemAtPath(document, ['correlation', ...path], message, details));
  };
  for (const key of Object.keys(correlation).filter((name) => !KEYS.includes(name))) {
    fail([key], `unknown key ${key}`, { at: 'key', expected: KEYS.join(', '), fix: nearest(key, KEYS) });
  }
  const type = CORRELATION_TYPES.find((known) => known === correlation.type);
  if (type === undefined) {
    const expected = CORRELATION_TYPES.join(', ');
    fail(['type'], `unknown correlation type ${correlation.type}`, {
      expected,
      fix: nearest(correlation.type, CORRELATION_TYPES),
    });
    return problems;
  }
  const timespanMs = timespan(correlation.timespan);
  if (timespanMs === undefined) {
    fail(['timespan'], `${correlation.timespan} is no timespan`, {
      expected: 'a number and s, m, h, d or w, such as 90m',
    });
  }
  const named = type === 'temporal_ordered' ? correlation.rules : [...new Set(correlation.rules)];
  const condition = parseLimits(document, type, correlation.condition, named, problems);
  const rules = named.length > 0 ? named : condition.rules;
  if (rules.length === 0) fail(['rules'], 'the correlation names no rules', { at: 'key' });
  checkAliases(correlation.aliases, rules, correlation['group-by'], condition.fields, fail);
  if (problems.length > 0) return problems;
  return {
    id: identity(attributes),
    title: attributes.title,
    level: attributes.level ?? 'medium',
    tags: attributes.tags,
    ...optionalHeader(attributes),
    type,
    rules,
    groupBy: correlation['group-by'],
    timespanMs: timespanMs ?? 0,
    aliases: new Map(
      Object.entries(correlation.aliases).map(([alias, fields]) => [alias, new Map(Object.entries(fields))]),
    ),
    limits: condition.limits,
    ...(condition.condition === undefined ? {} : { condition: condition.condition }),
    fields: condition.fields,
    percentile: condition.percentile,
    generate: correlation.generate ?? attributes.generate ?? false,
    attributes,
    document,
  };
}

interface Details {
  readonly expected?: string;
  readonly fix?: string | undefined;
  readonly at?: 'key';
}

interface Limits {
  readonly limits: CorrelationRule['limits'];
  readonly fields: readonly string[];
  readonly percentile: number;
  readonly condition?: Condition;
  /** Those that a condition in words names. */
  readonly rules: readonly string[];
}

const NO_LIMITS: Limits = { limits: [], fields: [], percentile: DEFAULT_PERCENTILE, rules: [] };

function parseLimits(
  document: YamlDocument,
  type: CorrelationType,
  condition: unknown,
  rules: readonly string[],
  problems: Problem[],
): Limits {
  const path = ['correlation', 'condition'];
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const fail = (message: string, details: Details = {}): Limits => {
    problems.push(problemAtPath(document, path, message, details));
    return NO_LIMITS;
  };
  if (condition === undefined) {
    if (!temporal) return fail(`${type} needs a condition`, { expected: 'such as condition: { gte: 100 }' });
    return { ...NO_LIMITS, limits: [{ limit: 'gte', value: rules.length }] };
  }
  if (typeof condition === 'string') {
    if (!temporal) return fail(`the condition of ${type} is a map`, { expected: 'such as { gte: 100 }' });
    return parseWords(document, condition, rules, problems);
  }
  const inner = validate(document, limits, path);
  if (!inner.ok) {
    problems.push(...inner.problems);
    return NO_LIMITS;
  }
  const value = inner.value as Readonly<Record<string, unknown>>;
  const bounds = LIMITS.flatMap((limit) =>
    typeof value[limit] === 'number' ? [{ limit, value: value[limit] }] : [],
  );
  if (bounds.length === 0) return fail('the condition has no bound', { expected: LIMITS.join(', ') });
  const { field = [], percentile = DEFAULT_PERCENTILE } = value as { field?: string[]; percentile?: number };
  const fields = temporal || type === 'event_count' ? [] : field;
  if (type.startsWith('value_') && fields.length === 0)
    return fail(`${type} needs a field`, { expected: 'field: NAME' });
  if (type.startsWith('value_') && type !== 'value_count' && fields.length > 1) {
    return fail(`${type} measures one field`, { expected: 'one name' });
  }
  if (type === 'event_count' && field.length > 0) {
    return fail('event_count counts events, not values of a field', { fix: 'type: value_count' });
  }
  return { limits: bounds, fields, percentile, rules: [] };
}

/** A condition such as `a and b and not c` over the rules. */
function parseWords(
  document: YamlDocument,
  text: string,
  rules: readonly string[],
  problems: Problem[],
): Limits {
  const names =
    rules.length > 0
      ? rules
      : [...new Set(text.match(/[^\s()]+/g) ?? [])].filter(
          (word) => !/^(and|or|not|of|them|all|any|1)$/i.test(word),
        );
  const parsed = parseCondition(text, names);
  if ('condition' in parsed) return { ...NO_LIMITS, condition: parsed.condition, rules: names };
  problems.push(conditionProblem(document, ['correlation', 'condition'], text, parsed.fault, names));
  return NO_LIMITS;
}

function checkAliases(
  aliases: Readonly<Record<string, Readonly<Record<string, string>>>>,
  rules: readonly string[],
  groupBy: readonly string[],
  fields: readonly string[],
  fail: (path: readonly (string | number)[], message: string, details?: Details) => void,
): void {
  for (const [alias, byRule] of Object.entries(aliases)) {
    if (!groupBy.includes(alias) && !fields.includes(alias)) {
      fail(['aliases', alias], `the alias ${alias} is not used`, {
        at: 'key',
        fix: nearest(alias, groupBy),
        expected: 'an alias that group-by or field names',
      });
    }
    for (const rule of Object.keys(byRule).filter((name) => !rules.includes(name))) {
      fail(['aliases', alias, rule], `${rule} is none of the correlation's rules`, {
        at: 'key',
        expected: rules.join(', '),
        fix: nearest(rule, rules),
      });
    }
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  /** A month and a year of the Gregorian calendar, on average. */
  M: 2_629_746_000,
  y: 31_556_952_000,
};

/** `90m` in milliseconds. Source: Sigma correlation rules specification, "Time Selection"; w, M and y are pySigma's. */
function timespan(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(text.trim()) ?? [];
  const span = Number(count) * (UNIT_MS[unit] ?? 0);
  return span > 0 ? span : undefined;
}
