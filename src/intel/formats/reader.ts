import type { IndicatorAttributes } from '../attributes.ts';
import type { IndicatorWriter } from '../indicators.ts';
import type { LineProblems, ListBytes } from '../line-problems.ts';

/** What a format's reader fills while it reads. */
export interface ListReading {
  readonly source: ListBytes;
  readonly writer: IndicatorWriter;
  /** What is wrong or not understood, with its place. */
  readonly faults: LineProblems;
  /** Counts an entry that is neither address nor name, such as the hash of a file: nothing is wrong with it. */
  skip(): void;
  /** Counts and adds an entry that came with words of its own. */
  add(text: string, attributes?: IndicatorAttributes): boolean;
}

/** Calls for each line, without its end: the text, and where it starts and ends in the bytes. */
export function eachLine(
  { bytes }: ListBytes,
  call: (line: string, start: number, end: number) => void,
): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = buffer.indexOf('\uFEFF') === 0 ? 3 : 0;
  while (start < buffer.length) {
    const newline = buffer.indexOf(0x0a, start);
    const next = newline === -1 ? buffer.length : newline;
    const end = buffer[next - 1] === 0x0d && next > start ? next - 1 : next;
    call(buffer.toString('utf8', start, end), start, end);
    start = next + 1;
  }
}

/** A date as lists write it, taken as UTC when it says no zone; milliseconds since the epoch. */
export function parseTime(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  // Seconds since the epoch.
  if (/^\d{9,10}$/.test(trimmed)) return Number(trimmed) * 1_000;
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/.exec(
      trimmed,
    );
  if (parts === null) return undefined;
  const [, day = '', time = '00:00:00', zone = 'Z'] = parts;
  const milliseconds = Date.parse(`${day}T${time}${zone === 'UTC' ? 'Z' : zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
