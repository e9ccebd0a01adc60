import type { FieldValue } from '../model/event.ts';
import type { CompiledSearch } from './compile.ts';
import type { CompiledItem } from './compile-item.ts';
import type { Condition } from './condition.ts';
import type { EventView } from './event-view.ts';

/** One part of a rule's condition and what became of it on an event. */
export type Diagnosis =
  | {
      readonly kind: 'and' | 'or' | 'not' | 'one of' | 'all of';
      readonly matched: boolean;
      readonly parts: readonly Diagnosis[];
    }
  | {
      readonly kind: 'selection';
      readonly name: string;
      readonly matched: boolean;
      readonly parts: readonly Diagnosis[];
    }
  | {
      readonly kind: 'item';
      /** '' for keywords. */
      readonly field: string;
      readonly modifiers: readonly string[];
      readonly matched: boolean;
      /** What the field has; nothing where the event has no such field. */
      readonly found?: FieldValue;
      readonly values: readonly ValueDiagnosis[];
    };

export interface ValueDiagnosis {
  readonly pattern: string;
  readonly matched: boolean;
  /** The entry of a list that matched. */
  readonly entry?: string;
}

type Searches = ReadonlyMap<string, CompiledSearch>;

export function diagnoseCondition(condition: Condition, searches: Searches, event: EventView): Diagnosis {
  switch (condition.kind) {
    case 'identifier':
      return diagnoseSelection(condition.name, searches, event);
    case 'quantified':
      return combined(
        condition.quantifier === 'all' ? 'all of' : 'one of',
        condition.names.map((name) => diagnoseSelection(name, searches, event)),
      );
    case 'not': {
      const part = diagnoseCondition(condition.operand, searches, event);
      return { kind: 'not', matched: !part.matched, parts: [part] };
    }
    default:
      return combined(
        condition.kind,
        condition.operands.map((operand) => diagnoseCondition(operand, searches, event)),
      );
  }
}

function combined(kind: 'and' | 'or' | 'one of' | 'all of', parts: readonly Diagnosis[]): Diagnosis {
  const every = kind === 'and' || kind === 'all of';
  return { kind, parts, matched: every ? parts.every(matched) : parts.some(matched) };
}

const matched = (part: Diagnosis): boolean => part.matched;

function diagnoseSelection(name: string, searches: Searches, event: EventView): Diagnosis {
  const search = searches.get(name);
  const part = search === undefined ? undefined : diagnoseSearch(search, event);
  return {
    kind: 'selection',
    name,
    matched: part?.matched ?? false,
    parts: part === undefined ? [] : [part],
  };
}

function diagnoseSearch(search: CompiledSearch, event: EventView): Diagnosis {
  if (search.kind === 'item') return diagnoseItem(search.item, event);
  return combined(
    search.kind === 'all' ? 'and' : 'or',
    search.parts.map((part) => diagnoseSearch(part, event)),
  );
}

function diagnoseItem(item: CompiledItem, event: EventView): Diagnosis {
  const { found, tests } = item.outcome(event);
  return {
    kind: 'item',
    field: item.source.field,
    modifiers: item.source.modifiers,
    matched: item.test(event),
    ...(found === undefined ? {} : { found }),
    values: tests.map(({ test, matched: one }) => {
      const entry = one && found !== undefined ? test.entry?.(found) : undefined;
      return { pattern: test.pattern, matched: one, ...(entry === undefined ? {} : { entry }) };
    }),
  };
}
