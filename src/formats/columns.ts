import type { FieldValue, Origin } from '../model/event.ts';
import { BAD_RECORD_RAW_LIMIT } from '../model/event.ts';
import type { Decoded } from './decoder.ts';
import type { BadFields } from './format.ts';

/**
 * How a column's text becomes a value; `-` is absent in all of them.
 * `endpoint` is `address:port` and becomes two fields, `NAME_ip` and `NAME_port`.
 */
export type ColumnType = 'text' | 'integer' | 'number' | 'endpoint';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** `a b:integer c:endpoint`: the columns of a format in their order. */
export function columns(text: string): Column[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name = '', type = 'text'] = word.split(':');
      return { name, type: type as ColumnType };
    });
}

export type Fields = Record<string, FieldValue>;

/** Gives the values their names and types. */
export function readColumns(
  values: readonly string[],
  format: readonly Column[],
  /** Columns that a record must have; newer ones may be missing, and unknown ones may follow. */
  required: number,
): Fields | BadFields {
  if (values.length < required)
    return { reason: `${values.length} columns where the format has ${required}` };
  const fields: Fields = {};
  for (const [index, { name, type }] of format.entries()) {
    const text = values[index];
    if (text === undefined || text === '-' || text === '') continue;
    switch (type) {
      case 'text':
        fields[name] = text;
        break;
      case 'integer':
      case 'number': {
        const value = Number(text);
        if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
          return { reason: `${name} is no ${type === 'integer' ? 'whole number' : 'number'}` };
        }
        fields[name] = value;
        break;
      }
      case 'endpoint': {
        const colon = text.lastIndexOf(':');
        const port = Number(text.slice(colon + 1));
        if (colon <= 0 || !Number.isInteger(port) || port > 65_535)
          return { reason: `${name} is no address:port` };
        fields[`${name}_ip`] = text.slice(0, colon).replace(/^\[|\]$/g, '');
        fields[`${name}_port`] = port;
      }
    }
  }
  return fields;
}

/** The event, or the bad record with its reason. */
export function decodedRecord(
  format: string,
  fields: Fields | BadFields,
  time: number,
  raw: string,
  origin: Origin,
): Decoded {
  const reason = isBad(fields)
    ? fields.reason
    : Number.isFinite(time)
      ? undefined
      : 'the time cannot be read';
  return reason !== undefined
    ? { kind: 'bad', record: { origin, reason, raw: raw.slice(0, BAD_RECORD_RAW_LIMIT) } }
    : { kind: 'event', event: { format, time, fields: fields as Fields, raw, origin } };
}

export function isBad(fields: Fields | BadFields): fields is BadFields {
  return 'reason' in fields && typeof fields.reason === 'string' && Object.keys(fields).length === 1;
}
