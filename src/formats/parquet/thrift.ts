/** Deeper than anything in Parquet's own structures. */
const DEPTH = 16;
/** A 64-bit number needs ten bytes of seven bits. */
const VARINT_BYTES = 10;

const TYPE = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
};

/**
 * Where a Thrift structure that begins at `from` ends, or nothing when these bytes do not hold a
 * whole one that says nothing absurd. The reader of the library trusts lengths and nesting, and
 * some bytes are enough to make it ask for more memory than there is: so they are walked first.
 * Source: Apache Thrift, "Thrift compact protocol encoding".
 */
export function endOfStruct(bytes: Uint8Array, from: number): number | undefined {
  let at = from;

  const varint = (): number | undefined => {
    let value = 0;
    for (let count = 0; count < VARINT_BYTES && at < bytes.length; count++) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  const skip = (length: number | undefined): boolean => {
    if (length === undefined || length > bytes.length - at) return false;
    at += length;
    return true;
  };
  const value = (type: number, depth: number, inList: boolean): boolean => {
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return inList ? skip(1) : true;
      case TYPE.byte:
        return skip(1);
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        return varint() !== undefined;
      case TYPE.double:
        return skip(8);
      case TYPE.binary:
        return skip(varint());
      case TYPE.list:
        return depth < DEPTH && list(depth + 1);
      case TYPE.struct:
        return depth < DEPTH && struct(depth + 1);
      default:
        return false;
    }
  };
  const list = (depth: number): boolean => {
    const head = bytes[at++];
    if (head === undefined) return false;
    const size = head >> 4 === 15 ? varint() : head >> 4;
    // Every element takes a byte at least.
    if (size === undefined || size > bytes.length - at) return false;
    for (let index = 0; index < size; index++) if (!value(head & 0x0f, depth, true)) return false;
    return true;
  };
  const struct = (depth: number): boolean => {
    while (at < bytes.length) {
      const head = bytes[at++] as number;
      if ((head & 0x0f) === TYPE.stop) return true;
      if (head >> 4 === 0 && varint() === undefined) return false;
      if (!value(head & 0x0f, depth, false)) return false;
    }
    return false;
  };
  return struct(0) ? at : undefined;
}
