import type { FieldValue } from '../model/event.ts';
import type { EventView, FieldSlot } from './event-view.ts';
import { fold } from './fold.ts';
import { elementsOf, isObject, type Shape, type Sibling, textOf, type ValueTest } from './value-test.ts';
import { standsIn } from './wildcard.ts';

/** Whether a field of an event has one of the values. */
export type FieldTest = (event: EventView, sibling: Sibling) => boolean;

/**
 * Any of the tests, on any element of a list. Texts that must be equal become one look into a set,
 * and the field is folded once for all of them.
 */
export function anyOf(tests: readonly ValueTest[], slot: FieldSlot): FieldTest {
  const equal = new Set<string>();
  const placed: TextShape[] = [];
  const whole: ValueTest[] = [];
  const others: ValueTest[] = [];
  for (const test of tests) {
    const { shape } = test;
    if (shape?.kind === 'text' && !shape.cased) {
      if (shape.at === 'whole') equal.add(shape.text);
      else placed.push(shape);
    } else if (shape?.kind === 'exists') whole.push(test);
    else others.push(test);
  }
  const ofElement = tests.filter((test) => !whole.includes(test));
  const folds = equal.size > 0 || placed.length > 0;
  const foldedMatches = (folded: string): boolean => {
    if (equal.has(folded)) return true;
    for (const { text, at } of placed) if (standsIn(folded, text, at)) return true;
    return false;
  };
  const matches = (value: FieldValue | undefined, event: EventView, sibling: Sibling): boolean => {
    if (Array.isArray(value)) {
      for (const element of elementsOf(value as readonly FieldValue[])) {
        if (elementMatches(element, sibling)) return true;
      }
      return false;
    }
    if (isObject(value)) return elementMatches(value as FieldValue, sibling);
    if (folds) {
      const text = textOf(value);
      if (text !== undefined && foldedMatches(slot.foldedText(event, text))) return true;
    }
    for (const test of others) if (test.matches(value, sibling)) return true;
    return false;
  };
  const elementMatches = (value: FieldValue, sibling: Sibling): boolean => {
    if (isObject(value)) return ofElement.some((test) => test.matches(value, sibling));
    const text = folds ? textOf(value) : undefined;
    if (text !== undefined && foldedMatches(fold(text))) return true;
    return others.some((test) => test.matches(value, sibling));
  };
  return (event, sibling) => {
    const value = slot.value(event);
    for (const test of whole) if (test.matches(value)) return true;
    return matches(value, event, sibling);
  };
}

type TextShape = Extract<Shape, { readonly kind: 'text' }>;

/** Whether one test matches a value or an element of it, told apart for explanations. */
export function testMatches(test: ValueTest, value: FieldValue | undefined, sibling: Sibling): boolean {
  if (!Array.isArray(value) || test.shape?.kind === 'exists') return test.matches(value, sibling);
  return elementsOf(value as readonly FieldValue[]).some((element) => test.matches(element, sibling));
}

/** Characters that a record may have written in another way than its fields have them. */
const ESCAPED = /["\\/]|[^\x20-\x7e]/;

/**
 * Keywords are looked for in the record as it was read. Where JSON would have escaped one, the texts
 * of the fields are looked at as well.
 */
export function escapedKeywords(tests: readonly ValueTest[]): readonly ValueTest[] {
  return tests.filter(({ pattern }) => ESCAPED.test(pattern));
}
