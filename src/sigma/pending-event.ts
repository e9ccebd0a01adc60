import type { FieldValue } from '../model/event.ts';
import type { Json } from '../model/json.ts';

/** What events have in common that the same rules matched: made once, and known by itself. */
export interface EventShape {
  /** The rules and correlations whose events they are. */
  readonly ids: readonly string[];
  /** The fields that correlations look at. */
  readonly names: readonly string[];
  readonly slots: ReadonlyMap<string, number>;
}

export type Scalar = string | number | boolean | null;

/** The values of a field: one, or those of a list; nothing when the event does not have it. */
export type Values = Scalar | readonly Scalar[] | undefined;

/** Its place among all events: where it was read. */
export interface Order {
  readonly source: string;
  readonly offset: number;
  readonly line: number;
}

/** An event as it waits: only the fields that correlations look at. */
export interface PendingEvent {
  readonly time: number;
  readonly shape: EventShape;
  /** By the slots of the shape. */
  readonly values: readonly Values[];
  readonly refs: readonly Json[];
  /** Among events of the same time; without one all that is known of it decides. */
  readonly order?: Order;
}

/** An event as a state has it. */
export interface StoredEvent {
  readonly time: number;
  readonly ids: readonly string[];
  readonly values: Readonly<Record<string, readonly FieldValue[]>>;
  readonly refs: readonly Json[];
  readonly order?: Order | string;
}

export function shapeOf(ids: readonly string[], names: readonly string[]): EventShape {
  return { ids, names, slots: new Map(names.map((name, slot) => [name, slot])) };
}

export function valuesOf({ shape, values }: PendingEvent, name: string): Values {
  const slot = shape.slots.get(name);
  return slot === undefined ? undefined : values[slot];
}

export function listOf(values: Values): readonly Scalar[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? (values as readonly Scalar[]) : [values as Scalar];
}

/** Each value once, as text. */
export function textsOf(values: Values): string[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? [...new Set((values as readonly Scalar[]).map(String))] : [String(values)];
}

/** By their places, where both have one; 0 says nothing of them. */
export function compareOrders(a: Order, b: Order): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.offset - b.offset || a.line - b.line;
}

export function storedEvent({ time, shape, values, refs, order }: PendingEvent): StoredEvent {
  return {
    time,
    ids: shape.ids,
    values: Object.fromEntries(shape.names.map((name, slot) => [name, listOf(values[slot])])),
    refs,
    ...(order === undefined ? {} : { order }),
  };
}

export function revivedEvent(
  { time, ids, values, refs, order }: StoredEvent,
  shapes: (ids: readonly string[]) => EventShape,
): PendingEvent {
  const shape = shapes(ids);
  return {
    time,
    shape,
    values: shape.names.map((name): Values => {
      const list = Object.hasOwn(values, name) ? (values[name] as readonly Scalar[]) : [];
      return list.length === 1 ? (list[0] as Scalar) : list;
    }),
    refs,
    // Older states had a text here.
    ...(typeof order === 'object' ? { order } : {}),
  };
}
