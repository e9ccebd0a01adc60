import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { _Record as StreamRecord } from '@aws-sdk/client-kinesis';
import { type BadRecord, badRecord, type Event } from '../model/event.ts';
import { deaggregated } from '../sources/aggregated-record.ts';
import { readStream } from '../sources/files.ts';
import { isGzip } from '../sources/lines.ts';
import type { Position } from '../store/store.ts';
import { type Pipeline, take } from './take-content.ts';

export interface RecordSettings {
  readonly logFormat?: readonly string[] | undefined;
  /** The fields of CloudFront real-time logs, which have no line that names them. */
  readonly fields?: readonly string[] | undefined;
}

const ITEMS_AT_ONCE = 10_000;
/** What unpacks to more is a bomb: Kinesis takes at most 10 MiB, and CloudWatch Logs sends far less. */
const UNPACKED_LIMIT = 32 * 1024 * 1024;

/**
 * Judges and stores the records of a shard together with how far it is read; `ended` is the token of a
 * shard that has no more. A position's `token` is the sequence number of the last whole record, `offset`
 * counts the records up to it, and `lines` what is stored already of the record behind it.
 */
export async function takeRecords(
  pipeline: Pipeline,
  settings: RecordSettings,
  records: readonly StreamRecord[],
  position: Position,
  ended: string | undefined,
): Promise<void> {
  let at = position;
  let events: Event[] = [];
  let badRecords: BadRecord[] = [];
  for (const record of records) {
    const stored = at.lines;
    let seen = 0;
    for await (const part of partsOf(record, at, settings)) {
      seen += part.events.length + part.badRecords.length;
      if (seen <= stored) continue;
      events = events.concat(part.events);
      badRecords = badRecords.concat(part.badRecords);
      if (events.length + badRecords.length < ITEMS_AT_ONCE) continue;
      at = { ...at, lines: seen };
      await take(pipeline, { events, badRecords, position: at });
      events = [];
      badRecords = [];
    }
    at = { ...at, token: record.SequenceNumber ?? '', offset: at.offset + 1, lines: 0 };
  }
  if (records.length === 0 && ended === undefined) return;
  await take(pipeline, { events, badRecords, position: ended === undefined ? at : { ...at, token: ended } });
}

interface Decoded {
  readonly events: readonly Event[];
  readonly badRecords: readonly BadRecord[];
}

/** What a record holds, always in the same parts. */
async function* partsOf(
  { SequenceNumber = '', Data = new Uint8Array() }: StreamRecord,
  { source: shard, offset: ordinal }: Position,
  { logFormat: flowLogFormat, fields }: RecordSettings,
): AsyncGenerator<Decoded> {
  let bad = 0;
  /** All bad records of a shard are of one source, so that rubbish in a stream stays within its limits. */
  const setAside = (raw: string, reason: string): BadRecord => {
    const origin = { source: shard, offset: ordinal, line: ++bad };
    return badRecord(raw, `${reason} (sequence number ${SequenceNumber})`, origin);
  };
  const contents = deaggregated(Data);
  for (const [index, content] of contents.entries()) {
    const name = `${shard}/${SequenceNumber}${contents.length === 1 ? '' : `.${index}`}`;
    const bytes = unpacked(content);
    if (bytes === undefined) {
      yield { events: [], badRecords: [setAside('', 'gzip is damaged, or unpacks to more than 32 MiB')] };
      continue;
    }
    const header = Buffer.from(fields === undefined ? '' : `#Version: 1.0\n#Fields: ${fields.join(' ')}\n`);
    const stream = Readable.from([header, bytes].filter(({ length }) => length > 0));
    for await (const { events, badRecords } of readStream(stream, name, { flowLogFormat })) {
      yield {
        events: header.length === 0 ? events : events.map((event) => movedUp(event, header.length)),
        badRecords: badRecords.map(({ raw, reason }) => setAside(raw, reason)),
      };
    }
  }
}

const HEADER_LINES = 2;

/** The place of an event in the record as it came, without the header that was put before it. */
function movedUp(event: Event, bytes: number): Event {
  const { offset, line, ...origin } = event.origin;
  return { ...event, origin: { ...origin, offset: offset - bytes, line: line - HEADER_LINES } };
}

function unpacked(content: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT });
  } catch {
    return undefined;
  }
}
