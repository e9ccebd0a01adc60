import { type AddressRange, parseAddress, parseIpv4, parseRange } from './address.ts';

/** Addresses and networks that can be asked quickly. */
export interface AddressSet {
  readonly size: number;
  /** The most specific entry that covers the address, as the list writes it. */
  find(address: string): string | undefined;
  /** The same for an IPv4 address as a number of 32 bits. */
  findIpv4(address: number): string | undefined;
  /** Whether any entry covers an IPv4 address: a number of 32 bits, signed or not. */
  hasIpv4(address: number): boolean;
}

interface Entry extends AddressRange {
  readonly text: string;
}

/** Builds the set from entries that {@link parseRange} reads; other entries are left out. */
export function addressSet(entries: Iterable<string>): AddressSet {
  const families: Record<4 | 6, Entry[]> = { 4: [], 6: [] };
  for (const text of entries) {
    const range = parseRange(text);
    if (range !== undefined) families[range.family].push({ ...range, text });
  }
  const find4 = finder4(segments(families[4]));
  const find6 = finder6(segments(families[6]));
  return {
    size: families[4].length + families[6].length,
    findIpv4: find4,
    hasIpv4: (address) => find4(address >>> 0) !== undefined,
    find(text) {
      const ipv4 = parseIpv4(text);
      if (ipv4 !== undefined) return find4(ipv4);
      const address = parseAddress(text);
      if (address === undefined) return undefined;
      return address.family === 4 ? find4(Number(address.value)) : find6(address.value);
    },
  };
}

/** From `start` to the next segment's start the addresses belong to one entry, or to none. */
interface Segment {
  readonly start: bigint;
  readonly owner: string | undefined;
}

/**
 * CIDR blocks nest or are disjoint, so a sweep over their edges cuts the line into segments
 * that each belong to one entry: the innermost. A lookup is then one search.
 */
function segments(entries: Entry[]): Segment[] {
  entries.sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  const found: Segment[] = [];
  const begin = (start: bigint, owner: string | undefined): void => {
    if (found.at(-1)?.start === start) found.pop();
    found.push({ start, owner });
  };
  const open: Entry[] = [];
  const closeUntil = (limit: bigint | undefined): void => {
    for (
      let inner = open.at(-1);
      inner !== undefined && (limit === undefined || inner.last < limit);
      inner = open.at(-1)
    ) {
      open.pop();
      begin(inner.last + 1n, open.at(-1)?.text);
    }
  };
  for (const entry of entries) {
    closeUntil(entry.first);
    open.push(entry);
    begin(entry.first, entry.text);
  }
  closeUntil(undefined);
  return found;
}

const BLOCK_BITS = 16;
const BLOCKS = 2 ** (32 - BLOCK_BITS);

/** A table of the /16 blocks narrows the search, so that a long list costs little more than a short one. */
function finder4(all: readonly Segment[]): (address: number) => string | undefined {
  const inSpace = all.filter(({ start }) => start < 2n ** 32n);
  const starts = Uint32Array.from(inSpace, ({ start }) => Number(start));
  const owners = inSpace.map(({ owner }) => owner);
  /** For each block, how many segments start before it. */
  const before = new Uint32Array(BLOCKS + 1);
  for (const start of starts)
    before[(start >>> BLOCK_BITS) + 1] = (before[(start >>> BLOCK_BITS) + 1] ?? 0) + 1;
  for (let block = 1; block <= BLOCKS; block++)
    before[block] = (before[block] ?? 0) + (before[block - 1] ?? 0);
  return (address) => {
    const block = address >>> BLOCK_BITS;
    let low = before[block] ?? 0;
    let high = before[block + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return owners[low - 1];
  };
}

function finder6(all: readonly Segment[]): (address: bigint) => string | undefined {
  return (address) => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.start ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return all[low - 1]?.owner;
  };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Networks that are never reached across the internet (RFC 1918, RFC 6598, RFC 4193). */
export const PRIVATE_NETWORKS: AddressSet = addressSet([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
]);
