import { aggregationFault } from './aggregation.ts';

/** The condition of a rule. Source: Sigma rules specification, "Condition". */
export type Condition =
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'quantified'; readonly quantifier: 'one' | 'all'; readonly names: readonly string[] }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] };

/** What is wrong with a condition, by offsets into its text. */
export interface ConditionFault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly expected?: string;
  readonly fix?: string;
  /** The word that no search identifier has as its name. */
  readonly unknown?: string;
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /[()]|[^\s()]+/g;
const DEPTH_LIMIT = 100;
const KEYWORDS = [')', 'and', 'or', 'of'];

class Fault extends Error {
  readonly fault: ConditionFault;
  constructor(fault: ConditionFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Parses a condition over the search identifiers that the rule defines. */
export function parseCondition(
  text: string,
  identifiers: readonly string[],
): { readonly condition: Condition } | { readonly fault: ConditionFault } {
  const aggregation = aggregationFault(text);
  if (aggregation !== undefined) return { fault: aggregation };
  const tokens = [...text.matchAll(TOKEN)].map(
    ({ 0: word, index }): Token => ({ text: word, start: index, end: index + word.length }),
  );
  try {
    return { condition: parse(tokens, text.length, identifiers) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault };
    throw error;
  }
}

/** Precedence, least binding first: or, and, not, quantifiers, brackets. */
function parse(tokens: readonly Token[], end: number, identifiers: readonly string[]): Condition {
  let at = 0;
  const word = (): string | undefined => tokens[at]?.text.toLowerCase();
  const fail = (message: string, details: Partial<ConditionFault> = {}): never => {
    const token = tokens[at] ?? { start: end, end };
    throw new Fault({ start: token.start, end: token.end, message, ...details });
  };
  const chainOf =
    (kind: 'and' | 'or', operand: (depth: number) => Condition) =>
    (depth: number): Condition => {
      const operands = [operand(depth)];
      while (word() === kind) {
        at++;
        operands.push(operand(depth));
      }
      const [only] = operands;
      return operands.length === 1 && only !== undefined ? only : { kind, operands };
    };
  const not = (depth: number): Condition => {
    if (depth > DEPTH_LIMIT) fail(`nested deeper than ${DEPTH_LIMIT}`);
    if (word() === 'not') {
      at++;
      return { kind: 'not', operand: not(depth + 1) };
    }
    return primary(depth);
  };
  const and = chainOf('and', not);
  const or = chainOf('or', and);
  const primary = (depth: number): Condition => {
    const token = tokens[at];
    if (token === undefined) return fail('the condition ends too early', { expected: 'a search identifier' });
    const text = token.text.toLowerCase();
    if (text === '(') {
      at++;
      const inner = or(depth + 1);
      if (word() !== ')') fail('a bracket is not closed', { expected: ')' });
      at++;
      return inner;
    }
    if (tokens[at + 1]?.text.toLowerCase() === 'of') return quantified(text);
    if (KEYWORDS.includes(text)) {
      fail(`${token.text} is not expected here`, { expected: 'a search identifier, not, 1 of, all of or (' });
    }
    if (!identifiers.includes(token.text))
      fail(`there is no search identifier ${token.text}`, { unknown: token.text });
    at++;
    return { kind: 'identifier', name: token.text };
  };
  const quantified = (quantifier: string): Condition => {
    if (quantifier !== '1' && quantifier !== 'any' && quantifier !== 'all') {
      fail(`Sigma has no ${quantifier} of`, { expected: '1 of, any of or all of' });
    }
    at += 2;
    const names = named();
    at++;
    return { kind: 'quantified', quantifier: quantifier === 'all' ? 'all' : 'one', names };
  };
  const named = (): string[] => {
    const pattern = tokens[at]?.text;
    if (pattern === undefined)
      return fail('the condition ends too early', { expected: 'them, or a pattern such as selection*' });
    const wanted = pattern.toLowerCase() === 'them' ? '*' : pattern;
    const names = identifiers.filter(
      (name) => matchesPattern(name, wanted) && (!name.startsWith('_') || wanted.startsWith('_')),
    );
    if (names.length === 0) fail(`no search identifier fits ${pattern}`, { unknown: pattern });
    return names;
  };

  const condition = or(0);
  if (at < tokens.length)
    fail(`${tokens[at]?.text} is not expected here`, { expected: 'and, or, or the end' });
  return condition;
}

/** `*` stands for any characters. */
function matchesPattern(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
