import type { FieldValue } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { PlannedCorrelation } from './correlation-plan.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import { judge, type Verdict } from './correlation-verdict.ts';
import {
  addEntry,
  type Entry,
  emptyWindow,
  type GroupWindow,
  isSliding,
  slideTo,
} from './correlation-window.ts';
import type { PendingEvent } from './correlator.ts';

/** What a correlation has found. */
export interface Firing {
  readonly correlation: CorrelationRule;
  /** The values that its events have in common, by the names of `group-by`. */
  readonly group: Readonly<Record<string, string>>;
  /** Times of the first and the last of its events, milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The count or the measure that fulfilled the condition. */
  readonly value: number;
  /** The first and the last of its events. */
  readonly refs: readonly Json[];
}

/** A firing, and the event that it is to correlations made of this one. */
export interface FiredEvent {
  readonly firing: Firing;
  readonly event: PendingEvent;
}

/** The groups of one correlation. */
export interface CorrelationGroups {
  readonly id: string;
  readonly plan: PlannedCorrelation;
  /** Takes the events of one moment that are its own, and closes the windows that end with it. */
  take(time: number, events: readonly PendingEvent[]): FiredEvent[];
  /** When the next whole window ends; `Infinity` when none is open. */
  nextClose(): number;
  size(): number;
  evicted(): number;
  /** By group; the one that was quiet for longest first. */
  readonly windows: Map<string, GroupWindow>;
  /** When the whole windows that are open end, by group; the first to end first. */
  readonly closes: Map<string, number>;
  reset(evicted: number): void;
}

interface Limits {
  readonly maxGroups: number;
  readonly maxEventsPerGroup: number;
}

export function correlationGroups(plan: PlannedCorrelation, limits: Limits): CorrelationGroups {
  const { rule } = plan;
  const sliding = isSliding(rule);
  const windows = new Map<string, GroupWindow>();
  const closes = new Map<string, number>();
  const stepsOf = stepsBySource(plan);
  const remembered = rememberedEvents(rule, limits.maxEventsPerGroup);
  let evicted = 0;

  /** The group as the one that was seen last. */
  const windowOf = (key: string): GroupWindow => {
    const window = windows.get(key) ?? emptyWindow();
    windows.delete(key);
    windows.set(key, window);
    if (windows.size > limits.maxGroups) makeRoom();
    return window;
  };
  /** Several at a time: to find the first ones of a map that changes much is not free. */
  const makeRoom = (): void => {
    const share = Math.max(1, Math.floor(windows.size / ROOM_SHARE));
    for (const quiet of [...windows.keys()].slice(0, share)) {
      forget(quiet);
      evicted++;
    }
  };
  const forget = (key: string): void => {
    windows.delete(key);
    closes.delete(key);
  };
  const enter = (time: number, key: string, entry: Entry): void => {
    const window = windowOf(key);
    if (!sliding && !closes.has(key)) closes.set(key, time + rule.timespanMs);
    if (sliding && time > window.quietUntil) slideTo(window, rule, time);
    if (time > window.quietUntil) addEntry(window, rule, entry, remembered);
  };
  const slide = (time: number, keys: Iterable<string>): FiredEvent[] => {
    const fired: FiredEvent[] = [];
    for (const key of keys) {
      const window = windows.get(key);
      const verdict = window === undefined || time <= window.quietUntil ? undefined : judge(window, rule);
      if (verdict === undefined) continue;
      fired.push(firedEvent(plan, key, verdict, time));
      const quietUntil = (verdict.entries[0]?.time ?? time) + rule.timespanMs;
      windows.set(key, { ...emptyWindow(), lastTime: time, quietUntil });
    }
    return fired;
  };
  const close = (time: number): FiredEvent[] => {
    const fired: FiredEvent[] = [];
    for (const [key, closing] of closes) {
      if (closing > time) break;
      const window = windows.get(key);
      const verdict = window === undefined ? undefined : judge(window, rule);
      if (verdict !== undefined) fired.push(firedEvent(plan, key, verdict, time));
      forget(key);
    }
    return fired;
  };
  let sweepAt = Number.NEGATIVE_INFINITY;
  /** Groups with nothing in their window, now and then; they are in the order of their last events. */
  const forgetQuiet = (time: number): void => {
    if (time < sweepAt) return;
    sweepAt = time + rule.timespanMs;
    for (const [key, { lastTime, quietUntil }] of windows) {
      if (lastTime + rule.timespanMs >= time || quietUntil >= time) return;
      forget(key);
    }
  };
  return {
    id: rule.id,
    plan,
    windows,
    closes,
    take(time, events) {
      const entered = new Set<string>();
      for (const { keys, entry } of entriesOf(plan, stepsOf, events)) {
        for (const key of keys) {
          entered.add(key);
          enter(time, key, entry);
        }
      }
      if (!sliding) return close(time);
      if (entered.size > 0) forgetQuiet(time);
      return slide(time, entered);
    },
    nextClose() {
      for (const closing of closes.values()) return closing;
      return Number.POSITIVE_INFINITY;
    },
    size: () => windows.size,
    evicted: () => evicted,
    reset(count) {
      windows.clear();
      closes.clear();
      evicted = count;
    },
  };
}

/** One of so many groups goes when there are too many. */
const ROOM_SHARE = 16;

