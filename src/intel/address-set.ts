import { type AddressRange, parseAddress, parseRange } from './address.ts';

/** Addresses and networks that can be asked quickly. */
export interface AddressSet {
  readonly size: number;
  /** The most specific entry that covers the address, as the list writes it. */
  find(address: string): string | undefined;
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
  const find4 = finder(families[4]);
  const find6 = finder(families[6]);
  return {
    size: families[4].length + families[6].length,
    find(text) {
      const address = parseAddress(text);
      if (address === undefined) return undefined;
      return address.family === 4 ? find4(address.value) : find6(address.value);
    },
  };
}

/**
 * CIDR blocks nest or are disjoint, so a sweep over their edges cuts the line into segments
 * that each belong to one entry: the innermost. A lookup is then one binary search.
 */
function finder(entries: Entry[]): (address: bigint) => string | undefined {
  entries.sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  const starts: bigint[] = [];
  const owners: (string | undefined)[] = [];
  const begin = (at: bigint, owner: string | undefined): void => {
    if (starts.at(-1) === at) owners[owners.length - 1] = owner;
    else {
      starts.push(at);
      owners.push(owner);
    }
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

  return (address) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return owners[low - 1];
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
