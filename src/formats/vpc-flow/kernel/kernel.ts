import { KERNEL_WASM } from './wasm.ts';

/** What `kernel.as.ts` exports; every place is an offset in the memory. */
interface Exports {
  describeAddresses(patterns: number, entries: number): void;
  useRows(columns: number, places: number, starts: number): void;
  separate(start: number, end: number): number;
  controlsFound(): number;
  regular(start: number, rows: number): number;
  readonly integers: ReadColumn<[most: number, values: number, faults: number]>;
  readonly addresses: ReadColumn<[values: number, families: number, others: number]>;
  readonly equal: ReadColumn<[text: bigint, length: number, found: number]>;
  readonly changes: ReadColumn<[found: number]>;
  readonly codesOf: ReadColumn<[texts: number, known: number, codes: number, others: number]>;
}

/** Reads one column of some rows; answers how many rows it tells apart. */
type ReadColumn<Places extends unknown[]> = (
  from: number,
  count: number,
  column: number,
  ...places: Places
) => number;

/** The inner loops with the memory that they work in. */
export interface Kernel {
  readonly exports: Exports;
  readonly bytes: Buffer;
  /** Where separators are, or columns end. */
  readonly places: Int32Array;
  readonly starts: Int32Array;
  readonly numbers: Float64Array;
  readonly words: Int32Array;
  readonly flags: Uint8Array;
  /** Rows that are told apart. */
  readonly rows: Int32Array;
  /** Of each short text that is known {@link SHORT_TEXT_WORDS}: its bytes, its length and its code. */
  readonly shortTexts: Int32Array;
}

export const SHORT_TEXT_WORDS = 4;
/** Short texts that a column is compared with. */
export const MOST_SHORT_TEXTS = 4;

/** Rows whose columns are read at once. */
export const KERNEL_ROWS = 1_024;

const PAGE = 64 * 1024;
/** The kernel looks at 64 bytes together. */
export const BEHIND = 64;
/** What the kernel knows of the shapes of IPv4 addresses. */
const PATTERN_BYTES = 82 * 32;
const ENTRY_BYTES = 64 * 1024;
/** Kernels that are kept for the next contents. */
const KEPT = 4;

let compiled: WebAssembly.Module | undefined;
const free: Kernel[] = [];

/** A kernel for texts of so many bytes; {@link returnKernel} gives it back. */
export function borrowKernel(capacity: number): Kernel {
  const index = free.findIndex((kernel) => kernel.bytes.length >= capacity + BEHIND);
  const [known] = index === -1 ? [] : free.splice(index, 1);
  return known ?? newKernel(capacity);
}

/** Memory of a kernel is not made for every file: there are only so many at a time. */
export function returnKernel(kernel: Kernel): void {
  if (free.length < KEPT) free.push(kernel);
}

function newKernel(capacity: number): Kernel {
  let size = 0;
  const place = (bytes: number): number => {
    const at = size;
    size += (bytes + 15) & ~15;
    return at;
  };
  const length = capacity + BEHIND;
  const bytes = place(length);
  // A text may be all spaces, and a row a single newline.
  const places = place(4 * length);
  const starts = place(4 * length);
  const numbers = place(8 * KERNEL_ROWS);
  const words = place(4 * KERNEL_ROWS);
  const flags = place(KERNEL_ROWS);
  const rows = place(4 * KERNEL_ROWS);
  const shortTexts = place(4 * SHORT_TEXT_WORDS * MOST_SHORT_TEXTS);
  const patterns = place(PATTERN_BYTES);
  const entries = place(ENTRY_BYTES);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL_WASM, 'base64'));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const { buffer } = memory;
  const exports = instance.exports as unknown as Exports;
  exports.describeAddresses(patterns, entries);
  return {
    exports,
    bytes: Buffer.from(buffer, bytes, length),
    places: new Int32Array(buffer, places, length),
    starts: new Int32Array(buffer, starts, length),
    numbers: new Float64Array(buffer, numbers, KERNEL_ROWS),
    words: new Int32Array(buffer, words, KERNEL_ROWS),
    flags: new Uint8Array(buffer, flags, KERNEL_ROWS),
    rows: new Int32Array(buffer, rows, KERNEL_ROWS),
    shortTexts: new Int32Array(buffer, shortTexts, SHORT_TEXT_WORDS * MOST_SHORT_TEXTS),
  };
}
