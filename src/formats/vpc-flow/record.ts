import { isIP } from 'node:net';
import type { FieldValue } from '../../model/event.ts';
import { type FlowLogField, flowLogField } from './fields.ts';

export const VPC_FLOW = 'vpc-flow';

/** What one line of a flow log says. */
export type FlowRecord =
  | { readonly kind: 'traffic'; readonly time: number; readonly fields: Readonly<Record<string, FieldValue>> }
  /** NODATA (nothing flowed) and SKIPDATA (AWS lost records): right, but no traffic. */
  | { readonly kind: 'status'; readonly status: 'NODATA' | 'SKIPDATA' }
  | { readonly kind: 'bad'; readonly reason: string };

const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr']);
const PORT_FIELDS: ReadonlySet<string> = new Set(['srcport', 'dstport']);
/** Digits that a number holds exactly. */
const MOST_DIGITS = 15;

/** Makes the reader for records of one format: the names of the columns, in order. */
export function flowRecordReader(format: readonly string[]): (line: string) => FlowRecord {
  const columns = format.map(flowLogField);
  const statusColumn = columns.findIndex(({ name }) => name === 'log-status');

  return (line) => {
    const values = line.split(' ');
    if (values.length !== columns.length) {
      return bad(`${values.length} columns where the format has ${columns.length}`);
    }
    const status = statusColumn === -1 ? 'OK' : values[statusColumn];
    if (status === 'NODATA' || status === 'SKIPDATA') return { kind: 'status', status };
    if (status !== 'OK') return bad('log-status is not OK, NODATA or SKIPDATA');

    const fields: Record<string, FieldValue> = {};
    for (let index = 0; index < columns.length; index++) {
      const { name, type } = columns[index] as FlowLogField;
      const text = values[index] ?? '';
      if (text === '-') continue;
      if (text === '') return bad(`${name} is empty`);
      if (type === 'integer') {
        const value = wholeNumber(text);
        if (value === undefined) return bad(`${name} is not a whole number`);
        if (PORT_FIELDS.has(name) && value > 65_535) return bad(`${name} is no port`);
        fields[name] = value;
      } else {
        if (ADDRESS_FIELDS.has(name) && isIP(text) === 0) return bad(`${name} is no IP address`);
        fields[name] = text;
      }
    }
    if (fields.action !== undefined && fields.action !== 'ACCEPT' && fields.action !== 'REJECT') {
      return bad('action is not ACCEPT or REJECT');
    }
    const { start } = fields;
    return { kind: 'traffic', time: typeof start === 'number' ? start * 1000 : 0, fields };
  };
}

function wholeNumber(text: string): number | undefined {
  if (text.length > MOST_DIGITS) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function bad(reason: string): FlowRecord {
  return { kind: 'bad', reason };
}
