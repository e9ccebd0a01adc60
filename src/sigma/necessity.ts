import type { CompiledRule, CompiledSearch } from './compile.ts';
import type { CompiledItem } from './compile-item.ts';
import type { Condition } from './condition.ts';
import { KEYWORDS } from './event-view.ts';
import { fold } from './fold.ts';
import type { ValueTest } from './value-test.ts';
import type { TextPlace } from './wildcard.ts';

/** Something simple that can be seen in one field; texts are folded. */
export type Sign =
  | { readonly field: string; readonly kind: 'text'; readonly text: string; readonly at: TextPlace }
  /** The text is only certain to be there in values that are all ASCII. */
  | { readonly field: string; readonly kind: 'ascii'; readonly text: string }
  /** The field is there at all. */
  | { readonly field: string; readonly kind: 'present' };

/** What an event must show for a rule to match. Nothing means that nothing is certain. */
export type Necessity =
  | { readonly kind: 'one of'; readonly signs: readonly Sign[] }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly (Necessity | undefined)[] };

/** What of an event a rule cannot match without. */
export function necessityOf({ rule, searches }: CompiledRule): Necessity | undefined {
  return ofCondition(rule.condition, searches, true);
}

type Searches = ReadonlyMap<string, CompiledSearch>;

/** `holds` says whether the condition must be true or false. */
function ofCondition(condition: Condition, searches: Searches, holds: boolean): Necessity | undefined {
  switch (condition.kind) {
    case 'identifier':
      return ofName(condition.name, searches, holds);
    case 'quantified':
      return {
        kind: (condition.quantifier === 'all') === holds ? 'all' : 'any',
        parts: condition.names.map((name) => ofName(name, searches, holds)),
      };
    case 'not':
      return ofCondition(condition.operand, searches, !holds);
    default:
      return {
        kind: (condition.kind === 'and') === holds ? 'all' : 'any',
        parts: condition.operands.map((operand) => ofCondition(operand, searches, holds)),
      };
  }
}

function ofName(name: string, searches: Searches, holds: boolean): Necessity | undefined {
  const search = searches.get(name);
  return search === undefined ? undefined : ofSearch(search, holds);
}

function ofSearch(search: CompiledSearch, holds: boolean): Necessity | undefined {
  if (search.kind === 'item') return ofItem(search.item, holds);
  return {
    kind: (search.kind === 'all') === holds ? 'all' : 'any',
    parts: search.parts.map((part) => ofSearch(part, holds)),
  };
}

function ofItem(item: CompiledItem, holds: boolean): Necessity | undefined {
  if (holds === item.negated || item.looksIntoFields) return undefined;
  const values = item.perValue.map((tests) => ofTests(tests, item.slot.field));
  return { kind: item.all ? 'all' : 'any', parts: values };
}

function ofTests(tests: readonly ValueTest[], field: string): Necessity | undefined {
  const signs: Sign[] = [];
  for (const test of tests) {
    const shown = signsOf(test, field);
    if (shown === undefined) return undefined;
    for (const sign of shown) signs.push(sign);
  }
  return signs.length === 0 ? undefined : { kind: 'one of', signs };
}

/** The signs of one test, of which there must be one. */
function signsOf({ shape, needs }: ValueTest, field: string): readonly Sign[] | undefined {
  if (shape?.kind === 'null' || (shape?.kind === 'exists' && !shape.exists)) return undefined;
  if (shape?.kind === 'text' && shape.text !== '') {
    const text = shape.cased ? fold(shape.text) : shape.text;
    return [{ field, kind: 'text', text, at: shape.at }];
  }
  if (shape?.kind === 'text' && shape.at === 'whole') return [{ field, kind: 'text', text: '', at: 'whole' }];
  if (needs !== undefined) {
    return needs.texts.map((text) =>
      needs.asciiOnly ? { field, kind: 'ascii', text } : { field, kind: 'text', text, at: 'inside' },
    );
  }
  return field === KEYWORDS ? undefined : [{ field, kind: 'present' }];
}
