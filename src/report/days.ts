import { DAY } from '../model/run.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { PastCase } from '../respond/case-history.ts';

/** The days that a report is about, both ends included, in UTC. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
  readonly days: number;
}

/** A day as a date; `day` counts from the epoch, in UTC. */
export function dayText(day: number): string {
  const date = new Date(day * DAY);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 10);
}

export function dayOf(text: string): number {
  return Math.floor(Date.parse(text) / DAY);
}

/** From the first to the last day with a match; an end that was asked for is that day. */
export function daySpan(cases: readonly PastCase[], range: TimeRange | undefined): DaySpan | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { firstSeen, lastSeen } of cases) {
    first = Math.min(first, Math.floor(firstSeen / DAY));
    last = Math.max(last, Math.floor(lastSeen / DAY));
  }
  if (first > last) return undefined;
  if (range !== undefined && Number.isFinite(range.from)) first = Math.floor(range.from / DAY);
  if (range !== undefined && Number.isFinite(range.to)) last = Math.ceil(range.to / DAY) - 1;
  return { first: dayText(first), last: dayText(last), days: last - first + 1 };
}

/** Days put together so that a chart has few bars. */
export interface DayBin {
  readonly first: string;
  readonly last: string;
  readonly matches: number;
}

/** Counts of days in at most so many bins, of the same number of days each but for the last. */
export function binned(
  days: readonly { readonly day: string; readonly matches: number }[],
  span: DaySpan,
  most: number,
): DayBin[] {
  const begin = dayOf(span.first);
  const width = Math.ceil(span.days / most);
  const counts = new Array<number>(Math.ceil(span.days / width)).fill(0);
  for (const { day, matches } of days) {
    const at = Math.floor((dayOf(day) - begin) / width);
    if (at >= 0 && at < counts.length) counts[at] = (counts[at] ?? 0) + matches;
  }
  return counts.map((matches, at) => ({
    first: dayText(begin + at * width),
    last: dayText(begin + Math.min((at + 1) * width, span.days) - 1),
    matches,
  }));
}
