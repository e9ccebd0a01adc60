import type { ColumnMetaData, DecodedArray, PageHeader, SchemaElement } from 'hyparquet';
import type { ParquetColumn } from './metadata.ts';
import { columnDecoder, dictionaryOf, parquetHeader, valuesOf } from './page.ts';
import { bytesOf, ParquetFault, type RandomAccess } from './random-access.ts';
import { endOfStruct } from './thrift.ts';

/** The values of one column of a row group, of which one page is in memory at a time. */
export interface ColumnCursor {
  readonly name: string;
  /** The values of the page, of which those before {@link at} are taken. */
  page: DecodedArray;
  at: number;
  /** Goes on to the next page; throws when there is none or it is not right. */
  next(): Promise<void>;
}

/** The decoded pages of all columns together, in bytes. */
export interface PageBudget {
  used: number;
}

const WINDOW = 256 * 1024;
const HEADER_LIMIT = 1024 * 1024;
const PAGE_LIMIT = 32 * 1024 * 1024;
const PAGES_LIMIT = 256 * 1024 * 1024;

export function columnCursor(
  file: RandomAccess,
  root: SchemaElement,
  { name, element }: ParquetColumn,
  chunk: ColumnMetaData,
  budget: PageBudget,
): ColumnCursor {
  const decoder = columnDecoder(root, element, chunk);
  const data = Number(chunk.data_page_offset);
  // Some writers put a zero where there is no dictionary.
  const first = Number(chunk.dictionary_page_offset ?? 0n);
  let at = first > 0 && first < data ? first : data;
  const end = at + Number(chunk.total_compressed_size);
  const read = windowOn(file, end);
  let dictionary: DecodedArray | undefined;
  let size = 0;

  const nextHeader = async (): Promise<PageHeader> => {
    for (let length = WINDOW; ; length = HEADER_LIMIT) {
      const bytes = await read(at, Math.min(length, end - at));
      const after = endOfStruct(bytes, 0);
      if (after !== undefined) {
        at += after;
        const header = parquetHeader({
          view: new DataView(bytes.buffer, bytes.byteOffset, after),
          offset: 0,
        });
        checkSize(header.compressed_page_size);
        checkSize(header.uncompressed_page_size);
        return header;
      }
      if (bytes.length >= HEADER_LIMIT || at + bytes.length >= end)
        throw new ParquetFault('a page is damaged');
    }
  };
  const nextPage = async (): Promise<{ header: PageHeader; bytes: Uint8Array }> => {
    if (!(at < end)) throw new ParquetFault('there are fewer values than rows');
    const header = await nextHeader();
    const bytes = await read(at, header.compressed_page_size);
    at += bytes.length;
    budget.used += header.uncompressed_page_size;
    if (budget.used > PAGES_LIMIT) {
      throw new ParquetFault(`the pages of a row are longer than ${PAGES_LIMIT / 1024 / 1024} MiB`);
    }
    return { header, bytes };
  };

  const cursor: ColumnCursor = {
    name,
    page: [],
    at: 0,
    async next() {
      cursor.page = [];
      cursor.at = 0;
      budget.used -= size;
      size = 0;
      do {
        const { header, bytes } = await nextPage();
        if (header.type === 'DICTIONARY_PAGE') {
          if (dictionary !== undefined) throw new ParquetFault('a column has two dictionaries');
          dictionary = dictionaryOf(header, bytes, chunk.codec, decoder);
          continue;
        }
        size += header.uncompressed_page_size;
        if (header.type === 'INDEX_PAGE') continue;
        cursor.page = valuesOf(header, bytes, chunk.codec, decoder, dictionary);
      } while (cursor.page.length === 0);
    },
  };
  return cursor;
}

/** Reads pieces of a file that lie behind each other, in few calls. */
function windowOn(file: RandomAccess, end: number): (at: number, length: number) => Promise<Uint8Array> {
  let window = new Uint8Array(0);
  let windowAt = 0;
  return async (at, length) => {
    if (at < windowAt || at + length > windowAt + window.length) {
      const to = Math.min(end, at + Math.max(length, WINDOW));
      window = (await bytesOf(file, at, Math.max(to, at + length))) as Uint8Array<ArrayBuffer>;
      windowAt = at;
    }
    return window.subarray(at - windowAt, at - windowAt + length);
  };
}

function checkSize(length: number): void {
  if (length >= 0 && length <= PAGE_LIMIT) return;
  throw new ParquetFault(`a page is longer than ${PAGE_LIMIT / 1024 / 1024} MiB`);
}