/** A count that a rule waits for can be reached, however few events a group may remember. */
function rememberedEvents(rule: CorrelationRule, limit: number): number {
  const bounds = rule.limits.map(({ value }) => Math.ceil(value) + 1);
  return rule.type === 'event_count' || rule.type === 'value_count' ? Math.max(limit, ...bounds) : limit;
}

function stepsBySource({ sources }: PlannedCorrelation): ReadonlyMap<string, readonly number[]> {
  const steps = new Map<string, number[]>();
  for (const [step, source] of sources.entries()) steps.set(source, [...(steps.get(source) ?? []), step]);
  return steps;
}

interface Entered {
  readonly keys: readonly string[];
  readonly entry: Entry;
}

/**
 * The events that are a correlation's own. Those of one moment count as being in the order that a
 * correlation wants.
 */
function entriesOf(
  plan: PlannedCorrelation,
  stepsOf: ReadonlyMap<string, readonly number[]>,
  events: readonly PendingEvent[],
): Entered[] {
  const entered: Entered[] = [];
  for (const event of events) {
    for (const { keys, steps } of stepsByGroup(plan, stepsOf, event)) {
      const carried = carriedOf(plan, event);
      for (const value of valuesOf(plan, steps[0] ?? 0, event)) {
        const { time, refs } = event;
        entered.push({
          keys,
          entry: { time, refs, steps, carried, ...(value === undefined ? {} : { value }) },
        });
      }
    }
  }
  return entered.length < 2 ? entered : entered.sort((a, b) => firstStep(a.entry) - firstStep(b.entry));
}

interface GroupSteps {
  readonly keys: readonly string[];
  readonly steps: readonly number[];
}

/** An event that several rules matched is one event, unless they see other groups in it. */
function stepsByGroup(
  plan: PlannedCorrelation,
  stepsOf: ReadonlyMap<string, readonly number[]>,
  event: PendingEvent,
): readonly GroupSteps[] {
  const steps = [...new Set(event.ids.flatMap((id) => stepsOf.get(id) ?? NO_STEPS))].sort((a, b) => a - b);
  const byGroup = new Map<string, { readonly keys: readonly string[]; readonly steps: number[] }>();
  for (const step of steps) {
    const keys = groupKeys(plan, step, event);
    if (keys.length === 0) continue;
    if (steps.length === 1) return [{ keys, steps }];
    const id = keys.join('\n');
    const same = byGroup.get(id) ?? { keys, steps: [] };
    byGroup.set(id, same);
    same.steps.push(step);
  }
  return [...byGroup.values()];
}

const NO_STEPS: readonly number[] = [];
const NOTHING: Entry['carried'] = {};

function carriedOf({ carried }: PlannedCorrelation, event: PendingEvent): Entry['carried'] {
  if (carried.length === 0) return NOTHING;
  return Object.fromEntries(carried.map((name) => [name, texts(event.values[name])]));
}

function firstStep({ steps }: Entry): number {
  return steps[0] ?? 0;
}

const GROUPS_LIMIT = 16;

/** An event without one of the fields is in no group; one with lists is in a group for each element. */
function groupKeys({ rule, fieldOf }: PlannedCorrelation, step: number, event: PendingEvent): string[] {
  let keys: string[][] = [[]];
  for (const name of rule.groupBy) {
    const values = texts(event.values[fieldOf(step, name)]);
    keys = keys.flatMap((key) => values.map((value) => [...key, value])).slice(0, GROUPS_LIMIT);
  }
  return keys.map((key) => JSON.stringify(key));
}

function texts(values: readonly FieldValue[] | undefined): string[] {
  if (values?.length === 1) return [String(values[0])];
  return [...new Set((values ?? []).map(String))];
}

/** What of an event is counted or measured; a correlation of events alone takes each of them once. */
function valuesOf(
  { rule, fieldOf }: PlannedCorrelation,
  step: number,
  event: PendingEvent,
): readonly (string | number | undefined)[] {
  if (rule.fields.length === 0) return [undefined];
  const lists = rule.fields.map((name) => event.values[fieldOf(step, name)] ?? []);
  if (rule.type !== 'value_count') return lists.flat().map(Number).filter(Number.isFinite);
  const [only = []] = lists;
  if (lists.length === 1) return texts(only);
  return lists.some((list) => list.length === 0) ? [] : [JSON.stringify(lists)];
}

function firedEvent(plan: PlannedCorrelation, key: string, verdict: Verdict, time: number): FiredEvent {
  const { rule, carried } = plan;
  const { value, entries } = verdict;
  const values = JSON.parse(key) as string[];
  const group = Object.fromEntries(rule.groupBy.map((name, index) => [name, values[index] ?? '']));
  const refs = entries.flatMap((entry) => entry.refs);
  const firing = {
    correlation: rule,
    group,
    firstSeen: entries[0]?.time ?? time,
    lastSeen: entries.at(-1)?.time ?? time,
    value,
    refs,
  };
  const of = (name: string): string[] =>
    [...new Set(entries.flatMap((entry) => entry.carried[name] ?? []))].slice(0, GROUPS_LIMIT);
  const inner = Object.fromEntries(carried.map((name) => [name, of(name)]));
  const outer = Object.fromEntries(Object.entries(group).map(([name, one]) => [name, [one]]));
  return { firing, event: { time, ids: [rule.id], values: { ...inner, ...outer }, refs } };
}
