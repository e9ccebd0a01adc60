/**
 * The inner loops over the bytes of flow log records, in AssemblyScript: `npm run kernel` compiles
 * them to `wasm.ts`. `kernel.ts` lays out the memory; every offset is one of it.
 */

const SPACE: i32 = 0x20;
const NEWLINE: i32 = 0x0a;
const DASH: i32 = 0x2d;
const DOT: i32 = 0x2e;
const ZERO: i32 = 0x30;
/** Digits that a number holds exactly. */
const MOST_DIGITS: i32 = 15;

let columns: i32 = 0;
/** Where the words are that say where each column of each row ends. */
let places: usize = 0;
/** Where the words are that say where each row begins. */
let starts: usize = 0;

/** Says how many columns the rows have, and where it stands where they are. */
export function useRows(columnCount: i32, placesAt: usize, startsAt: usize): void {
  columns = columnCount;
  places = placesAt;
  starts = startsAt;
}

/** Control characters among what {@link separate} found. */
let controls: i32 = 0;

export function controlsFound(): i32 {
  return controls;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function upTo(at: usize, most: v128): u64 {
  return (
    (i8x16.bitmask(i8x16.le_u(v128.load(at), most)) as u64) |
    ((i8x16.bitmask(i8x16.le_u(v128.load(at, 16), most)) as u64) << 16) |
    ((i8x16.bitmask(i8x16.le_u(v128.load(at, 32), most)) as u64) << 32) |
    ((i8x16.bitmask(i8x16.le_u(v128.load(at, 48), most)) as u64) << 48)
  );
}

/**
 * Writes the offset of every byte up to a space, from `start` to `end`, to the words at `places`;
 * answers how many. Reads up to 63 bytes behind `end`, and writes up to 3 words behind the last.
 */
export function separate(start: usize, end: usize): i32 {
  const space = i8x16.splat(SPACE as i8);
  const belowSpace = i8x16.splat((SPACE - 1) as i8);
  let out = places;
  let control = 0;
  for (let at = start; at < end; at += 64) {
    let found = upTo(at, space);
    let below = upTo(at, belowSpace);
    const left = end - at;
    if (left < 64) {
      const mask = ((1 as u64) << (left as u64)) - 1;
      found &= mask;
      below &= mask;
    }
    control += popcnt(below) as i32;
    const next = out + ((popcnt(found) as usize) << 2);
    // Four at a time: how many there are is harder to foresee than that there are some.
    while (found != 0) {
      i32.store(out, (at as i32) + (ctz(found) as i32));
      found &= found - 1;
      i32.store(out, (at as i32) + (ctz(found) as i32), 4);
      found &= found - 1;
      i32.store(out, (at as i32) + (ctz(found) as i32), 8);
      found &= found - 1;
      i32.store(out, (at as i32) + (ctz(found) as i32), 12);
      found &= found - 1;
      out += 16;
    }
    out = next;
  }
  controls = control;
  return ((out - places) >> 2) as i32;
}

/** Whether every line ends where its last column does; writes where the rows begin to the words at `starts`. */
export function regular(start: i32, rows: i32): bool {
  let begin = start;
  let last = places + (((columns - 1) as usize) << 2);
  for (let row = 0; row < rows; row++) {
    i32.store(starts + ((row as usize) << 2), begin);
    const newline = i32.load(last);
    if ((load<u8>(newline as usize) as i32) != NEWLINE) return false;
    begin = newline + 1;
    last += (columns as usize) << 2;
  }
  return true;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function columnStart(row: i32, column: i32): i32 {
  return column == 0
    ? i32.load(starts + ((row as usize) << 2))
    : i32.load(places + (((row * columns + column - 1) as usize) << 2)) + 1;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function columnEnd(row: i32, column: i32): i32 {
  return i32.load(places + (((row * columns + column) as usize) << 2));
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function isAbsent(start: i32, end: i32): bool {
  return end == start + 1 && (load<u8>(start as usize) as i32) == DASH;
}

const ZEROS: u64 = 0x3030303030303030;
/** Carries a byte above 9 into its high bit. */
const ABOVE_NINE: u64 = 0x7676767676767676;
const HIGH_BITS: u64 = 0x8080808080808080;
const PAIR: u64 = 0x000000ff000000ff;
const HUNDRED_AND_MILLION: u64 = 0x000f424000000064;
const ONE_AND_TEN_THOUSAND: u64 = 0x0000271000000001;

/**
 * Reads a column of whole numbers into the doubles at `values`, NaN for an absent one; writes the
 * rows whose value is no number up to `most` to the words at `faults`, and answers how many.
 */
export function integers(
  from: i32,
  count: i32,
  column: i32,
  most: f64,
  values: usize,
  faults: usize,
): i32 {
  let faulty = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column);
    const end = columnEnd(from + row, column);
    const out = values + ((row as usize) << 3);
    const length = end - start;
    let value: i64 = 0;
    let good = length > 0 && length <= MOST_DIGITS;
    if (good && length <= 8) {
      // The digits come to stand in the highest bytes, behind zeros.
      const shift = ((8 - length) << 3) as u64;
      const digits = (load<u64>(start as usize) << shift) ^ (ZEROS << shift);
      good = (((digits + ABOVE_NINE) | digits) & HIGH_BITS) == 0;
      const pairs = digits * 10 + (digits >> 8);
      value = (((pairs & PAIR) * HUNDRED_AND_MILLION + ((pairs >> 16) & PAIR) * ONE_AND_TEN_THOUSAND) >> 32) as i64;
    } else if (good) {
      for (let at = start; at < end; at++) {
        const digit = (load<u8>(at as usize) as i32) - ZERO;
        if ((digit as u32) > 9) {
          good = false;
          break;
        }
        value = value * 10 + (digit as i64);
      }
    }
    if (good && (value as f64) <= most) {
      f64.store(out, value as f64);
      continue;
    }
    f64.store(out, f64.NaN);
    if (!isAbsent(start, end)) {
      i32.store(faults + ((faulty as usize) << 2), row);
      faulty++;
    }
  }
  return faulty;
}

/**
 * Writes the rows whose column is the text of up to 8 bytes in `text`, lowest byte first, to the
 * words at `found`; answers how many. Reads up to 7 bytes behind a column.
 */
export function equal(
  from: i32,
  count: i32,
  column: i32,
  text: u64,
  length: i32,
  found: usize,
): i32 {
  const mask: u64 = length == 8 ? ~(0 as u64) : ((1 as u64) << ((length as u64) << 3)) - 1;
  let out = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column);
    const end = columnEnd(from + row, column);
    i32.store(found + ((out as usize) << 2), row);
    out += ((end - start == length) as i32) & (((load<u64>(start as usize) & mask) == text) as i32);
  }
  return out;
}

