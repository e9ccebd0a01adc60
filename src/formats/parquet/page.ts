import zlib from 'node:zlib';
import {
  type ColumnMetaData,
  type DecodedArray,
  type PageHeader,
  type SchemaElement,
  snappyUncompress,
} from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { ParquetFault } from './random-access.ts';
import { deltaBlocksFit, runsFit } from './runs.ts';

export { parquetHeader };

type ColumnDecoder = Parameters<typeof readPage>[2];
type Encoding = NonNullable<PageHeader['data_page_header']>['encoding'];

/** A level of a column at the top of the schema says whether the value is there. */
const LEVELS = { width: 1, whole: true };

/** Values of one page; as many rows are in a whole row group of most writers. */
const VALUES_PER_PAGE = 1024 * 1024;

/** What the library needs to know to decode the pages of a column. */
export function columnDecoder(
  root: SchemaElement,
  element: SchemaElement,
  { path_in_schema: pathInSchema, type }: ColumnMetaData,
): ColumnDecoder {
  return {
    pathInSchema,
    type,
    element,
    schemaPath: [
      { element: root, children: [], count: 2, path: [] },
      { element, children: [], count: 1, path: pathInSchema },
    ],
    codec: 'UNCOMPRESSED',
    parsers: DEFAULT_PARSERS,
  };
}

/** The distinct values of a column. */
export function dictionaryOf(
  header: PageHeader,
  compressed: Uint8Array,
  codec: ColumnMetaData['codec'],
  decoder: ColumnDecoder,
): DecodedArray {
  checkCount(header.dictionary_page_header?.num_values);
  const bytes = decompressed(compressed, header.uncompressed_page_size, codec);
  return convert(decode(header, bytes, decoder, undefined), decoder);
}

/** The values of a data page, one a row; nothing where the row has none. */
export function valuesOf(
  header: PageHeader,
  compressed: Uint8Array,
  codec: ColumnMetaData['codec'],
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): DecodedArray {
  const optional = decoder.element.repetition_type !== 'REQUIRED';
  const { data_page_header: first, data_page_header_v2: second } = header;
  if (header.type === 'DATA_PAGE' && first !== undefined) {
    checkCount(first.num_values);
    const bytes = decompressed(compressed, header.uncompressed_page_size, codec);
    let at = 0;
    if (optional) {
      const length = bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer).getUint32(0, true);
      at = 4 + length;
      check(runsFit(bytes, { ...LEVELS, from: 4, to: at, values: first.num_values }));
    }
    checkValues(bytes, at, { encoding: first.encoding, values: first.num_values, whole: false }, dictionary);
    return counted(decode(header, bytes, decoder, dictionary), first.num_values);
  }
  if (header.type === 'DATA_PAGE_V2' && second !== undefined) {
    checkCount(second.num_values);
    check(second.num_nulls >= 0 && second.num_nulls <= second.num_values);
    const levels = second.definition_levels_byte_length;
    check(second.repetition_levels_byte_length === 0 && levels >= 0 && levels <= compressed.length);
    if (optional) check(runsFit(compressed, { ...LEVELS, from: 0, to: levels, values: second.num_values }));
    const rest = compressed.subarray(levels);
    const values =
      second.is_compressed === false
        ? rest
        : decompressed(rest, header.uncompressed_page_size - levels, codec);
    const bytes = new Uint8Array(levels + values.length);
    bytes.set(compressed.subarray(0, levels));
    bytes.set(values, levels);
    const present = second.num_values - second.num_nulls;
    checkValues(bytes, levels, { encoding: second.encoding, values: present, whole: true }, dictionary);
    const open = { ...header, data_page_header_v2: { ...second, is_compressed: false } };
    return counted(decode(open, bytes, decoder, dictionary), second.num_values);
  }
  throw new ParquetFault(`a page is of the type ${header.type}`);
}

/** The bytes are decompressed and checked: the library only gives them their types. */
function decode(
  header: PageHeader,
  bytes: Uint8Array,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): DecodedArray {
  const reader = { view: new DataView(bytes.buffer), offset: 0 };
  const size = { compressed_page_size: bytes.length, uncompressed_page_size: bytes.length };
  return readPage(reader, { ...header, ...size }, decoder, dictionary, undefined, 0).data ?? [];
}

/** Bytes of their own, so that no offset in them leads to other memory. */
function decompressed(bytes: Uint8Array, length: number, codec: ColumnMetaData['codec']): Uint8Array {
  const options = { maxOutputLength: Math.max(1, length) };
  let result: Uint8Array;
  switch (codec) {
    case 'UNCOMPRESSED':
      result = bytes;
      break;
    case 'SNAPPY':
      result = new Uint8Array(length);
      snappyUncompress(bytes, result);
      break;
    case 'GZIP':
      result = zlib.unzipSync(bytes, options);
      break;
    case 'BROTLI':
      result = zlib.brotliDecompressSync(bytes, options);
      break;
    case 'ZSTD':
      // Node has it since 22.15.
      if (zlib.zstdDecompressSync === undefined) throw new ParquetFault('ZSTD needs Node 22.15 or later');
      result = zlib.zstdDecompressSync(bytes, options);
      break;
    default:
      throw new ParquetFault(`the codec ${codec} is not read`);
  }
  if (result.length !== length) throw new ParquetFault('a page is not as long as it is said to be');
  const owned = result.byteOffset === 0 && result.buffer.byteLength === length;
  return owned && result !== bytes ? result : new Uint8Array(result);
}

interface EncodedValues {
  readonly encoding: Encoding;
  readonly values: number;
  /** False where the absent ones are counted among the values. */
  readonly whole: boolean;
}

function checkValues(
  bytes: Uint8Array,
  at: number,
  { encoding, values, whole }: EncodedValues,
  dictionary: DecodedArray | undefined,
): void {
  switch (encoding) {
    case 'PLAIN':
      return;
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (dictionary === undefined) throw new ParquetFault('a page needs a dictionary that is not there');
      const width = bytes[at] ?? 0;
      check(runsFit(bytes, { from: at + 1, to: bytes.length, width, values, whole }));
      return;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      check(deltaBlocksFit(bytes, at));
      return;
    default:
      throw new ParquetFault(`the encoding ${encoding} is not read`);
  }
}

function checkCount(values: number | undefined): void {
  if (values !== undefined && values >= 0 && values <= VALUES_PER_PAGE) return;
  throw new ParquetFault(`a page is said to hold ${values} values`);
}

function counted(values: DecodedArray, expected: number): DecodedArray {
  check(values.length === expected);
  return values;
}

function check(right: boolean): void {
  if (!right) throw new ParquetFault('a page is damaged');
}
