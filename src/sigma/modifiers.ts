import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import type { FieldValue } from '../model/event.ts';
import { nearest } from '../yaml/nearest.ts';
import type { Lookup, Placeholders } from './placeholder.ts';
import { ANY, type Glyph, literalOf, parseWildcards, type TextPlace, wildcardTest } from './wildcard.ts';

/** A test of one value of a field; it answers with what it matched, for the explanation. */
export interface ValueTest {
  readonly pattern: string;
  /** The same test as data, where it is of a common kind: columns and indexes are asked by it. */
  readonly shape?: Shape;
  matches(value: FieldValue | undefined): boolean;
  /** The entry of a list, where a list was asked. */
  entry?(value: FieldValue): string | undefined;
}

/** What the common tests accept. Whatever a shape says, `matches` says too. */
export type Shape =
  /** `text` is folded to lower case unless `cased`. */
  | { readonly kind: 'text'; readonly text: string; readonly at: TextPlace; readonly cased: boolean }
  | { readonly kind: 'order'; readonly order: Order; readonly limit: number }
  /** A network in CIDR notation. */
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'exists'; readonly exists: boolean }
  /** Absent, or null. */
  | { readonly kind: 'null' };

/** Source: Sigma specification, modifiers appendix. */
export const MODIFIERS = [
  'contains',
  'startswith',
  'endswith',
  'all',
  'exists',
  'cased',
  'neq',
  're',
  'i',
  'm',
  's',
  'cidr',
  'gt',
  'gte',
  'lt',
  'lte',
  'expand',
] as const;

type Order = 'gt' | 'gte' | 'lt' | 'lte';

const ORDER: Readonly<Record<Order, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

/** What is wrong with a value or a modifier. */
export interface ModifierFault {
  readonly fault: string;
  readonly expected?: string;
  readonly fix?: string | undefined;
}

/** Compiles one value under the item's modifiers. */
export function valueTests(
  value: unknown,
  modifiers: readonly string[],
  placeholders: Placeholders,
): ValueTest[] | ModifierFault {
  const has = (name: string): boolean => modifiers.includes(name);
  const unknown = modifiers.find((name) => !(MODIFIERS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return {
      fault: `unknown modifier ${unknown}`,
      expected: MODIFIERS.join(', '),
      fix: nearest(unknown, MODIFIERS),
    };
  }
  if (has('expand')) return expand(value, modifiers, placeholders);
  if (has('exists')) {
    if (typeof value !== 'boolean') return { fault: 'exists takes true or false' };
    return [
      {
        pattern: `exists: ${value}`,
        shape: { kind: 'exists', exists: value },
        matches: (found) => (found !== undefined) === value,
      },
    ];
  }
  const order = (Object.keys(ORDER) as Order[]).find(has);
  if (order !== undefined) return orderTest(order, value);
  if (has('cidr')) return cidrTest(value);
  if (has('re')) return regexTest(value, modifiers);
  return [textTest(value, modifiers)];
}

function textTest(value: unknown, modifiers: readonly string[]): ValueTest {
  if (value === null)
    return {
      pattern: 'null',
      shape: { kind: 'null' },
      matches: (found) => found === undefined || found === null,
    };
  const text = String(value);
  const glyphs: Glyph[] = parseWildcards(text);
  if (modifiers.includes('contains') || modifiers.includes('endswith')) glyphs.unshift(ANY);
  if (modifiers.includes('contains') || modifiers.includes('startswith')) glyphs.push(ANY);
  const cased = modifiers.includes('cased');
  const test = wildcardTest(glyphs, cased);
  const literal = literalOf(glyphs);
  const shape =
    literal === undefined
      ? {}
      : {
          shape: {
            kind: 'text' as const,
            ...literal,
            text: cased ? literal.text : literal.text.toLowerCase(),
            cased,
          },
        };
  return { pattern: text, ...shape, matches: (found) => isScalar(found) && test(String(found)) };
}

function orderTest(order: Order, value: unknown): ValueTest[] | ModifierFault {
  const limit = typeof value === 'number' ? value : Number.NaN;
  if (Number.isNaN(limit)) return { fault: `${order} takes a number` };
  const compare = ORDER[order];
  return [
    {
      pattern: `${order} ${limit}`,
      shape: { kind: 'order', order, limit },
      matches: (found) => isNumeric(found) && compare(Number(found), limit),
    },
  ];
}

function cidrTest(value: unknown): ValueTest[] | ModifierFault {
  const text = String(value);
  try {
    const [network, bits] = ipaddr.parseCIDR(text);
    const matches = (found: FieldValue | undefined): boolean => {
      if (typeof found !== 'string' || !ipaddr.isValid(found)) return false;
      const address = ipaddr.process(found);
      return address.kind() === network.kind() && address.match(network, bits);
    };
    return [{ pattern: text, shape: { kind: 'network', network: text }, matches }];
  } catch {
    return { fault: `${text} is no network`, expected: 'a network such as 10.0.0.0/8 or 2001:db8::/32' };
  }
}

function regexTest(value: unknown, modifiers: readonly string[]): ValueTest[] | ModifierFault {
  const text = String(value);
  const flags =
    (modifiers.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (modifiers.includes('m') ? RE2JS.MULTILINE : 0) |
    (modifiers.includes('s') ? RE2JS.DOTALL : 0);
  try {
    const regex = RE2JS.compile(text, flags);
    return [{ pattern: text, matches: (found) => isScalar(found) && regex.matcher(String(found)).find() }];
  } catch (error) {
    return {
      fault: `the regular expression is refused: ${(error as Error).message}`,
      expected: 'RE2 syntax, which runs in linear time',
    };
  }
}

const PLACEHOLDER = /^%([^%]+)%$/;

function expand(
  value: unknown,
  modifiers: readonly string[],
  placeholders: Placeholders,
): ValueTest[] | ModifierFault {
  const name = PLACEHOLDER.exec(String(value))?.[1];
  if (name === undefined) return { fault: 'expand takes a placeholder', expected: "'%name%'" };
  const placeholder = placeholders.get(name);
  if (placeholder === undefined) {
    return {
      fault: `nothing says what %${name}% stands for`,
      expected: [...placeholders.keys()].map((known) => `%${known}%`).join(', ') || 'a list in cordon.yaml',
      fix: nearest(name, placeholders.keys()),
    };
  }
  if (placeholder.kind === 'lookup') {
    const entry = (found: FieldValue): string | undefined =>
      isScalar(found) ? placeholder.find(String(found)) : undefined;
    return [
      {
        pattern: `%${name}%`,
        shape: { kind: 'lookup', lookup: placeholder },
        entry,
        matches: (found) => found !== undefined && entry(found) !== undefined,
      },
    ];
  }
  const rest = modifiers.filter((modifier) => modifier !== 'expand');
  const tests: ValueTest[] = [];
  for (const one of placeholder.values) {
    const expanded = valueTests(one, rest, placeholders);
    if (!Array.isArray(expanded)) return expanded;
    tests.push(...expanded.map((test) => ({ ...test, pattern: `%${name}%: ${test.pattern}` })));
  }
  return tests;
}

function isScalar(value: FieldValue | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isNumeric(value: FieldValue | undefined): boolean {
  return (
    typeof value === 'number' ||
    (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
  );
}
