import type { FieldValue, Origin } from '../model/event.ts';
import { bad, type Decoded, UNKNOWN_FORMAT, UNKNOWN_TIME } from './decoder.ts';
import type { JsonFormat, JsonRecord } from './format.ts';

export const NOT_JSON = 'not JSON';

/** A value that was read from a text; `null` is one too. */
export interface ParsedJson {
  readonly value: unknown;
}

export function parseJson(text: string): ParsedJson | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * The events in one JSON value: a record, a list of them, or an envelope around them. `text` is what
 * the value was read from.
 */
export function* decodeJsonValue(
  value: unknown,
  formats: readonly JsonFormat[],
  origin: Origin,
  text: string,
): Generator<Decoded> {
  const records = [...unwrapped(value)];
  for (const [index, record] of records.entries()) {
    // A file of one document has no lines: the place of a record in its envelope stands for it.
    const place = records.length === 1 ? origin : { ...origin, line: index + 1 };
    yield decodeAny(record, formats, place, record === value ? text : JSON.stringify(record));
  }
}

function decodeAny(record: unknown, formats: readonly JsonFormat[], origin: Origin, raw: string): Decoded {
  if (!isRecord(record)) return bad(raw, 'not a JSON object', origin);
  const format = formats.find((one) => one.recognises(record));
  return format === undefined ? bad(raw, UNKNOWN_FORMAT, origin) : decodeRecord(record, format, origin, raw);
}

/** A record of a format that recognises it. */
export function decodeRecord(record: JsonRecord, format: JsonFormat, origin: Origin, raw: string): Decoded {
  const time = format.timeOf(record);
  if (!Number.isFinite(time)) return bad(raw, UNKNOWN_TIME, origin);
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
  if (typeof value !== 'string') return Number.NaN;
  return value.length === SECONDS_TEXT.length ? secondsTime(value) : Date.parse(value);
}

const SECONDS_TEXT = '2026-11-24T16:03:33Z';
let lastText = '';
let lastTime = Number.NaN;

/** Neighbours in a log are of the same second. */
function secondsTime(text: string): number {
  if (text !== lastText) {
    lastTime = Date.parse(text);
    lastText = text;
  }
  return lastTime;
}
