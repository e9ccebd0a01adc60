const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const MASK = DIGITS - 1;

/**
 * The keys in ascending order and the indexes that bring them there, starting from another order
 * that holds among equal keys. A typed array's own sort knows no second array, and a comparator costs
 * twenty times as much.
 */
export function sortByKeys(
  keys: Uint32Array,
  order: Uint32Array,
): { readonly keys: Uint32Array; readonly order: Uint32Array } {
  const { length } = order;
  let fromKeys: Uint32Array = new Uint32Array(length);
  for (let index = 0; index < length; index++) fromKeys[index] = keys[order[index] ?? 0] ?? 0;
  let fromOrder: Uint32Array = order;
  let toKeys: Uint32Array = new Uint32Array(length);
  let toOrder: Uint32Array = new Uint32Array(length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const places = new Uint32Array(DIGITS);
    for (let index = 0; index < length; index++) {
      const digit = ((fromKeys[index] ?? 0) >>> shift) & MASK;
      places[digit] = (places[digit] ?? 0) + 1;
    }
    if (places[((fromKeys[0] ?? 0) >>> shift) & MASK] === length) continue;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = places[digit] ?? 0;
      places[digit] = sum;
      sum += count;
    }
    for (let index = 0; index < length; index++) {
      const key = fromKeys[index] ?? 0;
      const digit = (key >>> shift) & MASK;
      const place = places[digit] ?? 0;
      places[digit] = place + 1;
      toKeys[place] = key;
      toOrder[place] = fromOrder[index] ?? 0;
    }
    const spare = fromOrder === order ? new Uint32Array(length) : fromOrder;
    [fromKeys, toKeys] = [toKeys, fromKeys];
    [fromOrder, toOrder] = [toOrder, spare];
  }
  return { keys: fromKeys, order: fromOrder };
}

/** 0, 1, 2, … */
export function naturalOrder(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  return order;
}
