import { type Column, type ColumnType, type Fields, readColumns } from '../columns.ts';

const INTEGERS: ReadonlySet<string> = new Set([
  'sc-bytes',
  'sc-status',
  'cs-bytes',
  'c-port',
  'sc-content-len',
  'timestamp(ms)',
  'asn',
  'cs-headers-count',
]);
const NUMBERS: ReadonlySet<string> = new Set([
  'time-taken',
  'time-to-first-byte',
  'timestamp',
  'origin-fbl',
  'origin-lbl',
]);
/**
 * Sources: Amazon CloudFront Developer Guide, "Standard logging reference" and "Use real-time access
 * logs": these are URL-encoded.
 */
const ENCODED: ReadonlySet<string> = new Set([
  'cs(User-Agent)',
  'cs(Referer)',
  'cs(Cookie)',
  'cs-uri-query',
  'cs-user-agent',
  'cs-referer',
  'cs-cookie',
  'cs-accept',
  'cs-accept-encoding',
  'cs-headers',
  'cs-header-names',
]);

export function cloudfrontColumn(name: string): Column {
  const type: ColumnType = INTEGERS.has(name) ? 'integer' : NUMBERS.has(name) ? 'number' : 'text';
  return { name, type };
}

/** The fields of a record, decoded; a text says what is wrong with them. */
export function cloudfrontFields(values: readonly string[], columns: readonly Column[]): Fields | string {
  const fields = readColumns(values, columns, columns.length);
  if (typeof fields === 'string') return fields;
  for (const name of ENCODED) if (typeof fields[name] === 'string') fields[name] = decoded(fields[name]);
  return fields;
}

/** Either a date and a time of day, or seconds or milliseconds since the epoch. */
export function cloudfrontTime(fields: Readonly<Record<string, unknown>>): number {
  const { date, time, timestamp, 'timestamp(ms)': milliseconds } = fields;
  if (milliseconds !== undefined) return Number(milliseconds);
  return timestamp === undefined ? Date.parse(`${date}T${time}Z`) : Number(timestamp) * 1_000;
}

/** CloudFront encodes a percent sign of the viewer again: one round gives what the viewer sent. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
