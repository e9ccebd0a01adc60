import type { FieldValue } from '../model/event.ts';
import { base64, base64offset, type EncodedText, placed, type Utf16, utf16, windash } from './encoding.ts';
import { expansion } from './expand.ts';
import { fold } from './fold.ts';
import { modifiersFault, PLACES, UTF16 } from './modifier-table.ts';
import { networkTest } from './network.ts';
import { ORDERS, orderTest } from './order.ts';
import type { Placeholders } from './placeholder.ts';
import { regexTest } from './regex.ts';
import { TIME_PARTS, type TimePart, timePartTest } from './time-part.ts';
import { elementsOf, isScalar, type ModifierFault, someText, textOf, type ValueTest } from './value-test.ts';
import {
  ANY,
  literalOf,
  longestLiteral,
  parseWildcards,
  plainText,
  standsIn,
  wildcardTest,
} from './wildcard.ts';

export { MODIFIERS } from './modifier-table.ts';
export type { ModifierFault, Shape, ValueTest } from './value-test.ts';

/** Compiles one value under the item's modifiers. */
export function valueTests(
  value: unknown,
  modifiers: readonly string[],
  placeholders: Placeholders,
): ValueTest[] | ModifierFault {
  const fault = modifiersFault(modifiers);
  if (fault !== undefined) return fault;
  if (typeof value === 'object' && value !== null) {
    return { fault: 'a value cannot be a map or a list', expected: 'a text, a number, true, false or null' };
  }
  if (!modifiers.includes('expand')) return plainTests(value, modifiers);
  const expanded = expansion(value, placeholders, modifiers);
  if ('fault' in expanded) return expanded;
  if (expanded.kind === 'lookup') return [lookupTest(String(value), expanded.lookup)];
  const tests: ValueTest[] = [];
  for (const one of expanded.values) {
    const made = plainTests(one, modifiers);
    if (!Array.isArray(made)) return made;
    for (const test of made) tests.push({ ...test, pattern: `${value}: ${test.pattern}` });
  }
  return tests;
}

function lookupTest(
  pattern: string,
  lookup: { find(value: string): string | undefined; kind: 'lookup' },
): ValueTest {
  const entry = (found: FieldValue): string | undefined =>
    isScalar(found) ? lookup.find(String(found)) : undefined;
  return {
    pattern,
    shape: { kind: 'lookup', lookup },
    entry,
    matches: (found) => found !== undefined && entry(found) !== undefined,
  };
}

function plainTests(value: unknown, modifiers: readonly string[]): ValueTest[] | ModifierFault {
  const order = ORDERS.find((name) => modifiers.includes(name));
  const part = (Object.keys(TIME_PARTS) as TimePart[]).find((name) => modifiers.includes(name));
  if (part !== undefined) return alone(timePartTest(part, value, order));
  if (order !== undefined) return alone(orderTest(order, value));
  if (modifiers.includes('exists')) return existsTest(value);
  if (modifiers.includes('cidr')) return alone(networkTest(value));
  if (value === null) return nullTest(modifiers);
  if (modifiers.includes('re')) return alone(regexTest(String(value), modifiers));
  if (modifiers.includes('fieldref')) return fieldTest(value, modifiers);
  return textTests(value, modifiers);
}

function alone(test: ValueTest | ModifierFault): ValueTest[] | ModifierFault {
  return 'fault' in test ? test : [test];
}

function existsTest(value: unknown): ValueTest[] | ModifierFault {
  if (typeof value !== 'boolean') return { fault: 'exists takes true or false' };
  return [
    {
      pattern: `exists: ${value}`,
      shape: { kind: 'exists', exists: value },
      matches: (found) => (found !== undefined) === value,
    },
  ];
}

function nullTest(modifiers: readonly string[]): ValueTest[] | ModifierFault {
  const other = modifiers.find((name) => !['all', 'neq', 'expand', 'cased'].includes(name));
  if (other !== undefined) return { fault: `${other} takes no null`, expected: 'null without modifiers' };
  return [
    {
      pattern: 'null',
      shape: { kind: 'null' },
      matches: (found) => found === undefined || found === null,
    },
  ];
}

