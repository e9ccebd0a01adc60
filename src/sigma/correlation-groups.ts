import type { Json } from '../model/json.ts';
import { entriesOf, stepsByShape, VALUES_LIMIT } from './correlation-entries.ts';
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
import { type EventShape, type PendingEvent, shapeOf } from './pending-event.ts';

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
  /** Whether windows are judged with each event and not as a whole. */
  readonly sliding: boolean;
  readonly progress: Progress;
  /** The windows by group; the one that was quiet for longest first. */
  remembered(): (readonly [key: string, window: GroupWindow])[];
  /** Takes a window that was remembered, as the one that was seen last. */
  remember(key: string, window: GroupWindow): void;
  /** When the whole windows that are open end, by group; the first to end first. */
  readonly closes: Map<string, number>;
  reset(progress?: Progress): void;
}

/** What is remembered beside the groups. */
export interface Progress {
  /** Groups that were forgotten to make room. */
  readonly evicted: number;
  /** When groups with nothing in their window are forgotten next; nothing before the first time. */
  readonly sweepAt?: number;
}

interface Limits {
  readonly maxGroups: number;
  readonly maxEventsPerGroup: number;
}

export function correlationGroups(plan: PlannedCorrelation, limits: Limits): CorrelationGroups {
  const { rule } = plan;
  const sliding = isSliding(rule);
  const windows = new Map<string, Touched>();
  let touches = 0;
  const closes = new Map<string, number>();
  const stepsOf = stepsByShape(plan);
  const firedShape = shapeOf([rule.id], [...new Set([...plan.carried, ...rule.groupBy])]);
  const remembered = rememberedEvents(rule, limits.maxEventsPerGroup);
  let progress: Progress = { evicted: 0 };

  const byQuiet = (): [string, Touched][] => [...windows].sort(([, a], [, b]) => a.touched - b.touched);
  /** The group as the one that was seen last. */
  const windowOf = (key: string): GroupWindow => {
    const known = windows.get(key);
    if (known !== undefined) {
      known.touched = ++touches;
      return known.window;
    }
    const window = emptyWindow(rule);
    windows.set(key, { window, touched: ++touches });
    if (windows.size > limits.maxGroups) makeRoom();
    return window;
  };
  /** Several at a time: to find the quietest is not free. */
  const makeRoom = (): void => {
    const share = Math.max(1, Math.floor(windows.size / ROOM_SHARE));
    for (const [quiet] of byQuiet().slice(0, share)) forget(quiet);
    progress = { ...progress, evicted: progress.evicted + share };
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
      const known = windows.get(key);
      if (known === undefined || time <= known.window.quietUntil) continue;
      const verdict = judge(known.window, rule);
      if (verdict === undefined) continue;
      fired.push(firedEvent(plan, firedShape, key, verdict, time));
      const quietUntil = (verdict.entries[0]?.time ?? time) + rule.timespanMs;
      known.window = { ...emptyWindow(rule), lastTime: time, quietUntil };
    }
    return fired;
  };
  const close = (time: number): FiredEvent[] => {
    const fired: FiredEvent[] = [];
    for (const [key, closing] of closes) {
      if (closing > time) break;
      const known = windows.get(key);
      const verdict = known === undefined ? undefined : judge(known.window, rule);
      if (verdict !== undefined) fired.push(firedEvent(plan, firedShape, key, verdict, time));
      forget(key);
    }
    return fired;
  };
  /** Groups with nothing in their window, now and then. */
  const forgetQuiet = (time: number): void => {
    if (time < (progress.sweepAt ?? time)) return;
    progress = { ...progress, sweepAt: time + rule.timespanMs };
    for (const [key, { window }] of windows) {
      if (window.lastTime + rule.timespanMs < time && window.quietUntil < time) forget(key);
    }
  };
  return {
    id: rule.id,
    plan,
    sliding,
    closes,
    remembered: () => byQuiet().map(([key, { window }]) => [key, window]),
    remember: (key, window) => void windows.set(key, { window, touched: ++touches }),
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
    get progress() {
      return progress;
    },
    reset(known = { evicted: 0 }) {
      windows.clear();
      closes.clear();
      progress = known;
    },
  };
}

interface Touched {
  window: GroupWindow;
  /** The greater, the later it was seen. */
  touched: number;
}

/** One of so many groups goes when there are too many. */
const ROOM_SHARE = 16;

/** A count that a rule waits for can be reached, however few events a group may remember. */
function rememberedEvents(rule: CorrelationRule, limit: number): number {
  const bounds = rule.limits.map(({ value }) => Math.ceil(value) + 1);
  return rule.type === 'event_count' || rule.type === 'value_count' ? Math.max(limit, ...bounds) : limit;
}

function firedEvent(
  { rule }: PlannedCorrelation,
  shape: EventShape,
  key: string,
  verdict: Verdict,
  time: number,
): FiredEvent {
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
    [...new Set(entries.flatMap((entry) => entry.carried[name] ?? []))].slice(0, VALUES_LIMIT);
  const grouped = (name: string): string | undefined =>
    Object.hasOwn(group, name) ? group[name] : undefined;
  return {
    firing,
    event: { time, shape, values: shape.names.map((name) => grouped(name) ?? of(name)), refs },
  };
}
