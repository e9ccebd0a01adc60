import type { FieldValue } from '../model/event.ts';
import type { Reason } from '../model/finding.ts';
import type { Path } from '../yaml/document.ts';
import type { CompileOptions, Test } from './compile.ts';
import { type EventView, type FieldPool, type FieldSlot, KEYWORDS } from './event-view.ts';
import { anyOf, escapedKeywords, type FieldTest, testMatches } from './item-test.ts';
import { valueTests } from './modifiers.ts';
import type { DetectionItem } from './rule.ts';
import {
  anyLeaf,
  elementsOf,
  jsonOf,
  type ModifierFault,
  type Sibling,
  type ValueTest,
} from './value-test.ts';

export interface CompiledItem {
  readonly source: DetectionItem;
  readonly slot: FieldSlot;
  /** The tests of each value: one of them must match. */
  readonly perValue: readonly (readonly ValueTest[])[];
  /** Whether every value must match, or one. */
  readonly all: boolean;
  /** `neq`: whether the item holds when the values do not match. */
  readonly negated: boolean;
  /** Keywords that are also looked for in the fields, one by one. */
  readonly looksIntoFields: boolean;
  readonly test: Test;
  /** What of the event each test matched. */
  outcome(event: EventView): ItemOutcome;
  reasons(event: EventView): Omit<Reason, 'selection'>[];
}

/** Whether a record without its other fields gives the same answer. */
export function asksOneField({ slot, perValue }: CompiledItem): boolean {
  return slot.field !== KEYWORDS && !perValue.flat().some(({ shape }) => shape?.kind === 'field');
}

export interface ItemOutcome {
  readonly found: FieldValue | undefined;
  readonly tests: readonly { readonly test: ValueTest; readonly matched: boolean }[];
}

/** Where in the rule's document a fault is. */
export type ItemFault = ModifierFault & { readonly path: Path };

export function compileItem(
  source: DetectionItem,
  { placeholders, aliases }: CompileOptions,
  pool: FieldPool,
): CompiledItem | ItemFault {
  const named = (field: string): string =>
    aliases !== undefined && Object.hasOwn(aliases, field) ? (aliases[field] ?? field) : field;
  const perValue: ValueTest[][] = [];
  for (const [index, value] of source.values.entries()) {
    const tests = valueTests(value, source.modifiers, placeholders ?? new Map());
    if (Array.isArray(tests)) perValue.push(tests);
    else if (tests.at === 'key') return { ...tests, path: source.path };
    else return { ...tests, path: source.values.length > 1 ? [...source.path, index] : source.path };
  }
  const slot = pool.slot(named(source.field));
  const all = source.modifiers.includes('all');
  const negated = source.modifiers.includes('neq');
  const leaves = slot.field === KEYWORDS && escapedKeywords(perValue.flat()).length > 0;
  const siblingOf =
    (event: EventView): Sibling =>
    (field) =>
      pool.slot(named(field)).value(event);
  const groups = (all ? perValue : [perValue.flat()]).map((tests) => fieldTest(tests, slot, leaves));
  const usesSiblings = perValue.flat().some(({ shape }) => shape?.kind === 'field');
  const [group = NEVER] = groups;
  const holds: Test =
    groups.length === 1 && !usesSiblings
      ? (event) => group(event, NO_SIBLING)
      : (event) => {
          const sibling = siblingOf(event);
          for (const one of groups) if (!one(event, sibling)) return false;
          return true;
        };
  const outcome = (event: EventView): ItemOutcome => {
    const found = slot.value(event);
    const sibling = siblingOf(event);
    const tests = perValue.flat().map((test) => ({
      test,
      matched:
        testMatches(test, found, sibling) || (leaves && anyLeaf(event.fields, (leaf) => test.matches(leaf))),
    }));
    return { found, tests };
  };
  return {
    source,
    slot,
    perValue,
    all,
    negated,
    looksIntoFields: leaves,
    test: negated ? (event) => !holds(event) : holds,
    outcome,
    reasons(event) {
      const { found, tests } = outcome(event);
      return tests
        .filter(({ matched }) => matched || negated)
        .map(({ test: { pattern, entry } }) => {
          const listed = found === undefined ? undefined : entryOf(found, entry);
          return {
            field: source.field,
            pattern: negated ? `not ${pattern}` : pattern,
            value: found === undefined ? '' : typeof found === 'string' ? found : (jsonOf(found) ?? ''),
            ...(listed === undefined ? {} : { entry: listed }),
          };
        });
    },
  };
}

const NO_SIBLING: Sibling = () => undefined;
const NEVER: FieldTest = () => false;

function fieldTest(tests: readonly ValueTest[], slot: FieldSlot, leaves: boolean): FieldTest {
  const test = anyOf(tests, slot);
  if (!leaves) return test;
  const escaped = escapedKeywords(tests);
  return (event, sibling) =>
    test(event, sibling) || anyLeaf(event.fields, (leaf) => escaped.some((keyword) => keyword.matches(leaf)));
}

function entryOf(found: FieldValue, entry: ValueTest['entry']): string | undefined {
  if (entry === undefined || !Array.isArray(found)) return entry?.(found);
  for (const element of elementsOf(found as readonly FieldValue[])) {
    const listed = entry(element);
    if (listed !== undefined) return listed;
  }
  return undefined;
}
