import type { Origin } from '../../model/event.ts';
import { type Context, withContext } from '../context.ts';
import { bad, type Decoded, UNKNOWN_FORMAT } from '../decoder.ts';
import { contextOfKey } from '../key.ts';
import { PARQUET_FORMATS } from '../registry.ts';
import { type ColumnCursor, columnCursor, type PageBudget } from './column.ts';
import type { ParquetFormat, ParquetValue } from './format.ts';
import { type ParquetContent, type ParquetRowGroup, parquetContent } from './metadata.ts';
import { ParquetFault, type RandomAccess } from './random-access.ts';

export interface ParquetOptions {
  /** What is known of the records from elsewhere; without it, what the source's name says. */
  readonly context?: Context | undefined;
  /** Rows that were read before. */
  readonly from?: number;
}

export interface ParquetBatch {
  readonly decoded: readonly Decoded[];
  /** Rows of the file that have been read with this batch. */
  readonly rows: number;
}

const BATCH_ROWS = 2_000;
/** Of the rows' texts: a dictionary makes long texts cheap in a file, and not in memory. */
const BATCH_CHARACTERS = 8 * 1024 * 1024;
/** As the longest line of text. */
const ROW_CHARACTERS = 16 * 1024 * 1024;

/**
 * The events of a Parquet file, some thousand rows at a time. A row's `origin` has its number in
 * place of the byte offset, and its 1-based number as the line. What is wrong with the file is its
 * last bad record; what is wrong within a row group costs the rest of the group.
 * Sources: Apache Parquet, "File Format"; Amazon VPC User Guide, "Flow log files".
 */
export async function* parquetEvents(
  file: RandomAccess,
  source: string,
  options: ParquetOptions = {},
): AsyncGenerator<readonly Decoded[]> {
  for await (const { decoded } of parquetBatches(file, source, options)) yield decoded;
}

/** As {@link parquetEvents}, and how far the reading is. */
export async function* parquetBatches(
  file: RandomAccess,
  source: string,
  { context = contextOfKey(source), from = 0 }: ParquetOptions = {},
): AsyncGenerator<ParquetBatch> {
  const fault = (row: number, error: unknown): Decoded =>
    bad('', `Parquet: ${reasonOf(error)}`, originOf(source, row));
  let content: ParquetContent;
  try {
    content = await parquetContent(file);
  } catch (error) {
    yield { decoded: [fault(0, error)], rows: 0 };
    return;
  }
  const names = content.columns.map(({ name }) => name);
  const format = PARQUET_FORMATS.find((known) => known.recognises(names));
  if (format === undefined) {
    const reason = `${UNKNOWN_FORMAT} has the columns ${names.join(', ')}`.slice(0, 200);
    yield { decoded: [bad('', reason, originOf(source, 0))], rows: 0 };
    return;
  }
  const table = { file, source, content, format, context };
  let start = 0;
  for (const group of content.rowGroups) {
    const end = start + group.rows;
    let row = start;
    try {
      if (end > from) {
        for await (const batch of rowsOf(table, group, start, from)) {
          row = batch.rows;
          yield batch;
        }
      }
    } catch (error) {
      yield { decoded: [fault(Math.max(row, from), error)], rows: end };
    }
    start = end;
  }
}

interface Table {
  readonly file: RandomAccess;
  readonly source: string;
  readonly content: ParquetContent;
  readonly format: ParquetFormat;
  readonly context: Context | undefined;
}

async function* rowsOf(
  { file, source, content, format, context }: Table,
  group: ParquetRowGroup,
  start: number,
  from: number,
): AsyncGenerator<ParquetBatch> {
  const budget: PageBudget = { used: 0 };
  const cursors = content.columns.map((column, index) => {
    const chunk = group.chunks[index];
    if (chunk === undefined) throw new ParquetFault(`a row group has no column ${column.name}`);
    return columnCursor(file, content.root, column, chunk, budget);
  });
  const names = cursors.map(({ name }) => name);
  const read = format.reader(names);
  const write = rowWriter(names);
  const end = start + group.rows;
  let decoded: Decoded[] = [];
  let characters = 0;
  for (let row = start; row < end; row++) {
    try {
      for (const cursor of cursors) if (cursor.at === cursor.page.length) await cursor.next();
    } catch (error) {
      // What was read before the fault is whole.
      if (decoded.length > 0) yield { decoded, rows: row };
      throw error;
    }
    const values = cursors.map(take);
    if (row < from) continue;
    const origin = originOf(source, row);
    const raw = write(values);
    characters += raw?.length ?? 0;
    const one =
      raw === undefined
        ? bad('', `Parquet: the row is longer than ${ROW_CHARACTERS / 1024 / 1024} MiB`, origin)
        : read(values, raw, origin);
    decoded.push(withContext(one, context));
    if (decoded.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS) {
      yield { decoded, rows: row + 1 };
      decoded = [];
      characters = 0;
    }
  }
  if (decoded.length > 0) yield { decoded, rows: end };
}

function originOf(source: string, row: number): Origin {
  return { source, offset: row, line: row + 1 };
}

function take(cursor: ColumnCursor): ParquetValue {
  const value: unknown = cursor.page[cursor.at++];
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      // What a number does not hold exactly stays the text that it is.
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    default:
      if (value === undefined || value === null) return undefined;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : JSON.stringify(value);
  }
}

/** Makes the writer of rows as JSON: the columns in the file's order, without those that are absent. */
function rowWriter(names: readonly string[]): (values: readonly ParquetValue[]) => string | undefined {
  const labels = names.map((name) => `${JSON.stringify(name)}:`);
  return (values) => {
    let text = '';
    for (let index = 0; index < labels.length; index++) {
      const value = values[index];
      if (value === undefined) continue;
      if (text.length > ROW_CHARACTERS) return undefined;
      text += `${text === '' ? '{' : ','}${labels[index]}${jsonOf(value)}`;
    }
    return text.length > ROW_CHARACTERS ? undefined : `${text || '{'}}`;
  };
}

/** A text of these needs no escapes. */
const PLAIN = /^[\w .:/-]*$/;

function jsonOf(value: string | number | boolean): string {
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** The library's own words where it found the fault; they begin with its name. */
function reasonOf(error: unknown): string {
  if (error instanceof ParquetFault) return error.message;
  const { message, code } = error as NodeJS.ErrnoException;
  if (code !== undefined && !code.startsWith('Z_') && !code.startsWith('ERR_'))
    return `cannot be read: ${code}`;
  return `damaged: ${message.replace(/^parquet /, '')}`;
}
