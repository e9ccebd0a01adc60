import type { _Record as StreamRecord } from '@aws-sdk/client-kinesis';
import { bad } from '../formats/decoder.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { decodedStretch } from '../formats/stretch.ts';
import type { BadRecord } from '../model/event.ts';
import { deaggregated } from '../sources/aggregated-record.ts';
import { type Chunk, readStream } from '../sources/files.ts';
import type { Position } from '../store/store.ts';
import { type IngestSizes, ingest } from './ingest.ts';
import type { Pipeline } from './take-content.ts';

/** What unpacks to more is a bomb: Kinesis takes at most 10 MiB, and CloudWatch Logs sends far less. */
const UNPACKED_LIMIT = 32 * 1024 * 1024;
const SIZES: IngestSizes = { held: 5_000, records: 100_000 };

/**
 * Judges and stores the records of a shard together with how far it is read; `ended` is the token of a
 * shard that has no more. A position's `token` is the sequence number of the last whole record, `offset`
 * counts the records up to it, and `lines` the chunks of the record behind it that are stored.
 */
export async function takeRecords(
  pipeline: Pipeline,
  decode: DecodeOptions,
  records: readonly StreamRecord[],
  position: Position,
  ended: string | undefined,
): Promise<void> {
  const { detect, take, window, sizes = SIZES } = pipeline;
  const places = new Map<string, Place>();
  const chunks = chunksOf(records, decode, position, ended, places);
  for await (const ingested of ingest(chunks, detect, window, sizes)) {
    const badRecords = ingested.badRecords.map((record) => ofShard(record, position.source, places));
    await take({ ...ingested, badRecords });
  }
}

/** Where a record stands in its shard. */
interface Place {
  readonly sequenceNumber: string;
  readonly ordinal: number;
}

async function* chunksOf(
  records: readonly StreamRecord[],
  decode: DecodeOptions,
  position: Position,
  ended: string | undefined,
  places: Map<string, Place>,
): AsyncGenerator<Chunk> {
  let at = position;
  for (const { SequenceNumber = '', Data = new Uint8Array() } of records) {
    const stored = at.lines;
    let seen = 0;
    const contents = deaggregated(Data);
    for (const [index, content] of contents.entries()) {
      const name = `${at.source}/${SequenceNumber}${contents.length === 1 ? '' : `.${index}`}`;
      places.set(name, { sequenceNumber: SequenceNumber, ordinal: at.offset });
      for await (const chunk of readStream([content], name, decode)) {
        seen++;
        const bomb = chunk.position.offset > UNPACKED_LIMIT;
        const stretch = bomb ? tooMuch(name, chunk.position) : chunk.stretch;
        if (seen > stored) yield { stretch, position: { ...at, lines: seen } };
        if (bomb) break;
      }
    }
    at = { ...at, token: SequenceNumber, offset: at.offset + 1, lines: 0 };
    yield { stretch: NOTHING, position: at };
  }
  if (ended !== undefined) yield { stretch: NOTHING, position: { ...at, token: ended } };
}

const NOTHING = decodedStretch([]);

function tooMuch(source: string, { offset, lines }: Position) {
  const reason = `the record unpacks to more than ${UNPACKED_LIMIT / 1024 / 1024} MiB`;
  return decodedStretch([bad('', reason, { source, offset, line: lines })]);
}

/** All bad records of a shard are of one source, so that rubbish in a stream stays within its limits. */
function ofShard(record: BadRecord, shard: string, places: ReadonlyMap<string, Place>): BadRecord {
  const { origin, reason } = record;
  const { sequenceNumber = '', ordinal = 0 } = places.get(origin.source) ?? {};
  return {
    ...record,
    reason: `${reason} (sequence number ${sequenceNumber})`,
    origin: { source: shard, offset: ordinal, line: origin.line },
  };
}
