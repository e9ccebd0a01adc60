const GOLDEN_RATIO = 0x9e37_79b1;
/** A run of addresses this long has all 32 hashes. */
const LONG_RUN = 64;

/**
 * The filter has two words for each 2^filterBits addresses, side by side in one cache line. A bit of
 * the first stands for a 32nd of these addresses, two bits of the second for hashes of the whole
 * address; an address that is covered has all three.
 */
export function passes(filter: Uint32Array, filterBits: number, address: number): boolean {
  const pair = (address >>> filterBits) << 1;
  const hash = Math.imul(address, GOLDEN_RATIO);
  // Shift counts are taken modulo 32. A fallback for a missing word would have V8 box every word.
  const part = (filter[pair] as number) >>> (address >>> (filterBits - 5));
  const hashes = filter[pair + 1] as number;
  return (part & (hashes >>> (hash >>> 27)) & (hashes >>> (hash >>> 22)) & 1) !== 0;
}

/** Lets the addresses of a run pass. */
export function letPass(filter: Uint32Array, filterBits: number, first: number, last: number): void {
  const partBits = filterBits - 5;
  const long = last - first >= LONG_RUN;
  for (let part = first >>> partBits; part <= last >>> partBits; part++) {
    const pair = (part >>> 5) << 1;
    filter[pair] = (filter[pair] ?? 0) | (1 << (part & 31));
    if (long) filter[pair + 1] = 0xffff_ffff;
  }
  if (long) return;
  for (let address = first; address <= last; address++) {
    const pair = (address >>> filterBits) << 1;
    const hash = Math.imul(address, GOLDEN_RATIO);
    filter[pair + 1] = (filter[pair + 1] ?? 0) | (1 << (hash >>> 27)) | (1 << (hash >>> 22));
  }
}
