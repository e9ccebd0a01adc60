import { parseRange } from '../address.ts';
import { parseTime } from './reader.ts';

/** A STIX pattern as far as one value, seen alone, can fulfil it. */
export type PatternValues =
  | {
      readonly ok: true;
      /** Addresses, networks, domains and URLs, each of which is enough. */
      readonly values: readonly string[];
      /** From START and STOP, milliseconds since the epoch. */
      readonly start?: number;
      readonly stop?: number;
    }
  | { readonly ok: false; readonly reason: string };

/** Object paths whose value an event can have on its own. */
const PATHS: ReadonlySet<string> = new Set([
  'ipv4-addr:value',
  'ipv6-addr:value',
  'domain-name:value',
  'url:value',
  'network-traffic:src_ref.value',
  'network-traffic:dst_ref.value',
]);
const PATTERN_LENGTH = 65_536;
const DEPTH = 64;

class NotUnderstood extends Error {}

/**
 * Reads a pattern and answers the values that each fulfil it alone. `OR`, `IN` and `ISSUBSET` give
 * several; `AND` and `FOLLOWEDBY` need all their parts, so they are only understood when one value is
 * all of them. A pattern that asks for more than a value is not understood, rather than matched
 * by half of it. Source: STIX 2.1, section 9 (STIX Patterning).
 */
export function patternValues(pattern: string): PatternValues {
  try {
    if (pattern.length > PATTERN_LENGTH) throw new NotUnderstood('the pattern is too long');
    const parser = { tokens: tokensOf(pattern), at: 0, depth: 0 };
    const found = observations(parser);
    if (parser.at < parser.tokens.length) throw unexpected(parser);
    if (found.values.length === 0) throw new NotUnderstood('no value alone fulfils it');
    return { ok: true, ...found };
  } catch (error) {
    if (error instanceof NotUnderstood) return { ok: false, reason: error.message };
    throw error;
  }
}

interface Found {
  readonly values: readonly string[];
  readonly start?: number;
  readonly stop?: number;
}

