import { isIP } from 'node:net';
import type { FieldValue } from '../../model/event.ts';
import { flowLogField } from './fields.ts';

export const VPC_FLOW = 'vpc-flow';

/** What one line of a flow log says. */
export type FlowRecord =
  | { readonly kind: 'traffic'; readonly time: number; readonly fields: Readonly<Record<string, FieldValue>> }
  /** NODATA (nothing flowed) and SKIPDATA (AWS lost records): right, but no traffic. */
  | { readonly kind: 'status'; readonly status: 'NODATA' | 'SKIPDATA' }
  | { readonly kind: 'bad'; readonly reason: string };

const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr']);
const PORT_FIELDS: ReadonlySet<string> = new Set(['srcport', 'dstport']);
const INTEGER = /^\d{1,16}$/;

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
    for (const [index, { name, type }] of columns.entries()) {
      const text = values[index] ?? '';
      if (text === '-') continue;
      if (text === '') return bad(`${name} is empty`);
      if (type === 'integer') {
        if (!INTEGER.test(text)) return bad(`${name} is not a whole number`);
        const value = Number(text);
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

function bad(reason: string): FlowRecord {
  return { kind: 'bad', reason };
}
