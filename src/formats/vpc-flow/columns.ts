import type { FieldValue } from '../../model/event.ts';
import {
  type AddressColumn,
  type CodedColumn,
  type Column,
  IPV6,
  type NumberColumn,
  type Records,
} from '../../model/records.ts';
import { byteTexts } from './byte-texts.ts';
import { KERNEL_ROWS } from './kernel/kernel.ts';
import { columnEnd, columnStart, type FlowLayout, isNumber, lineOf, readRow } from './record.ts';
import { type Rows, shortTexts } from './rows.ts';
import { integerAt, isAbsent, valueFault } from './values.ts';

/** Records that are tested together: their columns stay in the processor's cache. */
export const SLICE_ROWS = KERNEL_ROWS;

/** A stretch of rows as columns, of which those that are asked for are read. */
export interface FlowColumns extends Records {
  /** Reads the columns of up to {@link SLICE_ROWS} rows from one on; answers the rows whose values cannot be. */
  load(rows: Rows, from: number, count: number): readonly number[];
}

interface Loader {
  readonly column: Column;
  /** Fills the column; calls `fault` with every row whose value cannot be. */
  load(rows: Rows, from: number, count: number, fault: (row: number) => void): void;
}

/** Columns for the named fields of a format, to be loaded again and again. */
export function flowColumns(layout: FlowLayout, fields: Iterable<string>): FlowColumns {
  const loaders = new Map<string, Loader>();
  for (const field of fields) {
    const index = layout.indexOf(field);
    if (index !== -1 && !loaders.has(field)) loaders.set(field, loaderOf(layout, index));
  }
  let loaded: { rows: Rows; from: number; count: number } | undefined;
  let faults: number[] = [];
  const fault = (row: number): void => {
    faults.push(row);
  };
  const place = (row: number): { rows: Rows; row: number } => {
    if (loaded === undefined) throw new Error('no rows are loaded');
    return { rows: loaded.rows, row: loaded.from + row };
  };
  return {
    get count() {
      return loaded?.count ?? 0;
    },
    column: (field) => loaders.get(field)?.column,
    value(row, field) {
      const at = place(row);
      return fieldValue(layout, at.rows, at.row, field);
    },
    fields(row) {
      const at = place(row);
      const record = readRow(layout, at.rows, at.row);
      return record.kind === 'traffic' ? record.fields : {};
    },
    raw(row) {
      const at = place(row);
      return lineOf(at.rows, at.row);
    },
    load(rows, from, count) {
      loaded = { rows, from, count };
      faults = [];
      for (const { load } of loaders.values()) load(rows, from, count, fault);
      return faults;
    },
  };
}

function fieldValue(layout: FlowLayout, rows: Rows, row: number, field: string): FieldValue | undefined {
  const index = layout.indexOf(field);
  const column = layout.columns[index];
  if (column === undefined) return undefined;
  const start = columnStart(rows, row, index);
  const end = columnEnd(rows, row, index);
  if (isAbsent(rows.bytes, start, end)) return undefined;
  return isNumber(column.kind) ? integerAt(rows.bytes, start, end) : rows.bytes.toString('utf8', start, end);
}

function loaderOf(layout: FlowLayout, index: number): Loader {
  switch (layout.columns[index]?.kind) {
    case 'integer':
      return numberLoader(index, Number.MAX_SAFE_INTEGER);
    case 'port':
      return numberLoader(index, 65_535);
    case 'address':
      return addressLoader(layout, index);
    default:
      return codedLoader(layout, index);
  }
}

function numberLoader(index: number, most: number): Loader {
  const values = new Float64Array(SLICE_ROWS);
  const column: NumberColumn = { kind: 'number', values };
  return {
    column,
    load(rows, from, count, fault) {
      for (const row of rows.integers(index, from, count, most, values)) fault(row);
    },
  };
}

function addressLoader(layout: FlowLayout, index: number): Loader {
  const field = layout.columns[index];
  const values = new Int32Array(SLICE_ROWS);
  const families = new Uint8Array(SLICE_ROWS);
  const column: AddressColumn = { kind: 'address', values, families };
  return {
    column,
    load(rows, from, count, fault) {
      for (const row of rows.addresses(index, from, count, values, families)) {
        families[row] = IPV6;
        const start = columnStart(rows, from + row, index);
        const end = columnEnd(rows, from + row, index);
        if (field && valueFault(rows.bytes, start, end, field, field.kind) !== undefined) fault(row);
      }
    },
  };
}

function codedLoader(layout: FlowLayout, index: number): Loader {
  const field = layout.columns[index];
  const codes = new Int32Array(SLICE_ROWS);
  const texts = byteTexts((bytes, start, end) =>
    field === undefined ? undefined : valueFault(bytes, start, end, field, field.kind),
  );
  const column: CodedColumn = { kind: 'coded', codes, texts };
  const known = shortTexts();
  let { generation } = texts;
  let fewTexts = true;
  const loadFew = (rows: Rows, from: number, count: number): void => {
    for (const row of rows.codes(index, from, count, known, codes)) {
      const start = columnStart(rows, from + row, index);
      const end = columnEnd(rows, from + row, index);
      const code = texts.codeOf(rows.bytes, start, end);
      codes[row] = code;
      // One that cannot be is looked at each time; most columns have none.
      if (code >= 0 && fewTexts) fewTexts = known.add(rows.bytes, start, end, code);
    }
  };
  const loadMany = (rows: Rows, from: number, count: number): void => {
    let code = 0;
    let filled = 0;
    for (const row of rows.changes(index, from, count)) {
      codes.fill(code, filled, row);
      filled = row;
      const start = columnStart(rows, from + row, index);
      code = texts.codeOf(rows.bytes, start, columnEnd(rows, from + row, index));
    }
    codes.fill(code, filled, count);
  };
  return {
    column,
    load(rows, from, count, fault) {
      texts.makeRoom(count);
      if (texts.generation !== generation) {
        ({ generation } = texts);
        known.clear();
      }
      if (fewTexts) loadFew(rows, from, count);
      else loadMany(rows, from, count);
      if (texts.hasFaults) {
        for (let row = 0; row < count; row++) if ((codes[row] as number) < 0) fault(row);
      }
    },
  };
}
