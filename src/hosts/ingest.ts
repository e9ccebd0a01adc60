import { setImmediate as immediately } from 'node:timers/promises';
import type { Clue } from '../detect/clue.ts';
import type { Detector } from '../detect/detector.ts';
import { tally } from '../detect/tally.ts';
import type { BadRecord, Event } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { Chunk } from '../sources/files.ts';
import type { Position } from '../store/store.ts';

/** What was found in a stretch of a source, ready to be stored. */
export interface Ingested {
  readonly runs: readonly Run[];
  readonly badRecords: readonly BadRecord[];
  /** What correlations are made of. */
  readonly clues: readonly Clue[];
  /** Events that somebody else looks at, too. */
  readonly kept: readonly Event[];
  /** Records that the rules have seen. */
  readonly events: number;
  /** The same by the format that they are of. */
  readonly byFormat: ReadonlyMap<string, number>;
  /** Records of another time than was asked for. */
  readonly outside: number;
  readonly skipped: number;
  /** How far the source has been read; nothing when it is not known. */
  readonly position?: Position;
}

export interface IngestSizes {
  /** Findings and raw records that are held before they are stored. */
  readonly held: number;
  /** Records that are read before what was found in them is stored, so that a restart does not begin anew. */
  readonly records: number;
}

const SIZES: IngestSizes = { held: 5_000, records: 1_000_000 };

const CHUNKS_IN_A_ROW = 8;

/** Reads a source to its end and tells what the rules find, as much at once as fits in hand. */
export async function* ingest(
  chunks: AsyncIterable<Chunk>,
  detect: Detector,
  window: number,
  { held, records }: IngestSizes = SIZES,
): AsyncGenerator<Ingested> {
  const found = tally(window);
  let badRecords: BadRecord[] = [];
  let clues: Clue[] = [];
  let kept: Event[] = [];
  let events = 0;
  let byFormat = new Map<string, number>();
  let outside = 0;
  let skipped = 0;
  let position: Position | undefined;
  const take = (): Ingested => {
    const taken = {
      runs: found.take(),
      badRecords,
      clues,
      kept,
      events,
      byFormat,
      outside,
      skipped,
      ...(position === undefined ? {} : { position }),
    };
    badRecords = [];
    clues = [];
    kept = [];
    events = 0;
    byFormat = new Map();
    outside = 0;
    skipped = 0;
    return taken;
  };
  const takeClue = (clue: Clue): void => void clues.push(clue);
  let read = 0;
  for await (const chunk of chunks) {
    // Files are read without waiting: timers, signals and the calls of a response have their turn here.
    if (++read % CHUNKS_IN_A_ROW === 0) await immediately();
    const looked = await detect(chunk.stretch, found, takeClue);
    events += looked.events;
    for (const [format, count] of looked.byFormat) byFormat.set(format, (byFormat.get(format) ?? 0) + count);
    outside += looked.outside;
    skipped += looked.skipped;
    for (const record of looked.badRecords) badRecords.push(record);
    for (const event of looked.kept) kept.push(event);
    ({ position } = chunk);
    if (found.size + badRecords.length + clues.length + kept.length >= held || events >= records)
      yield take();
  }
  if (position !== undefined) yield take();
}
