import type { FieldValue } from '../model/event.ts';
import { type Fields, fieldReader } from './field.ts';
import { fold } from './fold.ts';

/** What a rule looks at. */
export interface EventView {
  readonly fields: Fields;
  readonly raw: string;
}

/** The field of keyword searches: the whole record. */
export const KEYWORDS = '';

/** One field of whatever event is looked at. */
export interface FieldSlot {
  readonly field: string;
  value(event: EventView): FieldValue | undefined;
  /** The folded text of a value that is a text. */
  foldedText(event: EventView, text: string): string;
}

/**
 * The fields that rules look at. Between `begin` and `end` each is read and folded at most once for
 * the event, however many rules ask; otherwise nothing is remembered.
 */
export interface FieldPool {
  slot(field: string): FieldSlot;
  begin(event: EventView): void;
  end(): void;
}

export function fieldPool(): FieldPool {
  const slots = new Map<string, FieldSlot>();
  const shared: Shared = { event: undefined, turn: 0 };
  return {
    slot(field) {
      const known = slots.get(field) ?? fieldSlot(field, shared);
      slots.set(field, known);
      return known;
    },
    begin(event) {
      shared.event = event;
      shared.turn++;
    },
    end() {
      shared.event = undefined;
    },
  };
}

interface Shared {
  event: EventView | undefined;
  turn: number;
}

function fieldSlot(field: string, shared: Shared): FieldSlot {
  const readField = fieldReader(field);
  const read = (event: EventView): FieldValue | undefined =>
    field === KEYWORDS ? event.raw : readField(event.fields);
  let readIn = -1;
  let value: FieldValue | undefined;
  let foldedIn = -1;
  let folded = '';
  return {
    field,
    value(event) {
      if (event !== shared.event) return read(event);
      if (readIn !== shared.turn) {
        value = read(event);
        readIn = shared.turn;
      }
      return value;
    },
    foldedText(event, text) {
      if (event !== shared.event) return fold(text);
      if (foldedIn !== shared.turn) {
        folded = fold(text);
        foldedIn = shared.turn;
      }
      return folded;
    },
  };
}