interface Token {
  readonly kind: 'word' | 'string' | 'sign' | 'typed';
  readonly text: string;
}

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** Words hold object paths, keywords and numbers; strings end at an unescaped quote. */
const TOKEN =
  /\s+|'((?:[^'\\]|\\.)*)'|([tbh])'((?:[^'\\]|\\.)*)'|([A-Za-z][\w.:[\]*-]*(?:(?<=\.)'[^']*'[\w.:[\]*-]*)*)|(-?\d+(?:\.\d+)?)|(<=|>=|!=|==|[=<>()[\],])/gsy;

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(pattern);
    if (match === null)
      throw new NotUnderstood(`unexpected ${JSON.stringify(pattern.slice(from, from + 20))}`);
    const [, string, , typed, word, number, sign] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string) });
    else if (typed !== undefined) tokens.push({ kind: 'typed', text: unescaped(typed) });
    else if (word !== undefined) tokens.push(...wordTokens(word));
    else if (number !== undefined) tokens.push({ kind: 'word', text: number });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

/** A path may be followed by the bracket that ends its observation: `[url:value]` has none, `x[*]` has its own. */
function wordTokens(word: string): Token[] {
  const closing = word.endsWith(']') && !word.endsWith('*]') && !/\[\d+\]$/.test(word);
  if (!closing) return [{ kind: 'word', text: word }];
  return [
    { kind: 'word', text: word.slice(0, -1) },
    { kind: 'sign', text: ']' },
  ];
}

function unescaped(text: string): string {
  return text.replace(/\\(['\\])/g, '$1');
}

function peek(parser: Parser): Token | undefined {
  return parser.tokens[parser.at];
}

function accept(parser: Parser, ...texts: string[]): string | undefined {
  const token = peek(parser);
  if (token === undefined || token.kind === 'string' || token.kind === 'typed') return undefined;
  const text = token.text.toUpperCase();
  if (!texts.includes(text)) return undefined;
  parser.at++;
  return text;
}

function unexpected(parser: Parser): NotUnderstood {
  const token = peek(parser);
  return new NotUnderstood(token === undefined ? 'the pattern ends too early' : `unexpected ${token.text}`);
}

function expect(parser: Parser, text: string): void {
  if (accept(parser, text) === undefined) throw unexpected(parser);
}

function nested<T>(parser: Parser, read: () => T): T {
  if (++parser.depth > DEPTH) throw new NotUnderstood('the pattern is nested too deeply');
  const value = read();
  parser.depth--;
  return value;
}

/** FOLLOWEDBY binds least, then OR, then AND. */
function observations(parser: Parser): Found {
  return joined(parser, 'FOLLOWEDBY', () =>
    joined(parser, 'OR', () => joined(parser, 'AND', () => observation(parser))),
  );
}

function joined(parser: Parser, operator: 'FOLLOWEDBY' | 'OR' | 'AND', operand: () => Found): Found {
  let found = operand();
  while (accept(parser, operator) !== undefined) {
    const next = operand();
    const values = operator === 'OR' ? [...found.values, ...next.values] : both(found.values, next.values);
    const start = Math.max(found.start ?? 0, next.start ?? 0);
    const stop = Math.min(found.stop ?? Number.POSITIVE_INFINITY, next.stop ?? Number.POSITIVE_INFINITY);
    if (operator === 'OR' && (found.start !== next.start || found.stop !== next.stop))
      throw new NotUnderstood('parts of the pattern hold at different times');
    found = {
      values,
      ...(start === 0 ? {} : { start }),
      ...(stop === Number.POSITIVE_INFINITY ? {} : { stop }),
    };
  }
  return found;
}

function observation(parser: Parser): Found {
  let found: Found;
  if (accept(parser, '[') !== undefined) {
    found = { values: comparisons(parser) };
    expect(parser, ']');
  } else if (accept(parser, '(') !== undefined) {
    found = nested(parser, () => observations(parser));
    expect(parser, ')');
  } else throw unexpected(parser);
  for (;;) {
    if (accept(parser, 'WITHIN') !== undefined) {
      parser.at++;
      expect(parser, 'SECONDS');
    } else if (accept(parser, 'REPEATS') !== undefined) {
      const times = Number(peek(parser)?.text);
      parser.at++;
      expect(parser, 'TIMES');
      if (times !== 1) throw new NotUnderstood('REPEATS asks for more than one event');
    } else if (accept(parser, 'START') !== undefined) {
      const start = timestamp(parser);
      expect(parser, 'STOP');
      found = { values: found.values, start, stop: timestamp(parser) };
    } else return found;
  }
}

function timestamp(parser: Parser): number {
  const token = peek(parser);
  const time = token?.kind === 'typed' || token?.kind === 'string' ? parseTime(token.text) : undefined;
  if (time === undefined) throw unexpected(parser);
  parser.at++;
  return time;
}

function comparisons(parser: Parser): string[] {
  let values = conjunction(parser);
  while (accept(parser, 'OR') !== undefined) values = [...values, ...conjunction(parser)];
  return values;
}

function conjunction(parser: Parser): string[] {
  let values = comparison(parser);
  while (accept(parser, 'AND') !== undefined) values = both(values, comparison(parser));
  return values;
}

function comparison(parser: Parser): string[] {
  if (accept(parser, '(') !== undefined) {
    const values = nested(parser, () => comparisons(parser));
    expect(parser, ')');
    return values;
  }
  const path = peek(parser);
  if (path?.kind !== 'word') throw unexpected(parser);
  parser.at++;
  if (!PATHS.has(path.text)) throw new NotUnderstood(`${path.text} is not an address, a domain or a URL`);
  if (accept(parser, 'NOT') !== undefined) throw new NotUnderstood('NOT asks for what is not seen');
  const operator = accept(parser, '=', '==', 'IN', 'ISSUBSET', 'LIKE');
  if (operator === undefined)
    throw new NotUnderstood(`${peek(parser)?.text ?? 'nothing'} is no comparison with a value`);
  const values = operator === 'IN' ? list(parser) : [string(parser)];
  if (operator === 'LIKE' && values.some((value) => /[%_]/.test(value)))
    throw new NotUnderstood('LIKE with wildcards is no single value');
  return values;
}

function list(parser: Parser): string[] {
  expect(parser, '(');
  const values = [string(parser)];
  while (accept(parser, ',') !== undefined) values.push(string(parser));
  expect(parser, ')');
  return values;
}

function string(parser: Parser): string {
  const token = peek(parser);
  if (token?.kind !== 'string') throw unexpected(parser);
  parser.at++;
  return token.text;
}

/** The values that are in both: equal ones, and of an address and a network around it the address. */
function both(left: readonly string[], right: readonly string[]): string[] {
  return left.flatMap((a) => right.flatMap((b) => (a === b || within(a, b) ? [a] : within(b, a) ? [b] : [])));
}

function within(inner: string, outer: string): boolean {
  const a = parseRange(inner);
  const b = parseRange(outer);
  return (
    a !== undefined && b !== undefined && a.family === b.family && b.first <= a.first && a.last <= b.last
  );
}
