import type { Event } from '../model/event.ts';
import { commonValue, scalarText } from './common-fields.ts';

/** What a log is about, in numbers. Memory is bounded whatever the log holds. */
export interface Statistics {
  add(event: Event): void;
  summary(): Summary;
}

export interface Summary {
  readonly events: number;
  readonly refused: number;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  readonly formats: readonly Count[];
  readonly sources: readonly Count[];
  readonly ports: readonly Count[];
  readonly actions: readonly Count[];
  readonly overTime: readonly Bucket[];
}

export interface Count {
  readonly value: string;
  readonly count: number;
}

export interface Bucket {
  readonly from: number;
  readonly events: number;
  readonly refused: number;
}

const TOP = 8;
/** Different values that are counted exactly; beyond that the rarest are forgotten. */
const EXACT = 100_000;
const BUCKETS = 60;
const SECOND = 1_000;

export function statistics(): Statistics {
  const formats = topCounter();
  const sources = topCounter();
  const ports = topCounter();
  const actions = topCounter();
  const time = histogram();
  let events = 0;
  let refused = 0;
  return {
    add(event) {
      const no = isRefused(event);
      events++;
      if (no) refused++;
      formats.add(event.format);
      sources.add(commonValue(event, 'src_endpoint.ip'));
      ports.add(commonValue(event, 'dst_endpoint.port'));
      actions.add(commonValue(event, 'action'));
      time.add(event.time, no);
    },
    summary: () => ({
      events,
      refused,
      ...time.range(),
      formats: formats.top(),
      sources: sources.top(),
      ports: ports.top(),
      actions: actions.top(),
      overTime: time.buckets(),
    }),
  };
}

const STATUS_FIELDS = ['http_status', 'sc-status', 'elb_status_code'];

/** Whether somebody was told no: a rejected packet, a blocked or failed request, a refused call. */
export function isRefused(event: Event): boolean {
  const { fields } = event;
  if (fields.action === 'REJECT' || fields.action === 'BLOCK') return true;
  if (event.format === 'cloudtrail') return scalarText(fields, 'errorCode') !== undefined;
  return STATUS_FIELDS.some((name) => Number(fields[name] ?? 0) >= 400);
}

function topCounter() {
  let counts = new Map<string, number>();
  const sorted = (): [string, number][] => [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    add(value: string | undefined): void {
      if (value === undefined) return;
      counts.set(value, (counts.get(value) ?? 0) + 1);
      if (counts.size > 2 * EXACT) counts = new Map(sorted().slice(0, EXACT));
    },
    top: (): Count[] =>
      sorted()
        .slice(0, TOP)
        .map(([value, count]) => ({ value, count })),
  };
}

/** Buckets that grow wider as the time they cover grows. */
function histogram() {
  let width = SECOND;
  let buckets = new Map<number, { events: number; refused: number }>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const put = (at: number, events: number, refused: number): void => {
    const from = Math.floor(at / width) * width;
    const bucket = buckets.get(from);
    if (bucket === undefined) buckets.set(from, { events, refused });
    else {
      bucket.events += events;
      bucket.refused += refused;
    }
  };
  return {
    add(time: number, refused: boolean): void {
      first = Math.min(first, time);
      last = Math.max(last, time);
      while (Math.floor(last / width) - Math.floor(first / width) >= BUCKETS) {
        width *= 2;
        const old = buckets;
        buckets = new Map();
        for (const [from, bucket] of old) put(from, bucket.events, bucket.refused);
      }
      put(time, 1, refused ? 1 : 0);
    },
    range: () => (first > last ? { first: 0, last: 0 } : { first, last }),
    buckets(): Bucket[] {
      if (first > last) return [];
      const all: Bucket[] = [];
      for (let from = Math.floor(first / width) * width; from <= last; from += width) {
        all.push({ from, ...(buckets.get(from) ?? { events: 0, refused: 0 }) });
      }
      return all;
    },
  };
}
