import { statSync } from 'node:fs';
import type { DecodeOptions } from '../formats/detected.ts';
import { decodedOf } from '../formats/stretch.ts';
import type { BadRecord, Event } from '../model/event.ts';
import { inputsOf, readInput, STDIN } from '../sources/inputs.ts';

/** How far the reading is. */
export interface Progress {
  /** Bytes on the disk; a total of 0 means that nobody knows (standard input). */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly records: number;
}

export interface LogBatch {
  readonly events: readonly Event[];
  readonly badRecords: readonly BadRecord[];
  readonly skipped: number;
}

export interface LogOptions extends DecodeOptions {
  readonly tell?: (progress: Progress) => void;
}

/** Reads logs of any format, keeping the events that `where` lets through. */
export async function* readLogs(
  patterns: readonly string[],
  where: (event: Event) => boolean,
  { tell = () => {}, ...decode }: LogOptions = {},
): AsyncGenerator<LogBatch> {
  const paths = inputsOf(patterns);
  const sizes = paths.map((path) => (path === STDIN ? 0 : statSync(path).size));
  const totalBytes = paths.includes(STDIN) ? 0 : sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  let records = 0;
  for (const [index, path] of paths.entries()) {
    let bytes = 0;
    const onProgress = (read: number): void => {
      bytes = read;
    };
    const chunks = readInput(path, { ...decode, onProgress });
    for await (const { stretch } of chunks) {
      const decoded = decodedOf(stretch);
      const events = decoded.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
      const badRecords = decoded.flatMap((one) => (one.kind === 'bad' ? [one.record] : []));
      const skipped = decoded.length - events.length - badRecords.length;
      records += events.length + badRecords.length;
      tell({ bytes: before + bytes, totalBytes, records });
      yield { events: events.filter(where), badRecords, skipped };
    }
    before += sizes[index] ?? 0;
  }
}
