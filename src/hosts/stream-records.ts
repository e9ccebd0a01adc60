import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { _Record as StreamRecord } from '@aws-sdk/client-kinesis';
import { type BadRecord, badRecord, type Event } from '../model/event.ts';
import { deaggregated } from '../sources/aggregated-record.ts';
import { readStream } from '../sources/files.ts';
import { isGzip } from '../sources/lines.ts';
import type { Position } from '../store/store.ts';
import { type Pipeline, take } from './ingest.ts';

export interface RecordSettings {
  readonly logFormat?: readonly string[] | undefined;
  /** The fields of CloudFront real-time logs, which have no line that names them. */
  readonly fields?: readonly string[] | undefined;
}

const EVENTS_AT_ONCE = 10_000;
/** What unpacks to more is a bomb: Kinesis takes at most 10 MiB of it, packed. */
const UNPACKED_LIMIT = 64 * 1024 * 1024;

/**
 * Judges and stores the records of a shard together with how far it is read; `ended` is the token of a
 * shard that has no more. A part that is stored ends between two records, also when they are aggregated.
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
  for (const [index, { SequenceNumber = '', Data = new Uint8Array() }] of records.entries()) {
    const decoded = await decodeRecord(Data, SequenceNumber, at, settings);
    events.push(...decoded.events);
    badRecords.push(...decoded.badRecords);
    at = { ...at, token: SequenceNumber, offset: at.offset + 1 };
    if (events.length + badRecords.length < EVENTS_AT_ONCE || index === records.length - 1) continue;
    await take(pipeline, { events, badRecords, position: at });
    events = [];
    badRecords = [];
  }
  if (records.length === 0 && ended === undefined) return;
  await take(pipeline, { events, badRecords, position: ended === undefined ? at : { ...at, token: ended } });
}

async function decodeRecord(
  data: Uint8Array,
  sequenceNumber: string,
  { source: shard, offset: ordinal }: Position,
  { logFormat: flowLogFormat, fields }: RecordSettings,
): Promise<{ events: Event[]; badRecords: BadRecord[] }> {
  const events: Event[] = [];
  const badRecords: BadRecord[] = [];
  /** All bad records of a shard are of one source, so that rubbish in a stream stays within its limits. */
  const setAside = (raw: string, reason: string): void => {
    const origin = { source: shard, offset: ordinal, line: badRecords.length + 1 };
    badRecords.push(badRecord(raw, `${reason} (sequence number ${sequenceNumber})`, origin));
  };
  const contents = deaggregated(data);
  for (const [index, content] of contents.entries()) {
    const name = `${shard}/${sequenceNumber}${contents.length === 1 ? '' : `.${index}`}`;
    const bytes = unpacked(content);
    if (bytes === undefined) {
      setAside('', 'gzip is damaged, or unpacks to more than 64 MiB');
      continue;
    }
    const header = fields === undefined ? '' : `#Version: 1.0\n#Fields: ${fields.join(' ')}\n`;
    const stream = Readable.from([Buffer.from(header), bytes].filter(({ length }) => length > 0));
    for await (const chunk of readStream(stream, name, { flowLogFormat })) {
      events.push(...chunk.events);
      for (const { raw, reason } of chunk.badRecords) setAside(raw, reason);
    }
  }
  return { events, badRecords };
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
