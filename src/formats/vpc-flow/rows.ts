/** Flow log records as they stand in a buffer: where each begins, and where each of its columns ends. */
export interface Rows {
  readonly bytes: Buffer;
  readonly columns: number;
  count: number;
  /** By row. */
  readonly starts: Int32Array;
  /** By row × columns + column: the offset of the byte behind the column. */
  readonly ends: Int32Array;
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

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Splits the lines of a buffer into columns; everything from `start` to `end` must be whole lines. */
export type RowSplitter = (bytes: Buffer, start: number, end: number) => Split;

/** Makes a splitter for records of so many columns; its arrays are used again by the next split. */
export function rowSplitter(columns: number): RowSplitter {
  let starts = new Int32Array(0);
  let ends = new Int32Array(0);
  return (bytes, start, end) => {
    // One place for every byte: a line may be all spaces.
    if (ends.length < end - start) {
      ends = new Int32Array(end - start);
      starts = new Int32Array(Math.ceil((end - start) / columns));
    }
    const rows: Rows = { bytes, columns, count: 0, starts, ends };
    const { found, controls } = separators(bytes, start, end, ends);
    return controls * columns === found && isRegular(rows, start, controls)
      ? { rows, lineOf: (row) => row, oddLines: NONE, lines: controls }
      : splitByLine(rows, start, end);
  };
}

const NONE: readonly OddLine[] = [];

/**
 * Notes the place of every byte up to a space, and counts the control characters among them, of
 * which a flow log has newlines only. Four bytes are looked at together: most hold no separator.
 */
function separators(
  bytes: Buffer,
  start: number,
  end: number,
  places: Int32Array,
): { found: number; controls: number } {
  let found = 0;
  let controls = 0;
  const take = (from: number, until: number): void => {
    for (let at = from; at < until; at++) {
      const byte = bytes[at] as number;
      if (byte > SPACE) continue;
      places[found++] = at;
      if (byte < SPACE) controls++;
    }
  };
  if (!LITTLE_ENDIAN || (bytes.byteOffset & 3) !== 0) {
    take(start, end);
    return { found, controls };
  }
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const firstWord = (start + 3) >> 2;
  const lastWord = end >> 2;
  take(start, Math.min(firstWord << 2, end));
  for (let index = firstWord; index < lastWord; index++) {
    const word = words[index] as number;
    // Sets the high bit of every byte below 0x21, and perhaps of one behind such a byte.
    if (((word - 0x21212121) & ~word & 0x80808080) === 0) continue;
    const place = index << 2;
    const first = word & 255;
    const second = (word >>> 8) & 255;
    const third = (word >>> 16) & 255;
    const fourth = word >>> 24;
    if (first <= SPACE) {
      places[found++] = place;
      if (first < SPACE) controls++;
    }
    if (second <= SPACE) {
      places[found++] = place + 1;
      if (second < SPACE) controls++;
    }
    if (third <= SPACE) {
      places[found++] = place + 2;
      if (third < SPACE) controls++;
    }
    if (fourth <= SPACE) {
      places[found++] = place + 3;
      if (fourth < SPACE) controls++;
    }
  }
  take(Math.max(lastWord << 2, Math.min(firstWord << 2, end)), end);
  return { found, controls };
}

/** Whether every line ends where its last column does; notes where the rows begin. */
function isRegular(rows: Rows, start: number, lines: number): boolean {
  const { bytes, columns, starts, ends } = rows;
  let begin = start;
  for (let row = 0, last = columns - 1; row < lines; row++, last += columns) {
    starts[row] = begin;
    const newline = ends[last] as number;
    if (bytes[newline] !== NEWLINE) return false;
    begin = newline + 1;
  }
  rows.count = lines;
  return true;
}

/** The plain way, for a stretch in which a line has another number of columns or a control character. */
function splitByLine(rows: Rows, start: number, end: number): Split {
  const { bytes, columns, starts, ends } = rows;
  const lineNumbers: number[] = [];
  const oddLines: OddLine[] = [];
  let lines = 0;
  let filled = 0;
  for (let begin = start; begin < end; lines++) {
    const newline = bytes.indexOf(NEWLINE, begin);
    const next = newline === -1 || newline >= end ? end : newline;
    const stop = next > begin && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    let column = 0;
    for (let at = begin; at < stop && column < columns; at++) {
      if (bytes[at] === SPACE) ends[filled + column++] = at;
    }
    if (column === columns - 1) {
      ends[filled + column] = stop;
      starts[lineNumbers.length] = begin;
      lineNumbers.push(lines);
      filled += columns;
    } else if (stop > begin) oddLines.push({ start: begin, end: stop, index: lines });
    begin = next + 1;
  }
  rows.count = lineNumbers.length;
  return { rows, lineOf: (row) => lineNumbers[row] ?? 0, oddLines, lines };
}
