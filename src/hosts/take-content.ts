import type { Detector } from '../detect/detector.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { parquetBatches } from '../formats/parquet/events.ts';
import { isParquet, type RandomAccess } from '../formats/parquet/random-access.ts';
import { decodedStretch } from '../formats/stretch.ts';
import type { Pieces } from '../sources/content.ts';
import { type Chunk, readStream } from '../sources/files.ts';
import type { Position, Store } from '../store/store.ts';
import { type Ingested, type IngestSizes, ingest } from './ingest.ts';
import type { Taker } from './taker.ts';

/** From bytes to what is stored of them. */
export interface Pipeline {
  readonly store: Store;
  readonly detect: Detector;
  readonly take: Taker['take'];
  /** Milliseconds between two events of a subject that still belong to one incident. */
  readonly window: number;
  readonly sizes?: IngestSizes;
}

/** Nothing of a content, or nothing more of it, can be read however often it is tried. */
export class UnreadableContent extends Error {
  override readonly name = 'UnreadableContent';
}

/** The bytes broke on their way; another time they may come. */
export class InterruptedContent extends Error {
  override readonly name = 'InterruptedContent';
}

/** Bytes that come from afar, from front to end and, where that is possible, in pieces. */
export interface RemoteContent {
  readonly pieces: Pieces;
  /** Parquet is read so. */
  readonly ranges?: RandomAccess;
}

export interface TakeOptions extends DecodeOptions {
  /** Tells one content under a name from another. */
  readonly fingerprint: string;
  /** The id that the content is remembered by once it is read to its end. */
  readonly processedAs: string;
}

/** Read again after an interruption, that much at most is judged for nothing. */
const SIZES: IngestSizes = { held: 5_000, records: 100_000 };

/**
 * Reads a content to its end, judges it and stores what was found together with how far it was read; a
 * content that was read in part goes on there. Throws {@link InterruptedContent} and
 * {@link UnreadableContent}; what was stored before is not judged again.
 */
export async function takeContent(
  pipeline: Pipeline,
  content: RemoteContent,
  name: string,
  { processedAs, ...options }: TakeOptions,
): Promise<void> {
  const { store, detect, take, window, sizes = SIZES } = pipeline;
  const stored = await store.position(name);
  const position = stored?.fingerprint === options.fingerprint ? stored : undefined;
  const faults: ContentFaults = { interrupted: undefined, damage: undefined };
  const chunks = remoteChunks(content, name, { ...options, position }, faults);
  let pending: Ingested | undefined;
  for await (const ingested of ingest(chunks, detect, window, sizes)) {
    // Whether what came last is as it was written is not known.
    if (faults.interrupted !== undefined) throw faults.interrupted;
    if (pending === undefined && position === undefined && nothingReadable(ingested))
      throw new UnreadableContent(ingested.badRecords[0]?.reason ?? 'nothing can be read');
    if (pending !== undefined) await take(pending);
    pending = ingested;
  }
  if (faults.interrupted !== undefined) throw faults.interrupted;
  if (faults.damage !== undefined) {
    if (pending !== undefined) await take(pending);
    throw new UnreadableContent(faults.damage);
  }
  const { runs, badRecords, clues, kept } = pending ?? { runs: [], badRecords: [], clues: [], kept: [] };
  await take({ runs, badRecords, clues, kept }, [
    { kind: 'position-gone', source: name },
    { kind: 'processed', id: processedAs, at: Date.now() },
  ]);
}

function nothingReadable({ events, badRecords, skipped }: Ingested): boolean {
  return events === 0 && skipped === 0 && badRecords.length > 0;
}

/** What the readers cannot say themselves. */
export interface ContentFaults {
  interrupted: InterruptedContent | undefined;
  /** What is wrong with the compressed bytes. */
  damage: string | undefined;
}

interface ChunkOptions extends DecodeOptions {
  readonly fingerprint: string;
  readonly position: Position | undefined;
}

/** Reads a content from afar; what ended it early is noted in `faults`, not thrown. */
export async function* remoteChunks(
  { pieces, ranges }: RemoteContent,
  name: string,
  options: ChunkOptions,
  faults: ContentFaults,
): AsyncGenerator<Chunk> {
  const interrupt = (error: unknown): void => {
    faults.interrupted ??= new InterruptedContent((error as Error).message, { cause: error });
  };
  const { head, all } = await headAndAll(pieces, interrupt);
  if (ranges !== undefined && isParquet(head)) {
    await all.return(undefined);
    yield* parquetChunks(watched(ranges, interrupt), name, options);
    return;
  }
  const onBroken = (reason: string): void => {
    if (faults.interrupted === undefined) faults.damage = reason;
  };
  yield* readStream(all, name, { ...options, onBroken });
}

const HEAD_BYTES = 4;

/** The first bytes, and all of them; whatever breaks is heard of. */
async function headAndAll(
  pieces: Pieces,
  interrupt: (error: unknown) => void,
): Promise<{ head: Buffer; all: AsyncGenerator<Uint8Array> }> {
  async function* heard(): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      interrupt(error);
      throw error;
    }
  }
  const rest = heard();
  let head = Buffer.alloc(0);
  let failed: unknown;
  try {
    while (head.length < HEAD_BYTES) {
      const next = await rest.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
  } catch (error) {
    failed = error;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    if (failed !== undefined) throw failed;
    yield* rest;
  }
  const whole = all();
  return {
    head,
    all: Object.assign(whole, {
      // A generator that has not begun would not end the one inside.
      return: async (value: unknown) => {
        await rest.return(undefined);
        return { done: true as const, value };
      },
    }),
  };
}

function watched(ranges: RandomAccess, interrupt: (error: unknown) => void): RandomAccess {
  return {
    byteLength: ranges.byteLength,
    slice: (start, end) =>
      ranges.slice(start, end).catch((error: unknown) => {
        interrupt(error);
        throw error;
      }),
  };
}

/** The rows of a Parquet content: a position counts them as lines. */
async function* parquetChunks(
  file: RandomAccess,
  source: string,
  { position, fingerprint, context }: ChunkOptions,
): AsyncGenerator<Chunk> {
  for await (const { decoded, rows } of parquetBatches(file, source, {
    context,
    from: position?.lines ?? 0,
  })) {
    yield {
      stretch: decodedStretch(decoded),
      position: { source, fingerprint, offset: Math.min(rows, file.byteLength - 1), lines: rows },
    };
  }
}
