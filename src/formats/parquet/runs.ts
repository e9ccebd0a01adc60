/** Values in one group of a bit-packed run. */
const GROUP = 8;
const WIDEST = 32;
const BLOCK_LIMIT = 65_536;

/**
 * Whether the runs from `from` to `to` hold `values` numbers of `width` bits, and no run claims more
 * than are left: the library writes as many as a run claims, whatever there is room for. Where
 * fewer may be there (`whole` is false), only the claims are looked at.
 * Source: Apache Parquet, "Run Length Encoding / Bit-Packing Hybrid".
 */
export function runsFit(bytes: Uint8Array, { from, to, width, values, whole }: Runs): boolean {
  if (!(width <= WIDEST && to <= bytes.length)) return false;
  let at = from;
  let seen = 0;
  while (seen < values && (whole || at < to)) {
    const header = varintAt(bytes, at, to);
    if (header === undefined) return false;
    const packed = header.value % 2 === 1;
    const count = Math.floor(header.value / 2) * (packed ? GROUP : 1);
    // Packed numbers take bytes, and of the last ones some are padding; without a width they take none.
    const claimed = packed && width > 0 ? 0 : count - (packed ? GROUP - 1 : 0);
    if (count === 0 || claimed > values - seen) return false;
    // The library takes a byte too many where packed numbers take none: nothing may follow.
    if (packed && width === 0 && count < values - seen) return false;
    at = header.end + (packed ? (count / GROUP) * width : Math.ceil(width / 8));
    if (at > to) return false;
    seen += count;
  }
  return true;
}

interface Runs {
  readonly from: number;
  readonly to: number;
  /** Bits of a number. */
  readonly width: number;
  readonly values: number;
  readonly whole: boolean;
}

/** Whether a delta encoding at `from` has blocks of a size that a writer would choose. Source: Apache Parquet, "Delta Encoding". */
export function deltaBlocksFit(bytes: Uint8Array, from: number): boolean {
  const block = varintAt(bytes, from, bytes.length);
  const miniblocks = block === undefined ? undefined : varintAt(bytes, block.end, bytes.length);
  if (block === undefined || miniblocks === undefined) return false;
  return (
    block.value <= BLOCK_LIMIT &&
    miniblocks.value > 0 &&
    miniblocks.value <= block.value &&
    Number.isInteger(block.value / miniblocks.value)
  );
}

function varintAt(bytes: Uint8Array, from: number, to: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let count = 0; count < 5 && from + count < to; count++) {
    const byte = bytes[from + count] as number;
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return { value, end: from + count + 1 };
  }
  return undefined;
}
