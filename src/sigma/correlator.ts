import type { FieldValue } from '../model/event.ts';
import { compareJson, type Json, toJson } from '../model/json.ts';
import { VALUES_LIMIT } from './correlation-entries.ts';
import { type CorrelationGroups, correlationGroups, type Firing } from './correlation-groups.ts';
import type { PlannedCorrelation } from './correlation-plan.ts';
import { readState, writeState } from './correlation-state.ts';
import { type Fields, fieldReader } from './field.ts';
import {
  compareOrders,
  type EventShape,
  type Order,
  type PendingEvent,
  type Scalar,
  shapeOf,
  storedEvent,
  type Values,
} from './pending-event.ts';
import { type TimeQueue, timeQueue } from './time-queue.ts';
import { elementsOf, isScalar } from './value-test.ts';

export type { Firing } from './correlation-groups.ts';

/** An event that rules matched. */
export interface CorrelatedEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly fields: Fields;
  /** Finds the event again; it comes back in firings. Events with the same time are taken by its order. */
  readonly ref: Json;
  /** Decides among events of the same time; without one, all that is known of them does, which is slow. */
  readonly order?: Order;
  /** Other names of its fields, by the name that a correlation may use. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export interface CorrelatorOptions {
  /** Milliseconds that an event may come later than one with a later time. */
  readonly lateness?: number;
  /**
   * What time it is, milliseconds since the epoch: an event that says it is of the future cannot make
   * all others late. Nothing when events of the past are played again.
   */
  readonly clock?: () => number;
  /** Groups that a correlation remembers; those that were quiet for longest, a sixteenth of all, make room. */
  readonly maxGroups?: number;
  /** Events that a group remembers; the oldest makes room. A count that a rule waits for is always remembered. */
  readonly maxEventsPerGroup?: number;
  /** Events that wait for late ones; when there are more, the oldest are taken before their time. */
  readonly maxPending?: number;
  /** References that a firing names. */
  readonly maxRefs?: number;
}

export interface Correlator {
  /** Takes an event with the ids of the rules that matched it; answers with what is certain by now. */
  observe(ruleIds: readonly string[], event: CorrelatedEvent): Firing[];
  /** Says that no event before this time will come any more; `Infinity` at the end. */
  advance(watermark: number): Firing[];
  /** Everything that is remembered, as plain data. */
  state(): Json;
  /** Takes back a state; what it has of correlations that are no longer the same is left out. */
  restore(state: Json): void;
  readonly statistics: CorrelatorStatistics;
}

export interface CorrelatorStatistics {
  /** Events that came later than was allowed; they were left out. */
  readonly late: number;
  /** Events that were taken before their time, because too many waited. */
  readonly early: number;
  /** Groups that were forgotten to make room, whatever was in their windows. */
  readonly evicted: number;
  readonly pending: number;
  /** Groups that are remembered; some may have nothing in their window any longer. */
  readonly groups: number;
}

const DEFAULTS: Required<CorrelatorOptions> = {
  lateness: 0,
  clock: () => Number.POSITIVE_INFINITY,
  maxGroups: 10_000,
  maxEventsPerGroup: 1000,
  maxPending: 100_000,
  maxRefs: 10,
};

/**
 * Correlates events by their own times. An event waits until none before it can come any more; then
 * all are taken in the order of their times, so that the result does not depend on how they came.
 */
export function correlator(
  correlations: readonly PlannedCorrelation[],
  options: CorrelatorOptions = {},
): Correlator {
  const settings = { ...DEFAULTS, ...options };
  const all = correlations.map((one) => correlationGroups(one, settings));
  const whole = all.filter(({ sliding }) => !sliding);
  const through = moments(all, settings.maxRefs);
  const wanted = fieldsBySource(correlations);
  const readers = new Map<string, ReturnType<typeof fieldReader>>();
  let pending: TimeQueue<PendingEvent> = timeQueue();
  let watermark = Number.NEGATIVE_INFINITY;
  let [late, early] = [0, 0];
  const shapes = shapesOf(wanted);

  const read = (event: CorrelatedEvent, name: string): Values => {
    const { aliases } = event;
    const field = aliases !== undefined && Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
    const reader = readers.get(field) ?? fieldReader(field);
    readers.set(field, reader);
    return scalars(reader(event.fields));
  };
  const take = (until: number): Firing[] => {
    const firings: Firing[] = [];
    for (;;) {
      let time = pending.firstTime();
      for (const one of whole) time = Math.min(time, one.nextClose());
      if (!(time < until)) return firings;
      for (const firing of through(time, pending.take(time))) firings.push(firing);
    }
  };
  const advance = (until: number): Firing[] => {
    if (!(until > watermark)) return [];
    watermark = until;
    return take(until);
  };
  const seenUntil = (time: number): number => Math.min(time, settings.clock()) - settings.lateness;
  return {
    observe(ruleIds, event) {
      const shape = shapes(ruleIds);
      if (shape.ids.length === 0) return advance(seenUntil(event.time));
      if (!(event.time >= watermark)) {
        late++;
        return [];
      }
      const values = shape.names.map((name) => read(event, name));
      const { time, ref, order } = event;
      pending.add(
        order === undefined
          ? { time, shape, values, refs: [ref] }
          : { time, shape, values, refs: [ref], order },
      );
      const firings = advance(seenUntil(event.time));
      if (pending.size() > settings.maxPending) {
        const before = pending.size();
        firings.push(...advance(pending.firstTime() + 1));
        early += before - pending.size();
      }
      return firings;
    },
    advance,
    state: () => writeState({ watermark, late, early, pending: pending.items() }, all),
    restore(state) {
      const restored = readState(state, all, shapes);
      ({ watermark, late, early } = restored);
      pending = timeQueue(restored.pending);
    },
    get statistics() {
      return {
        late,
        early,
        evicted: all.reduce((sum, one) => sum + one.progress.evicted, 0),
        pending: pending.size(),
        groups: all.reduce((sum, one) => sum + one.size(), 0),
      };
    },
  };
}

