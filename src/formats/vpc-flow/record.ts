import type { FieldValue } from '../../model/event.ts';
import { type FlowLogField, flowLogField } from './fields.ts';
import type { Rows } from './rows.ts';
import { integerAt, isAbsent, type ValueKind, valueFault, valueKind } from './values.ts';

export const VPC_FLOW = 'vpc-flow';

/** What one line of a flow log says. */
export type FlowRecord =
  | { readonly kind: 'traffic'; readonly time: number; readonly fields: Readonly<Record<string, FieldValue>> }
  /** NODATA (nothing flowed) and SKIPDATA (AWS lost records): right, but no traffic. */
  | { readonly kind: 'status'; readonly status: 'NODATA' | 'SKIPDATA' }
  | { readonly kind: 'bad'; readonly reason: string };

/** The columns of one flow log format, in order. */
export interface FlowLayout {
  readonly columns: readonly FlowColumn[];
  /** Where the column of a name is, or -1. */
  indexOf(name: string): number;
}

export interface FlowColumn extends FlowLogField {
  readonly kind: ValueKind;
}

export function flowLayout(format: readonly string[]): FlowLayout {
  const columns = format.map((name) => {
    const field = flowLogField(name);
    return { ...field, kind: valueKind(field) };
  });
  const places = new Map(columns.map(({ name }, index) => [name, index]));
  return { columns, indexOf: (name) => places.get(name) ?? -1 };
}

export function columnStart({ columns, starts, ends }: Rows, row: number, column: number): number {
  return column === 0 ? (starts[row] as number) : (ends[row * columns + column - 1] as number) + 1;
}

export function columnEnd({ columns, ends }: Rows, row: number, column: number): number {
  return ends[row * columns + column] as number;
}

const OK = 0x4f4b;

/** Whether a record is of traffic; without a log-status all are. */
export function isTraffic(rows: Rows, row: number, statusColumn: number): boolean {
  if (statusColumn === -1) return true;
  const end = columnEnd(rows, row, statusColumn);
  const { bytes } = rows;
  return (
    end - columnStart(rows, row, statusColumn) === 2 &&
    (((bytes[end - 2] as number) << 8) | (bytes[end - 1] as number)) === OK
  );
}

/** A whole record, every column of it checked. */
export function readRow(layout: FlowLayout, rows: Rows, row: number): FlowRecord {
  const { bytes } = rows;
  const statusColumn = layout.indexOf('log-status');
  if (!isTraffic(rows, row, statusColumn)) {
    const status = textOf(rows, row, statusColumn);
    return status === 'NODATA' || status === 'SKIPDATA'
      ? { kind: 'status', status }
      : { kind: 'bad', reason: 'log-status is not OK, NODATA or SKIPDATA' };
  }
  const fields: Record<string, FieldValue> = {};
  for (const [index, column] of layout.columns.entries()) {
    const start = columnStart(rows, row, index);
    const end = columnEnd(rows, row, index);
    if (isAbsent(bytes, start, end)) continue;
    const reason = valueFault(bytes, start, end, column, column.kind);
    if (reason !== undefined) return { kind: 'bad', reason };
    fields[column.name] = isNumber(column.kind)
      ? integerAt(bytes, start, end)
      : bytes.toString('utf8', start, end);
  }
  const { start } = fields;
  return { kind: 'traffic', time: typeof start === 'number' ? start * 1000 : 0, fields };
}

/** Whether {@link readRow} would read the record as traffic. */
export function isWhole(layout: FlowLayout, rows: Rows, row: number): boolean {
  const { bytes } = rows;
  for (let index = 0; index < layout.columns.length; index++) {
    const column = layout.columns[index] as FlowColumn;
    const start = columnStart(rows, row, index);
    const end = columnEnd(rows, row, index);
    if (!isAbsent(bytes, start, end) && valueFault(bytes, start, end, column, column.kind) !== undefined)
      return false;
  }
  return isTraffic(rows, row, layout.indexOf('log-status'));
}

export function isNumber(kind: ValueKind): boolean {
  return kind === 'integer' || kind === 'port';
}

export function textOf(rows: Rows, row: number, column: number): string {
  return rows.bytes.toString('utf8', columnStart(rows, row, column), columnEnd(rows, row, column));
}

/** The line of a record, without its end. */
export function lineOf({ bytes, columns, starts, ends }: Rows, row: number): string {
  return bytes.toString('utf8', starts[row], ends[(row + 1) * columns - 1]);
}