/** Encoders work on texts; a number that should be encoded is a text that was not quoted. */
const TEXT_ONLY: readonly string[] = ['windash', ...UTF16, 'base64', 'base64offset'];

function textTests(value: unknown, modifiers: readonly string[]): ValueTest[] | ModifierFault {
  const textOnly = modifiers.find((name) => TEXT_ONLY.includes(name));
  if (textOnly !== undefined && typeof value !== 'string') {
    return { fault: `${textOnly} takes a text`, expected: `'${value}' in quotes` };
  }
  const text = String(value);
  let texts: EncodedText[] = [{ glyphs: parseWildcards(text) }];
  for (const [at, modifier] of modifiers.entries()) {
    const next: EncodedText[] = [];
    for (const one of texts) {
      const made = encoded(one, modifier, modifiers.slice(at + 1));
      if ('fault' in made) return made;
      if (Array.isArray(made)) next.push(...made);
      else next.push(made as EncodedText);
    }
    texts = next;
  }
  const cased = modifiers.includes('cased');
  return texts.map(({ glyphs }) => textTest(text, glyphs, cased));
}

function encoded(
  text: EncodedText,
  modifier: string,
  following: readonly string[],
): EncodedText | EncodedText[] | ModifierFault {
  switch (modifier) {
    case 'contains':
    case 'startswith':
    case 'endswith':
      return placed(text, modifier);
    case 'windash':
      return windash(text);
    case 'base64':
      return base64(text);
    case 'base64offset':
      return base64offset(text);
    default:
      return (UTF16 as readonly string[]).includes(modifier)
        ? utf16(
            text,
            modifier as Utf16,
            following.some((name) => name.startsWith('base64')),
          )
        : text;
  }
}

function textTest(pattern: string, glyphs: EncodedText['glyphs'], cased: boolean): ValueTest {
  const test = wildcardTest(glyphs, cased);
  const anywhere = glyphs.length > 1 && glyphs[0] === ANY && glyphs.at(-1) === ANY;
  const matches = (found: FieldValue | undefined): boolean => someText(found, anywhere, test);
  const literal = literalOf(glyphs);
  if (literal !== undefined) {
    const text = cased ? literal.text : fold(literal.text);
    return { pattern, shape: { kind: 'text', at: literal.at, text, cased }, matches };
  }
  const needed = fold(longestLiteral(glyphs));
  return { pattern, ...(needed === '' ? {} : { needs: { texts: [needed], asciiOnly: false } }), matches };
}

/** `fieldref`: the value of another field of the same event, as text. */
function fieldTest(value: unknown, modifiers: readonly string[]): ValueTest[] | ModifierFault {
  const field = typeof value === 'string' ? plainText(parseWildcards(value)) : undefined;
  if (field === undefined || field === '') {
    return { fault: 'fieldref takes the name of a field', expected: 'a name without wildcards' };
  }
  const cased = modifiers.includes('cased');
  const place = PLACES.find((name) => modifiers.includes(name));
  const at =
    place === undefined
      ? 'whole'
      : place === 'contains'
        ? 'inside'
        : place === 'startswith'
          ? 'start'
          : 'end';
  const comparable = (found: FieldValue | undefined): string | undefined => {
    const text = textOf(found);
    return text === undefined || cased ? text : fold(text);
  };
  return [
    {
      pattern: `the field ${field}`,
      shape: { kind: 'field', field, at, cased },
      matches(found, sibling) {
        const text = comparable(found);
        const other = sibling?.(field);
        if (text === undefined) return false;
        const others = Array.isArray(other) ? elementsOf(other as readonly FieldValue[]) : [other];
        return others.some((one) => {
          const wanted = comparable(one);
          return wanted !== undefined && standsIn(text, wanted, at);
        });
      },
    },
  ];
}
