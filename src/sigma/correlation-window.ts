import type { Json } from '../model/json.ts';
import type { CorrelationRule } from './correlation-rule.ts';

/** One event, as a correlation remembers it. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly refs: readonly Json[];
  /** Which of the correlation's rules it matched. */
  readonly steps: readonly number[];
  /** The value that is counted, or measured. */
  readonly value?: string | number;
  /** Values of the fields that correlations of this one ask for. */
  readonly carried: Readonly<Record<string, readonly string[]>>;
}

/** What is remembered of one group. */
export interface GroupWindow {
  /** By what makes an entry one of its own: oldest first. */
  entries: Map<string, Entry>;
  /** Of `temporal_ordered`: by the steps that a chain has, as bits, the chain that began last. */
  chains: Map<number, readonly Entry[]>;
  /** Events since the window began to be filled; keys of entries as well. */
  seen: number;
  sum: number;
  lastTime: number;
  /** Until then, the group has said what it had to say. */
  quietUntil: number;
  /** Events of the window that are no longer remembered, because there were too many. */
  dropped: number;
}

/** Of the many windows only those of an order have chains. */
const NO_CHAINS: GroupWindow['chains'] = new Map();

export function emptyWindow({ type }: Pick<CorrelationRule, 'type'>): GroupWindow {
  return {
    entries: new Map(),
    chains: type === 'temporal_ordered' ? new Map() : NO_CHAINS,
    seen: 0,
    sum: 0,
    lastTime: Number.NEGATIVE_INFINITY,
    quietUntil: Number.NEGATIVE_INFINITY,
    dropped: 0,
  };
}

/** So many rules may a `temporal_ordered` correlation have whose condition does not want all of them. */
export const LOOSE_ORDER_LIMIT = 10;

/** Adds an event; the oldest one makes room for it when there are too many. */
export function addEntry(window: GroupWindow, rule: CorrelationRule, entry: Entry, limit: number): void {
  window.seen++;
  window.lastTime = entry.time;
  if (rule.type === 'temporal_ordered') extendChains(window, rule, entry);
  else if (rule.type === 'temporal') for (const step of entry.steps) put(window, String(step), entry);
  else if (rule.type === 'value_count') {
    if (entry.value !== undefined) put(window, String(entry.value), entry);
  } else if (rule.type === 'event_count') put(window, String(window.seen), entry);
  else if (typeof entry.value === 'number') {
    window.sum += entry.value;
    put(window, String(window.seen), entry);
  }
  if (window.entries.size > limit) forgetOldest(window, rule);
}

/** Behind all others, so that the order of entries is the order of their times. */
function put(window: GroupWindow, key: string, entry: Entry): void {
  window.entries.delete(key);
  window.entries.set(key, entry);
}

/**
 * Of a window that slides, what is forgotten no longer counts. Of one that is judged as a whole it
 * does, for counts, sums and averages; medians, percentiles and distinct values lack it.
 */
function forgetOldest(window: GroupWindow, rule: CorrelationRule): void {
  for (const [key, { value }] of window.entries) {
    window.entries.delete(key);
    window.dropped++;
    if (isSliding(rule) && typeof value === 'number') window.sum -= value;
    return;
  }
}

/** Forgets what is before the window that ends now. */
export function slideTo(window: GroupWindow, rule: CorrelationRule, now: number): void {
  const begin = now - rule.timespanMs;
  for (const [key, { time, value }] of window.entries) {
    if (time >= begin) break;
    window.entries.delete(key);
    if (typeof value === 'number') window.sum -= value;
  }
  if (window.entries.size === 0) window.sum = 0;
  for (const [steps, chain] of window.chains) {
    if ((chain[0]?.time ?? now) < begin) window.chains.delete(steps);
  }
}

/**
 * Every chain that this event can end, from those whose steps are all before its own. Of chains with
 * the same steps the one that began last is kept: it is in every window that another would be in.
 */
function extendChains(window: GroupWindow, rule: CorrelationRule, entry: Entry): void {
  const all = wantsAll(rule);
  const longer = new Map<number, readonly Entry[]>();
  for (const step of entry.steps) {
    const bit = 2 ** step;
    if (step === 0 || !all) keepLatest(longer, bit, [entry]);
    for (const [steps, chain] of window.chains) {
      if (steps < bit && (!all || steps === bit - 1)) keepLatest(longer, steps + bit, [...chain, entry]);
    }
  }
  for (const [steps, chain] of longer) keepLatest(window.chains, steps, chain);
}

function keepLatest(chains: Map<number, readonly Entry[]>, steps: number, chain: readonly Entry[]): void {
  const known = chains.get(steps)?.[0]?.time ?? Number.NEGATIVE_INFINITY;
  if ((chain[0]?.time ?? known) >= known) chains.set(steps, chain);
}

/** Whether only a chain of all rules counts, so that no others need be remembered. */
export function wantsAll({ condition, limits, rules }: CorrelationRule): boolean {
  const [only] = limits;
  return (
    condition === undefined && limits.length === 1 && only?.limit === 'gte' && only.value === rules.length
  );
}

/**
 * Whether a window is judged with each event, and speaks as soon as there is enough in it. Where
 * there can be too much in it, or the measure can fall again, only a whole window can be judged.
 */
export function isSliding({ type, limits, condition }: CorrelationRule): boolean {
  if (type === 'value_avg' || type === 'value_median' || type === 'value_percentile') return false;
  if (condition !== undefined) return !hasNot(condition);
  return limits.every(({ limit }) => limit === 'gt' || limit === 'gte');
}

function hasNot(condition: NonNullable<CorrelationRule['condition']>): boolean {
  if (condition.kind === 'not') return true;
  return 'operands' in condition && condition.operands.some(hasNot);
}
