import type { FieldValue } from '../model/event.ts';
import type { ValueTest } from './modifiers.ts';

/** One `field|modifiers: values` of a rule, ready to be asked. */
export interface ItemTest {
  /** As the events have it; '' for keywords, which look at the whole record. */
  readonly field: string;
  /** By value of the rule: what it stands for, of which one must match. */
  readonly tests: readonly (readonly ValueTest[])[];
  /** Whether all values must match, or one of them. */
  readonly all: boolean;
  readonly negated: boolean;
  matches(value: FieldValue | undefined): boolean;
}

/** The answer of an item for a value, from its tests; a list matches when one of its elements does. */
export function itemMatches(
  tests: readonly (readonly ValueTest[])[],
  { all, negated }: { readonly all: boolean; readonly negated: boolean },
): ItemTest['matches'] {
  const holds = (group: readonly ValueTest[], value: FieldValue | undefined): boolean =>
    group.some((test) => anyElement(value, test.matches));
  return (value) =>
    (all ? tests.every((group) => holds(group, value)) : tests.some((group) => holds(group, value))) !==
    negated;
}

export function anyElement(value: FieldValue | undefined, matches: ValueTest['matches']): boolean {
  return Array.isArray(value)
    ? (value as readonly FieldValue[]).some((element) => anyElement(element, matches))
    : matches(value);
}
