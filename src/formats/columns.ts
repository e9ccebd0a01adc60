import type { FieldValue, Origin } from '../model/event.ts';
import { bad, type Decoded, UNKNOWN_TIME } from './decoder.ts';

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

/** Gives the values their names and types; a text says what is wrong with them. */
export function readColumns(
  values: readonly string[],
  format: readonly Column[],
  /** Columns that a record must have; newer ones may be missing, and unknown ones may follow. */
  required: number,
): Fields | string {
  if (values.length < required) return `${values.length} columns where the format has ${required}`;
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
          return `${name} is no ${type === 'integer' ? 'whole number' : 'number'}`;
        }
        fields[name] = value;
        break;
      }
      case 'endpoint': {
        const colon = text.lastIndexOf(':');
        const port = Number(text.slice(colon + 1));
        if (colon <= 0 || !Number.isInteger(port) || port > 65_535) return `${name} is no address:port`;
        fields[`${name}_ip`] = text.slice(0, colon).replace(/^\[|\]$/g, '');
        fields[`${name}_port`] = port;
      }
    }
  }
  return fields;
}

/** The event, or the bad record: a text in place of the fields says what is wrong with them. */
export function decodedRecord(
  format: string,
  fields: Fields | string,
  time: number,
  raw: string,
  origin: Origin,
): Decoded {
  if (typeof fields === 'string') return bad(raw, fields, origin);
  if (!Number.isFinite(time)) return bad(raw, UNKNOWN_TIME, origin);
  return { kind: 'event', event: { format, time, fields, raw, origin } };
}
