/**
 * The inner loops over the bytes of flow log records, in AssemblyScript: `npm run kernel` compiles
 * them to `wasm.ts`. Memory is laid out by `memory.ts`; every offset is one of that memory.
 */

const SPACE: i32 = 0x20;
const NEWLINE: i32 = 0x0a;
const DASH: i32 = 0x2d;
const DOT: i32 = 0x2e;
const COLON: i32 = 0x3a;
const ZERO: i32 = 0x30;
/** Digits that a number holds exactly. */
const MOST_DIGITS: i32 = 15;

/** Control characters among what {@link separate} found. */
let controls: i32 = 0;

export function controlsFound(): i32 {
  return controls;
}

/**
 * Writes the offset of every byte up to a space, from `start` to `end`, to the words at `places`;
 * answers how many. Reads up to 15 bytes behind `end`.
 */
export function separate(start: usize, end: usize, places: usize): i32 {
  const space = i8x16.splat(SPACE as i8);
  let out = places;
  let control = 0;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    let found = i8x16.bitmask(i8x16.le_u(bytes, space));
    let below = i8x16.bitmask(i8x16.lt_u(bytes, space));
    const left = (end - at) as i32;
    if (left < 16) {
      const mask = (1 << left) - 1;
      found &= mask;
      below &= mask;
    }
    control += popcnt(below);
    while (found != 0) {
      i32.store(out, (at as i32) + ctz(found));
      out += 4;
      found &= found - 1;
    }
  }
  controls = control;
  return ((out - places) >> 2) as i32;
}

/** Whether every line ends where its last column does; writes where the rows begin to the words at `starts`. */
export function regular(start: i32, rows: i32, columns: i32, places: usize, starts: usize): bool {
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
function columnStart(row: i32, column: i32, columns: i32, places: usize, starts: usize): i32 {
  return column == 0
    ? i32.load(starts + ((row as usize) << 2))
    : i32.load(places + (((row * columns + column - 1) as usize) << 2)) + 1;
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function isAbsent(start: i32, end: i32): bool {
  return end == start + 1 && (load<u8>(start as usize) as i32) == DASH;
}

/**
 * Reads a column of whole numbers into the doubles at `values`, NaN for an absent one; writes the
 * rows whose value is no number up to `most` to the words at `faults`, and answers how many.
 */
export function integers(
  from: i32,
  count: i32,
  column: i32,
  columns: i32,
  places: usize,
  starts: usize,
  most: f64,
  values: usize,
  faults: usize,
): i32 {
  let faulty = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column, columns, places, starts);
    const end = i32.load(places + ((((from + row) * columns + column) as usize) << 2));
    const out = values + ((row as usize) << 3);
    let value: i64 = 0;
    let good = end > start && end - start <= MOST_DIGITS;
    if (good) {
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
 * Reads a column of addresses: IPv4 addresses into the words at `values` with a 4 in the bytes at
 * `families`, 0 in both for an absent one; writes the rows that have anything else to the words at
 * `others`, and answers how many.
 */
export function addresses(
  from: i32,
  count: i32,
  column: i32,
  columns: i32,
  places: usize,
  starts: usize,
  values: usize,
  families: usize,
  others: usize,
): i32 {
  let other = 0;
  for (let row = 0; row < count; row++) {
    const start = columnStart(from + row, column, columns, places, starts);
    const end = i32.load(places + ((((from + row) * columns + column) as usize) << 2));
    let value: u32 = 0;
    let part: u32 = 0;
    let digits = 0;
    let dots = 0;
    let good = end - start <= 15;
    for (let at = start; good && at < end; at++) {
      const digit = ((load<u8>(at as usize) as i32) - ZERO) as u32;
      if (digit <= 9) {
        // A leading zero is octal to some and decimal to others: it is no address.
        good = !(part == 0 && digits > 0);
        part = part * 10 + digit;
        digits++;
      } else {
        good = digit == ((DOT - ZERO) as u32) && digits > 0 && part <= 255;
        value = (value << 8) | part;
        part = 0;
        digits = 0;
        dots++;
      }
    }
    good = good && dots == 3 && digits > 0 && part <= 255;
    const word = values + ((row as usize) << 2);
    const family = families + (row as usize);
    if (good) {
      i32.store(word, ((value << 8) | part) as i32);
      store<u8>(family, 4);
      continue;
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