/**
 * Reads a column of which some texts of up to 8 bytes are known into the words at `codes`. Of each of
 * the `known` texts there are 16 bytes at `texts`: its bytes, lowest first, its length and its code.
 * Writes the rows that have another text to the words at `others`, and answers how many. Reads up to 7
 * bytes behind a column.
 */
export function codesOf(
  from: i32,
  count: i32,
  column: i32,
  texts: usize,
  known: i32,
  codes: usize,
  others: usize,
): i32 {
  const end = texts + ((known as usize) << 4);
  let other = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column);
    const length = columnEnd(from + row, column) - start;
    const mask: u64 = length >= 8 ? ~(0 as u64) : ((1 as u64) << ((length as u64) << 3)) - 1;
    const text = load<u64>(start as usize) & mask;
    let code = 0;
    let unknown = 1;
    // All are compared with: which of them it is cannot be foreseen.
    for (let at = texts; at < end; at += 16) {
      const same = ((load<u64>(at) == text) as i32) & ((i32.load(at, 8) == length) as i32);
      code |= -same & i32.load(at, 12);
      unknown -= same;
    }
    i32.store(codes + ((row as usize) << 2), code);
    i32.store(others + ((other as usize) << 2), row);
    other += unknown;
  }
  return other;
}

/** Writes the rows whose column is not as in the row before to the words at `found`; answers how many. */
export function changes(
  from: i32,
  count: i32,
  column: i32,
  found: usize,
): i32 {
  let out = 0;
  let before = 0;
  let lengthBefore = -1;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column);
    const length = columnEnd(from + row, column) - start;
    let same = length == lengthBefore;
    for (let at = 0; same && at < length; at += 8) {
      const left = length - at;
      const mask: u64 = left >= 8 ? ~(0 as u64) : ((1 as u64) << ((left as u64) << 3)) - 1;
      same = ((load<u64>((start + at) as usize) ^ load<u64>((before + at) as usize)) & mask) == 0;
    }
    before = start;
    lengthBefore = length;
    if (same) continue;
    i32.store(found + ((out as usize) << 2), row);
    out++;
  }
  return out;
}

