import { matchesWildcard } from './wildcard.ts';

/**
 * What a request says of itself, by condition key in small letters. A key without a value is one that the
 * request does not have; a key that is not there at all is one that the range knows nothing of.
 */
export type RequestContext = ReadonlyMap<string, string | undefined>;

export type ConditionResult = boolean | 'unknown';

type Comparison = (actual: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, Comparison>> = {
  stringequals: (actual, wanted) => actual === wanted,
  stringequalsignorecase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  stringlike: (actual, wanted) => matchesWildcard(wanted, actual),
  arnequals: (actual, wanted) => matchesWildcard(wanted, actual),
  arnlike: (actual, wanted) => matchesWildcard(wanted, actual),
  bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  ...ordered('numeric', Number),
  ...ordered('date', dateOf),
};

/** A negated operator holds when none of the values matches, also when the request has no such key. */
const NEGATED: Readonly<Record<string, Comparison>> = {
  stringnotequals: (actual, wanted) => actual === wanted,
  stringnotequalsignorecase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  stringnotlike: (actual, wanted) => matchesWildcard(wanted, actual),
  arnnotequals: (actual, wanted) => matchesWildcard(wanted, actual),
  arnnotlike: (actual, wanted) => matchesWildcard(wanted, actual),
  numericnotequals: (actual, wanted) => Number(actual) === Number(wanted),
  datenotequals: (actual, wanted) => dateOf(actual) === dateOf(wanted),
};

/**
 * Whether one condition holds; `unknown` when the range knows neither the operator nor the key.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
export function conditionHolds(
  operator: string,
  key: string,
  values: readonly string[],
  context: RequestContext,
): ConditionResult {
  const name = operator.toLowerCase();
  const ifExists = name.endsWith('ifexists');
  const plain = ifExists ? name.slice(0, -'ifexists'.length) : name;
  if (!context.has(key.toLowerCase())) return 'unknown';
  const actual = context.get(key.toLowerCase());
  if (plain === 'null')
    return values.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  const negated = NEGATED[plain];
  const positive = OPERATORS[plain];
  if (negated !== undefined) return actual === undefined || !values.some((value) => negated(actual, value));
  if (positive === undefined) return 'unknown';
  if (actual === undefined) return ifExists;
  return values.some((value) => positive(actual, value));
}

function ordered(type: string, read: (text: string) => number): Readonly<Record<string, Comparison>> {
  return {
    [`${type}equals`]: (actual, wanted) => read(actual) === read(wanted),
    [`${type}lessthan`]: (actual, wanted) => read(actual) < read(wanted),
    [`${type}lessthanequals`]: (actual, wanted) => read(actual) <= read(wanted),
    [`${type}greaterthan`]: (actual, wanted) => read(actual) > read(wanted),
    [`${type}greaterthanequals`]: (actual, wanted) => read(actual) >= read(wanted),
  };
}

/** ISO 8601, or seconds since the epoch. */
function dateOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
}