/** Takes one moment: its events go through the correlations, and what those say goes through those made of them. */
function moments(
  all: readonly CorrelationGroups[],
  maxRefs: number,
): (time: number, events: readonly PendingEvent[]) => Firing[] {
  const inboxes = all.map((): PendingEvent[] => []);
  const takersOf = new WeakMap<EventShape, readonly PendingEvent[][]>();
  const post = (event: PendingEvent): void => {
    const { shape } = event;
    let takers = takersOf.get(shape);
    if (takers === undefined) {
      takers = inboxes.filter((_, index) => all[index]?.plan.sources.some((id) => shape.ids.includes(id)));
      takersOf.set(shape, takers);
    }
    for (const inbox of takers) inbox.push(event);
  };
  return (time, events) => {
    const firings: Firing[] = [];
    for (const event of inOrder(events)) post(event);
    for (const [index, one] of all.entries()) {
      const inbox = inboxes[index] as PendingEvent[];
      if (inbox.length === 0 && one.nextClose() > time) continue;
      for (const { firing, event } of one.take(time, inbox)) {
        const { refs } = firing;
        firings.push(refs.length > maxRefs ? { ...firing, refs: sample(refs, maxRefs) } : firing);
        // Those that are made of this one come later.
        post(event);
      }
      inbox.length = 0;
    }
    return firings;
  };
}

/** An order that does not depend on how they came. */
function inOrder(events: readonly PendingEvent[]): readonly PendingEvent[] {
  if (events.length < 2) return events;
  return events.toSorted((a, b) =>
    a.order !== undefined && b.order !== undefined
      ? compareOrders(a.order, b.order)
      : compareJson(a.refs, b.refs) || compareJson(toJson(storedEvent(a)), toJson(storedEvent(b))),
  );
}

/** The shapes of events by the rules that matched them; the same one for the same rules. */
function shapesOf(
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): (ruleIds: readonly string[]) => EventShape {
  const byList = new WeakMap<readonly string[], EventShape>();
  const byIds = new Map<string, EventShape>();
  return (ruleIds) => {
    const before = byList.get(ruleIds);
    if (before !== undefined) return before;
    const key = ruleIds.join('\n');
    let shape = byIds.get(key);
    if (shape === undefined) {
      const ids = ruleIds.filter((id) => wanted.has(id));
      shape = shapeOf(ids, [...new Set(ids.flatMap((id) => [...(wanted.get(id) ?? [])]))]);
      byIds.set(key, shape);
    }
    byList.set(ruleIds, shape);
    return shape;
  };
}

function sample(refs: readonly Json[], limit: number): readonly Json[] {
  const last = Math.floor(limit / 2);
  return [...refs.slice(0, limit - last), ...refs.slice(refs.length - last)];
}

/** The fields that correlations look at, by the id of the rule or correlation whose events have them. */
export function fieldsBySource(correlations: readonly PlannedCorrelation[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { rule, sources, fieldOf, carried } of correlations) {
    for (const [step, source] of sources.entries()) {
      const names = wanted.get(source) ?? new Set();
      wanted.set(source, names);
      for (const name of [...rule.groupBy, ...rule.fields]) names.add(fieldOf(step, name));
      for (const name of carried) names.add(name);
    }
  }
  return wanted;
}

/** The values of a field, and of a list each one, up to a limit. */
function scalars(value: FieldValue | undefined): Values {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return isScalar(value) ? (value as Scalar) : undefined;
  const list = elementsOf(value as readonly FieldValue[])
    .filter(isScalar)
    .slice(0, VALUES_LIMIT) as Scalar[];
  return list.length === 1 ? list[0] : list;
}
