import { nearest } from '../yaml/nearest.ts';
import type { Lookup, Placeholders } from './placeholder.ts';
import { quoted } from './regex.ts';
import type { ModifierFault } from './value-test.ts';

/** What a value with placeholders stands for. */
export type Expansion =
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'lookup'; readonly lookup: Lookup };

const PLACEHOLDER = /\\%|%([^%\s]+)%/g;
const WHOLE = /^%([^%\s]+)%$/;
/** So many values may one value with several placeholders stand for. */
const VALUES_LIMIT = 100_000;

/**
 * Replaces `%name%`, also inside of a text; `\%` is a percent sign. In a regular expression the
 * values stand for themselves. Source: Sigma rules specification, "Placeholders".
 */
export function expansion(
  value: unknown,
  placeholders: Placeholders,
  modifiers: readonly string[],
): Expansion | ModifierFault {
  const text = String(value);
  const names = [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  if (names.length === 0) return { fault: 'expand takes a placeholder', expected: "'%name%'" };
  for (const name of names) {
    const placeholder = placeholders.get(name);
    if (placeholder === undefined) return unknown(name, placeholders);
    if (placeholder.kind !== 'lookup') continue;
    const other = modifiers.find((modifier) => !LOOKUP_MODIFIERS.includes(modifier));
    if (other === undefined && WHOLE.test(text)) return { kind: 'lookup', lookup: placeholder };
    return {
      fault: `%${name}% is a list that is asked for whole values`,
      expected: `'%${name}%' and nothing else, without ${other ?? 'other text'}`,
    };
  }
  return expandedTexts(text, placeholders, modifiers.includes('re'));
}

const LOOKUP_MODIFIERS = ['expand', 'all', 'neq', 'cidr', 'cased'];

function expandedTexts(
  text: string,
  placeholders: Placeholders,
  inRegex: boolean,
): Expansion | ModifierFault {
  const [, whole] = WHOLE.exec(text) ?? [];
  const alone = whole === undefined ? undefined : placeholders.get(whole);
  if (alone?.kind === 'values' && !inRegex) return { kind: 'values', values: alone.values };
  let texts = [''];
  let from = 0;
  for (const { 0: match, 1: name, index } of text.matchAll(PLACEHOLDER)) {
    const placeholder = name === undefined ? undefined : placeholders.get(name);
    const values = placeholder?.kind === 'values' ? placeholder.values.map(String) : ['%'];
    const between = text.slice(from, index);
    const ways = inRegex && placeholder !== undefined ? [`(?:${values.map(quoted).join('|')})`] : values;
    if (texts.length * ways.length > VALUES_LIMIT) {
      return { fault: `the placeholders stand for more than ${VALUES_LIMIT} values` };
    }
    texts = texts.flatMap((before) => ways.map((way) => before + between + way));
    from = index + match.length;
  }
  return { kind: 'values', values: texts.map((before) => before + text.slice(from)) };
}

function unknown(name: string, placeholders: Placeholders): ModifierFault {
  return {
    fault: `nothing says what %${name}% stands for`,
    expected: [...placeholders.keys()].map((known) => `%${known}%`).join(', ') || 'a list in cordon.yaml',
    fix: nearest(name, placeholders.keys()),
  };
}
