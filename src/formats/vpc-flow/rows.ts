import {
  BEHIND,
  borrowKernel,
  KERNEL_ROWS,
  type Kernel,
  MOST_SHORT_TEXTS,
  returnKernel,
  SHORT_TEXT_WORDS,
} from './kernel/kernel.ts';

/** Flow log records as they stand in a buffer: where each begins, and where each of its columns ends. */
export interface Rows {
  readonly bytes: Buffer;
  readonly columns: number;
  readonly count: number;
  /** By row. */
  readonly starts: Int32Array;
  /** By row × columns + column: the offset of the byte behind the column. */
  readonly ends: Int32Array;
  /**
   * Reads a column of whole numbers of up to {@link KERNEL_ROWS} rows, NaN for an absent one; answers
   * the rows, counted from `from`, whose value is no number up to `most`.
   */
  integers(column: number, from: number, count: number, most: number, values: Float64Array): Int32Array;
  /** Reads a column of IPv4 addresses, with 4 as their family; answers the rows that have anything else. */
  addresses(
    column: number,
    from: number,
    count: number,
    values: Int32Array,
    families: Uint8Array,
  ): Int32Array;
  /** The rows, counted from `from`, whose column is a text. Valid until the next call. */
  equal(column: number, from: number, count: number, text: ShortText): Int32Array;
  /**
   * Reads a column into codes; answers the rows, counted from `from`, whose text is none of those that
   * are known. Valid until the next call.
   */
  codes(column: number, from: number, count: number, known: ShortTexts, codes: Int32Array): Int32Array;
  /** The rows, counted from `from`, whose column is not as in the row before. Valid until the next call. */
  changes(column: number, from: number, count: number): Int32Array;
}

/** A text of up to 8 bytes, for {@link Rows.equal}. */
export interface ShortText {
  /** The bytes, the first one lowest. */
  readonly bits: bigint;
  readonly length: number;
}

export function shortText(text: string): ShortText {
  const bytes = Buffer.alloc(8);
  const length = bytes.write(text, 'latin1');
  return { bits: bytes.readBigUInt64LE(), length };
}

/** A few texts of up to 8 bytes with their codes, for {@link Rows.codes}. */
export interface ShortTexts {
  readonly words: Int32Array;
  readonly count: number;
  /** Adds one unless it is there; false for a text that is too long, or when there are enough. */
  add(bytes: Buffer, start: number, end: number, code: number): boolean;
  clear(): void;
}

export function shortTexts(): ShortTexts {
  const words = new Int32Array(SHORT_TEXT_WORDS * MOST_SHORT_TEXTS);
  const bytes = Buffer.from(words.buffer);
  let count = 0;
  return {
    words,
    get count() {
      return count;
    },
    add(text, start, end, code) {
      for (let known = 0; known < count; known++)
        if (words[known * SHORT_TEXT_WORDS + 3] === code) return true;
      const length = end - start;
      if (length > 8 || count === MOST_SHORT_TEXTS) return false;
      const at = SHORT_TEXT_WORDS * count++;
      words.fill(0, at, at + 2);
      text.copy(bytes, at * Int32Array.BYTES_PER_ELEMENT, start, end);
      words[at + 2] = length;
      words[at + 3] = code;
      return true;
    },
    clear() {
      count = 0;
    },
  };
}

/** A line that has not as many columns as the format. */
export interface OddLine {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  /** 0-based, counted from the first line that was split. */
  readonly index: number;
}

export interface Split {
  readonly rows: Rows;
  /** By row: its line, 0-based, counted from the first line that was split. */
  readonly lineOf: (row: number) => number;
  readonly oddLines: readonly OddLine[];
  /** Lines that were split, empty ones too. */
  readonly lines: number;
}

