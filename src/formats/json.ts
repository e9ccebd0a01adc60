import { BAD_RECORD_RAW_LIMIT, type FieldValue, type Origin } from '../model/event.ts';
import type { Decoded } from './decoder.ts';
import type { JsonFormat, JsonRecord } from './format.ts';

/** The events in one JSON value: a record, a list of them, or an envelope around them. */
export function* decodeJsonValue(
  value: unknown,
  formats: readonly JsonFormat[],
  origin: Origin,
): Generator<Decoded> {
  const records = [...unwrapped(value)];
  for (const [index, record] of records.entries()) {
    // A file of one document has no lines: the place of a record in its envelope stands for it.
    const place = records.length === 1 ? origin : { ...origin, line: index + 1 };
    yield decodeRecord(record, formats, place);
  }
}

function decodeRecord(record: unknown, formats: readonly JsonFormat[], origin: Origin): Decoded {
  const raw = JSON.stringify(record) ?? '';
  const bad = (reason: string): Decoded => ({
    kind: 'bad',
    record: { origin, reason, raw: raw.slice(0, BAD_RECORD_RAW_LIMIT) },
  });
  if (!isRecord(record)) return bad('not a JSON object');
  const format = formats.find((one) => one.recognises(record));
  if (format === undefined) return bad('no log format that Cordon knows');
  const time = format.timeOf(record);
  if (!Number.isFinite(time)) return bad('the time cannot be read');
  const fields = record as Readonly<Record<string, FieldValue>>;
  return { kind: 'event', event: { format: format.name, time, fields, raw, origin } };
}

/**
 * Sources: AWS CloudTrail User Guide, "CloudTrail record contents" (`Records`); Amazon EventBridge
 * User Guide, "Events" (`detail`); AWS Security Hub User Guide, "EventBridge formats" (`findings`).
 */
function* unwrapped(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const one of value) yield* unwrapped(one);
  } else if (!isRecord(value)) yield value;
  else if (Array.isArray(value.Records)) yield* value.Records;
  else if (typeof value['detail-type'] === 'string' && isRecord(value.detail)) yield* unwrapped(value.detail);
  else if (Array.isArray(value.findings)) yield* value.findings;
  else if (Array.isArray(value.Findings)) yield* value.Findings;
  else yield value;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A time as ISO 8601 text; NaN for anything else. */
export function isoTime(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}