/**
 * Where the digits of an IPv4 address are, by where its parts end. Of the patterns only those of
 * three dots within 15 characters occur: 81 of them, and entry 0 for all others.
 */
const ENTRY: usize = 32;
let patterns: usize = 0;
/** The number of the entry by the bits of the places behind each part. */
let entries: usize = 0;

/** Fills the 82 × 32 bytes at `patternsAt` and the 65,536 at `entriesAt`, which are 0 before. */
export function describeAddresses(patternsAt: usize, entriesAt: usize): void {
  patterns = patternsAt;
  entries = entriesAt;
  let entry: usize = 0;
  for (let a = 1; a <= 3; a++) {
    for (let b = 1; b <= 3; b++) {
      for (let c = 1; c <= 3; c++) {
        for (let d = 1; d <= 3; d++) {
          entry++;
          const at = patterns + entry * ENTRY;
          const ends = (1 << a) | (1 << (a + b + 1)) | (1 << (a + b + c + 2)) | (1 << (a + b + c + d + 3));
          store<u8>(entries + (ends as usize), entry as u8);
          let begin = 0;
          for (let part = 0; part < 4; part++) {
            const length = part == 0 ? a : part == 1 ? b : part == 2 ? c : d;
            for (let digit = 0; digit < 4; digit++) {
              const lane = at + ((part * 4 + digit) as usize);
              // Hundreds, tens and ones; a lane that is not used reads as 0.
              const place = begin + digit - (3 - length);
              const used = digit < 3 && digit >= 3 - length;
              store<u8>(lane, used ? (place as u8) : 0xff);
              // A first digit of several must not be 0: a leading zero is octal to some.
              store<u8>(lane + 16, digit < 3 && length > 1 && digit == 3 - length ? 0xff : 0);
            }
            begin += length + 1;
          }
        }
      }
    }
  }
}

const HUNDREDS_TENS_ONES = i16x8(100, 10, 1, 0, 100, 10, 1, 0);

/**
 * Reads a column of addresses: IPv4 addresses into the words at `values` with a 4 in the bytes at
 * `families`, 0 in both for an absent one; writes the rows that have anything else to the words at
 * `others`, and answers how many. Reads up to 15 bytes behind an address.
 */
export function addresses(
  from: i32,
  count: i32,
  column: i32,
  values: usize,
  families: usize,
  others: usize,
): i32 {
  const zeros = i8x16.splat(ZERO as i8);
  const dots = i8x16.splat((DOT - ZERO) as i8);
  const nine = i8x16.splat(9);
  const most = i32x4.splat(255);
  let other = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column);
    const end = columnEnd(from + row, column);
    const length = end - start;
    const word = values + ((row as usize) << 2);
    const family = families + (row as usize);
    if (length <= 15 && length > 0) {
      const text = i8x16.sub(v128.load(start as usize), zeros);
      const behind = 1 << length;
      const parts = (i8x16.bitmask(i8x16.eq(text, dots)) & (behind - 1)) | behind;
      const pattern = patterns + (load<u8>(entries + (parts as usize)) as usize) * ENTRY;
      const digits = i8x16.swizzle(text, v128.load(pattern));
      const zeroFirst = v128.and(i8x16.eq(digits, i8x16.splat(0)), v128.load(pattern, 16));
      const bad = v128.or(i8x16.gt_u(digits, nine), zeroFirst);
      const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(digits), HUNDREDS_TENS_ONES);
      const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(digits), HUNDREDS_TENS_ONES);
      const numbers = i32x4.add(
        v128.shuffle<i32>(low, high, 0, 2, 4, 6),
        v128.shuffle<i32>(low, high, 1, 3, 5, 7),
      );
      const wrong = v128.or(bad, i32x4.gt_s(numbers, most));
      if (pattern != patterns && !v128.any_true(wrong)) {
        const value =
          (i32x4.extract_lane(numbers, 0) << 24) |
          (i32x4.extract_lane(numbers, 1) << 16) |
          (i32x4.extract_lane(numbers, 2) << 8) |
          i32x4.extract_lane(numbers, 3);
        i32.store(word, value);
        store<u8>(family, 4);
        continue;
      }
    }
    i32.store(word, 0);
    store<u8>(family, 0);
    if (!isAbsent(start, end)) {
      i32.store(others + ((other as usize) << 2), row);
      other++;
    }
  }
  return other;
}
