import { canonicalJson, type Json, toJson } from '../model/json.ts';
import type { CorrelationGroups, Progress } from './correlation-groups.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import { type Entry, emptyWindow, type GroupWindow } from './correlation-window.ts';
import {
  type EventShape,
  type PendingEvent,
  revivedEvent,
  type StoredEvent,
  storedEvent,
} from './pending-event.ts';

const VERSION = 1;

interface Common {
  readonly watermark: number;
  readonly late: number;
  readonly early: number;
  readonly pending: readonly PendingEvent[];
}

interface StoredWindow {
  readonly entries: readonly (readonly [string, Entry])[];
  readonly chains: readonly (readonly [number, readonly Entry[]])[];
  readonly seen: number;
  readonly sum: number;
  readonly dropped: number;
  readonly lastTime: number | null;
  readonly quietUntil: number | null;
}

interface StoredState {
  readonly version: number;
  readonly watermark: number | 'start' | 'end';
  readonly late: number;
  readonly early: number;
  readonly pending: readonly StoredEvent[];
  readonly correlations: Readonly<Record<string, StoredGroups>>;
}

interface StoredGroups {
  readonly definition: string;
  readonly progress: Progress;
  readonly windows: readonly (readonly [string, StoredWindow])[];
  readonly closes: readonly (readonly [string, number])[];
}

/** Everything that correlations remember, as plain data. */
export function writeState(
  { watermark, pending, ...common }: Common,
  all: readonly CorrelationGroups[],
): Json {
  const correlations = all.map((one): [string, StoredGroups] => [
    one.id,
    {
      definition: definitionOf(one.plan.rule),
      progress: one.progress,
      windows: one.remembered().map(([key, window]) => [key, stored(window)]),
      closes: [...one.closes],
    },
  ]);
  const state: StoredState = {
    version: VERSION,
    watermark: Number.isFinite(watermark) ? watermark : watermark < 0 ? 'start' : 'end',
    ...common,
    pending: pending.map(storedEvent),
    correlations: Object.fromEntries(correlations),
  };
  return toJson(state);
}

/** Fills the groups from a state. Throws when it is none, or of another version. */
export function readState(
  state: Json,
  all: readonly CorrelationGroups[],
  shapes: (ids: readonly string[]) => EventShape,
): Common {
  const read = state as unknown as StoredState | null;
  if (read?.version !== VERSION) throw new Error(`no state of correlations of version ${VERSION}`);
  for (const one of all) {
    const known = Object.hasOwn(read.correlations, one.id) ? read.correlations[one.id] : undefined;
    const same = known?.definition === definitionOf(one.plan.rule);
    if (!same || known === undefined) {
      one.reset();
      continue;
    }
    one.reset(known.progress);
    for (const [key, window] of known.windows) one.remember(key, revived(window, one.plan.rule));
    for (const [key, time] of known.closes) one.closes.set(key, time);
  }
  const { watermark, late, early, pending } = read;
  const known =
    watermark === 'start'
      ? Number.NEGATIVE_INFINITY
      : watermark === 'end'
        ? Number.POSITIVE_INFINITY
        : watermark;
  return { watermark: known, late, early, pending: pending.map((one) => revivedEvent(one, shapes)) };
}

/** Windows of a correlation that was written anew mean something else. */
function definitionOf({
  type,
  rules,
  groupBy,
  timespanMs,
  aliases,
  limits,
  fields,
  percentile,
  condition,
}: CorrelationRule): string {
  const byAlias = [...aliases].map(([alias, byRule]) => [alias, [...byRule]]);
  return canonicalJson(
    toJson({ type, rules, groupBy, timespanMs, byAlias, limits, fields, percentile, condition }),
  );
}

function stored({ entries, chains, lastTime, quietUntil, ...counts }: GroupWindow): StoredWindow {
  return {
    ...counts,
    entries: [...entries],
    chains: [...chains],
    lastTime: finite(lastTime),
    quietUntil: finite(quietUntil),
  };
}

function revived(
  { entries, chains, lastTime, quietUntil, ...counts }: StoredWindow,
  rule: CorrelationRule,
): GroupWindow {
  const empty = emptyWindow(rule);
  return {
    ...counts,
    entries: new Map(entries),
    chains: chains.length === 0 ? empty.chains : new Map(chains),
    lastTime: lastTime ?? empty.lastTime,
    quietUntil: quietUntil ?? empty.quietUntil,
  };
}

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}
