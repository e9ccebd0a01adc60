import { type ColumnMetaData, type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { bytesOf, isParquet, ParquetFault, type RandomAccess } from './random-access.ts';
import { endOfStruct } from './thrift.ts';

/** A column of plain values; lists and structures are none. */
export interface ParquetColumn {
  readonly name: string;
  readonly element: SchemaElement;
}

export interface ParquetRowGroup {
  readonly rows: number;
  /** In the order of {@link ParquetContent.columns}. */
  readonly chunks: readonly ColumnMetaData[];
}

/** What the footer of a file says is in it. */
export interface ParquetContent {
  readonly root: SchemaElement;
  readonly columns: readonly ParquetColumn[];
  readonly rowGroups: readonly ParquetRowGroup[];
}

/** The length of the footer and the magic bytes behind it. */
const TAIL_BYTES = 8;
const FOOTER_LIMIT = 4 * 1024 * 1024;
const COLUMN_LIMIT = 512;
/** Repetition makes rows cheap, but a record of a log is never so small. */
const ROWS_PER_BYTE = 100;
/** Rows that a file of any size may have. */
const FREE_ROWS = 100_000;

/** Reads the footer; throws a {@link ParquetFault} when it is not right. */
export async function parquetContent(file: RandomAccess): Promise<ParquetContent> {
  const metadata = await footerOf(file);
  const [root, ...elements] = metadata.schema;
  if (root === undefined) throw new ParquetFault('the file has no schema');
  const columns = plainColumns(root, elements);
  if (columns.length === 0) throw new ParquetFault('the file has no column of plain values');
  if (columns.length > COLUMN_LIMIT) throw new ParquetFault(`more than ${COLUMN_LIMIT} columns`);
  const rowGroups = metadata.row_groups.map((group) => {
    const byName = new Map(
      group.columns.flatMap(({ meta_data: chunk }) =>
        chunk?.path_in_schema.length === 1 ? [[chunk.path_in_schema[0], chunk] as const] : [],
      ),
    );
    const chunks = columns.map(({ name }) => {
      const chunk = byName.get(name);
      if (chunk === undefined) throw new ParquetFault(`a row group has no column ${name}`);
      return chunk;
    });
    return { rows: rowsOf(group.num_rows, file.byteLength), chunks };
  });
  rowsOf(
    rowGroups.reduce((sum, { rows }) => sum + rows, 0),
    file.byteLength,
  );
  return { root, columns, rowGroups };
}

async function footerOf(file: RandomAccess): Promise<FileMetaData> {
  if (file.byteLength < TAIL_BYTES + 4) throw new ParquetFault('the file ends in the middle');
  const tail = await bytesOf(file, file.byteLength - TAIL_BYTES, file.byteLength);
  if (!isParquet(tail.subarray(4))) throw new ParquetFault('the file ends in the middle: it has no footer');
  const length = new DataView(tail.buffer).getUint32(0, true);
  const start = file.byteLength - TAIL_BYTES - length;
  if (start < 4) throw new ParquetFault('the footer is said to be longer than the file');
  if (length > FOOTER_LIMIT) {
    throw new ParquetFault(`the footer is longer than ${FOOTER_LIMIT / 1024 / 1024} MiB`);
  }
  const footer = await bytesOf(file, start, file.byteLength);
  if (endOfStruct(footer.subarray(0, length), 0) === undefined)
    throw new ParquetFault('the footer is damaged');
  return parquetMetadata(footer, { geoparquet: false });
}

function rowsOf(claimed: bigint | number, bytes: number): number {
  const rows = Number(claimed);
  if (Number.isInteger(rows) && rows >= 0 && rows <= FREE_ROWS + bytes * ROWS_PER_BYTE) return rows;
  throw new ParquetFault(`${claimed} rows are more than ${bytes} bytes can hold`);
}

/** The columns at the top of the schema, which is a tree written from its root downwards. */
function plainColumns(root: SchemaElement, elements: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  let at = 0;
  for (let child = 0; child < (root.num_children ?? 0); child++) {
    const element = elements[at];
    if (element === undefined) throw new ParquetFault('the schema ends in the middle');
    if (typeof element.name !== 'string') throw new ParquetFault('a column has no name');
    if (!element.num_children && element.repetition_type !== 'REPEATED') {
      columns.push({ name: element.name, element });
    }
    for (let open = 1; open > 0 && at < elements.length; open--) open += elements[at++]?.num_children ?? 0;
  }
  return columns;
}
