import { Readable } from 'node:stream';
import type { Detector } from '../detect/detector.ts';
import type { BadRecord, Event } from '../model/event.ts';
import { type IntakeSettings, takeIn } from '../respond/intake.ts';
import { type Chunk, readStream } from '../sources/files.ts';
import { inflatedIfGzip } from '../sources/lines.ts';
import type { Change, Position, Store } from '../store/store.ts';

/** From bytes to what is stored of them. */
export interface Pipeline {
  readonly store: Store;
  readonly detect: Detector;
  readonly settings: IntakeSettings;
  readonly onBadRecord: (record: BadRecord) => void;
  /** Hears that something was stored. */
  readonly onStored: () => void;
}

/** Nothing of a content, or nothing more of it, can be read however often it is tried. */
export class UnreadableContent extends Error {
  override readonly name = 'UnreadableContent';
}

/** The bytes broke on their way; another time they may come. */
export class InterruptedContent extends Error {
  override readonly name = 'InterruptedContent';
}

export interface IngestOptions {
  /** Tells one content under a name from another. */
  readonly fingerprint: string;
  readonly flowLogFormat?: readonly string[] | undefined;
  /** The id that the content is remembered by once it is read to its end. */
  readonly processedAs: string;
}

/**
 * Reads a content from front to end, judges it and stores what was found together with how far it was
 * read; a content that was read in part goes on there. Throws {@link InterruptedContent} and
 * {@link UnreadableContent}; whatever was read before is stored.
 */
export async function ingest(
  pipeline: Pipeline,
  raw: Readable,
  name: string,
  { fingerprint, flowLogFormat, processedAs }: IngestOptions,
): Promise<void> {
  const stored = await pipeline.store.position(name);
  const from = stored?.fingerprint === fingerprint ? stored.offset : 0;
  const { content, faults } = await openContent(raw);
  let pending: Chunk | undefined;
  for await (const chunk of readStream(content, name, { flowLogFormat })) {
    // The reader takes what broke on its way for the end of the content.
    if (faults.fatal !== undefined) throw faults.fatal;
    if (pending === undefined && from === 0 && faults.damage === undefined && nothingReadable(chunk))
      throw new UnreadableContent(chunk.badRecords[0]?.reason ?? 'nothing can be read');
    if (pending !== undefined) await take(pipeline, unreadPart(pending, from, fingerprint));
    pending = chunk;
  }
  if (faults.fatal !== undefined) throw faults.fatal;
  const last = pending === undefined ? EMPTY : unreadPart(pending, from, fingerprint);
  if (faults.damage !== undefined) {
    // The reader's last bad record is the damage itself; it stands with what is set aside.
    const damage = last.badRecords.find(({ raw: none }) => none === '');
    await take(pipeline, { ...last, badRecords: last.badRecords.filter((one) => one !== damage) });
    throw new UnreadableContent(damage?.reason ?? faults.damage);
  }
  const done: Change[] = [
    { kind: 'position-gone', source: name },
    { kind: 'processed', id: processedAs, at: Date.now() },
  ];
  await take(pipeline, { ...last, position: undefined, changes: done });
}

/** Events and bad records of a content, ready to be judged. */
export interface Part {
  readonly events: readonly Event[];
  readonly badRecords: readonly BadRecord[];
  readonly position?: Position | undefined;
  readonly changes?: readonly Change[];
}

const EMPTY: Part = { events: [], badRecords: [] };

/** Judges and stores: all of a part or nothing. */
export async function take(
  { store, detect, settings, onBadRecord, onStored }: Pipeline,
  { events, badRecords, position, changes = [] }: Part,
): Promise<void> {
  const detections = await detect(events);
  const batch = { detections, badRecords, changes, ...(position === undefined ? {} : { position }) };
  await takeIn(store, batch, settings, Date.now);
  badRecords.forEach(onBadRecord);
  onStored();
}

/** What an earlier read has not stored. */
function unreadPart({ events, badRecords, position }: Chunk, from: number, fingerprint: string): Part {
  const isNew = ({ origin }: { origin: { offset: number } }): boolean => origin.offset >= from;
  return {
    events: from === 0 ? events : events.filter(isNew),
    badRecords: from === 0 ? badRecords : badRecords.filter(isNew),
    position: { ...position, fingerprint, offset: Math.max(position.offset, from) },
  };
}

function nothingReadable({ events, badRecords, skipped }: Chunk): boolean {
  return events.length === 0 && skipped === 0 && badRecords.length > 0;
}

/** What the reader of a content cannot say itself. */
interface Faults {
  fatal: InterruptedContent | UnreadableContent | undefined;
  /** What is wrong with the compressed bytes. */
  damage: string | undefined;
}

/** The uncompressed content of a stream, with what goes wrong on its way. */
async function openContent(raw: Readable): Promise<{ content: Readable; faults: Faults }> {
  const faults: Faults = { fatal: undefined, damage: undefined };
  try {
    const content = await inflatedIfGzip(Readable.from(bytesOf(raw, faults), { objectMode: false }));
    content.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code?.startsWith('Z_')) faults.damage = message;
    });
    return { content, faults };
  } catch (error) {
    throw faults.fatal ?? error;
  }
}

async function* bytesOf(raw: Readable, faults: Faults): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  try {
    for await (const chunk of raw as AsyncIterable<Buffer>) {
      if (head === undefined) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < PARQUET.length) continue;
      if (head.subarray(0, PARQUET.length).equals(PARQUET))
        throw new UnreadableContent('Parquet objects are not read yet');
      yield head;
      head = undefined;
    }
  } catch (error) {
    faults.fatal =
      error instanceof UnreadableContent
        ? error
        : new InterruptedContent((error as Error).message, { cause: error });
    throw error;
  }
  if (head !== undefined) yield head;
}

/** Parquet is known by its first four bytes. Source: Apache Parquet, "File Format". */
const PARQUET = Buffer.from('PAR1');