/** Splits texts of whole lines into columns; what it gives is valid until the next one is split. */
export interface RowSplitter {
  /** Offsets in what it gives are counted from `start`. */
  split(text: Uint8Array, start: number, end: number): Split;
  /** Gives its memory back. */
  close(): void;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const NONE: readonly OddLine[] = [];

/** Makes a splitter for records of so many columns. */
export function rowSplitter(columns: number): RowSplitter {
  let kernel: Kernel | undefined;
  const kernelFor = (length: number): Kernel => {
    if (kernel !== undefined && kernel.bytes.length >= length + BEHIND) return kernel;
    if (kernel !== undefined) returnKernel(kernel);
    kernel = borrowKernel(length);
    return kernel;
  };
  return {
    split(text, start, end) {
      const length = end - start;
      const own = kernelFor(length);
      own.bytes.set(text.subarray(start, end));
      const { exports, bytes, places, starts } = own;
      exports.useRows(columns, places.byteOffset, starts.byteOffset);
      const found = exports.separate(bytes.byteOffset, length);
      const lines = exports.controlsFound();
      const isRegular =
        bytes[length - 1] === NEWLINE && lines * columns === found && exports.regular(0, lines) !== 0;
      return isRegular
        ? { rows: rowsOf(own, columns, lines), lineOf: (row) => row, oddLines: NONE, lines }
        : splitByLine(own, columns, length);
    },
    close() {
      if (kernel !== undefined) returnKernel(kernel);
      kernel = undefined;
    },
  };
}

function rowsOf(kernel: Kernel, columns: number, count: number): Rows {
  const { exports, bytes, places, starts, numbers, words, flags, rows, shortTexts: texts } = kernel;
  const told = (found: number): Int32Array => rows.subarray(0, found);
  return {
    bytes,
    columns,
    count,
    starts,
    ends: places,
    equal: (column, from, size, { bits, length }) =>
      told(exports.equal(from, size, column, bits, length, rows.byteOffset)),
    codes(column, from, size, known, codes) {
      texts.set(known.words);
      const { byteOffset } = words;
      const others = exports.codesOf(
        from,
        size,
        column,
        texts.byteOffset,
        known.count,
        byteOffset,
        rows.byteOffset,
      );
      codes.set(words.subarray(0, size));
      return told(others);
    },
    changes: (column, from, size) => told(exports.changes(from, size, column, rows.byteOffset)),
    integers(column, from, size, most, values) {
      const faults = exports.integers(from, size, column, most, numbers.byteOffset, rows.byteOffset);
      values.set(numbers.subarray(0, size));
      return told(faults);
    },
    addresses(column, from, size, values, families) {
      const { byteOffset } = words;
      const others = exports.addresses(from, size, column, byteOffset, flags.byteOffset, rows.byteOffset);
      values.set(words.subarray(0, size));
      families.set(flags.subarray(0, size));
      return told(others);
    },
  };
}

/** The plain way, for a text in which a line has another number of columns or a control character. */
function splitByLine(kernel: Kernel, columns: number, length: number): Split {
  const { bytes, starts, places } = kernel;
  const lineNumbers: number[] = [];
  const oddLines: OddLine[] = [];
  let lines = 0;
  let filled = 0;
  for (let begin = 0; begin < length; lines++) {
    const newline = bytes.indexOf(NEWLINE, begin);
    const next = newline === -1 || newline >= length ? length : newline;
    const stop = next > begin && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    let column = 0;
    for (let at = begin; at < stop && column < columns; at++) {
      if (bytes[at] === SPACE) places[filled + column++] = at;
    }
    if (column === columns - 1) {
      places[filled + column] = stop;
      starts[lineNumbers.length] = begin;
      lineNumbers.push(lines);
      filled += columns;
    } else if (stop > begin) oddLines.push({ start: begin, end: stop, index: lines });
    begin = next + 1;
  }
  const rows = rowsOf(kernel, columns, lineNumbers.length);
  return { rows, lineOf: (row) => lineNumbers[row] ?? 0, oddLines, lines };
}
