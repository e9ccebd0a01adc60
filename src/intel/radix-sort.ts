const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const MASK = DIGITS - 1;

/** Keys in ascending order. */
export function sortedKeys(keys: Uint32Array): Uint32Array {
  return sort(keys.slice(), undefined).keys;
}

/**
 * The indexes that bring the keys in ascending order, starting from another order that holds
 * among equal keys. A typed array's own sort knows no second array, and a comparator costs
 * twenty times as much.
 */
export function sortByKeys(keys: Uint32Array, order: Uint32Array): { keys: Uint32Array; order: Uint32Array } {
  const ordered = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index++) ordered[index] = keys[order[index] ?? 0] ?? 0;
  const sorted = sort(ordered, order.slice());
  return { keys: sorted.keys, order: sorted.values ?? order };
}

interface Arrays {
  readonly keys: Uint32Array;
  readonly values: Uint32Array | undefined;
}

/** Least significant digits first; stable. Keys and values are used up. */
function sort(keys: Uint32Array, values: Uint32Array | undefined): Arrays {
  const { length } = keys;
  let from: Arrays = { keys, values };
  let to: Arrays = { keys: new Uint32Array(length), values: values && new Uint32Array(length) };
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const places = new Uint32Array(DIGITS);
    for (let index = 0; index < length; index++) {
      const digit = ((from.keys[index] ?? 0) >>> shift) & MASK;
      places[digit] = (places[digit] ?? 0) + 1;
    }
    // All keys have the same digit here.
    if (places[((from.keys[0] ?? 0) >>> shift) & MASK] === length) continue;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = places[digit] ?? 0;
      places[digit] = sum;
      sum += count;
    }
    move(from.keys, from.values, to.keys, to.values, places, shift);
    [from, to] = [to, from];
  }
  return from;
}

function move(
  keys: Uint32Array,
  values: Uint32Array | undefined,
  toKeys: Uint32Array,
  toValues: Uint32Array | undefined,
  places: Uint32Array,
  shift: number,
): void {
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? 0;
    const digit = (key >>> shift) & MASK;
    const place = places[digit] ?? 0;
    places[digit] = place + 1;
    toKeys[place] = key;
    if (values !== undefined && toValues !== undefined) toValues[place] = values[index] ?? 0;
  }
}

/** 0, 1, 2, … */
export function naturalOrder(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  return order;
}
