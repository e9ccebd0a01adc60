import { NO_ENTRY } from './ipv4-segments.ts';
import { naturalOrder, sortByKeys } from './radix-sort.ts';
import { sharedUint32, toSharedUint8, toSharedUint32 } from './shared-arrays.ts';
import { type TextTable, textAt, textTable } from './text-table.ts';

/** IPv6 networks in the order in which they were read. */
export interface Ipv6Columns {
  readonly count: number;
  /** The words are those of the network, four of 32 bits, the highest first. */
  add(words: Uint32Array, prefixLength: number, text: string): void;
  /** Four words an entry. */
  readonly words: Uint32Array;
  readonly prefixLengths: Uint8Array;
  readonly texts: readonly string[];
}

export function ipv6Columns(): Ipv6Columns {
  let words = new Uint32Array(64);
  let prefixLengths = new Uint8Array(16);
  const texts: string[] = [];
  return {
    get count() {
      return texts.length;
    },
    get words() {
      return words.subarray(0, 4 * texts.length);
    },
    get prefixLengths() {
      return prefixLengths.subarray(0, texts.length);
    },
    texts,
    add(network, prefixLength, text) {
      const count = texts.length;
      if (count === prefixLengths.length) {
        const more = { words: new Uint32Array(8 * count), lengths: new Uint8Array(2 * count) };
        more.words.set(words);
        more.lengths.set(prefixLengths);
        words = more.words;
        prefixLengths = more.lengths;
      }
      words.set(network, 4 * count);
      prefixLengths[count] = prefixLength;
      texts.push(text);
    },
  };
}

/** As `Ipv4Segments`, with four words a start, and every entry's text: IPv6 has many ways to write an address. */
export interface Ipv6Segments {
  /** Distinct entries. */
  readonly size: number;
  readonly words: Uint32Array;
  readonly prefixLengths: Uint8Array;
  /** Of each segment, the index of its entry as it was read. */
  readonly owners: Uint32Array;
  readonly parents: Uint32Array;
  readonly texts: TextTable;
}

export function ipv6Segments({ count, words, prefixLengths, texts }: Ipv6Columns): Ipv6Segments {
  let { order } = sortByKeys(Uint32Array.from(prefixLengths), naturalOrder(count));
  for (let word = 3; word >= 0; word--) {
    const keys = new Uint32Array(count);
    for (let entry = 0; entry < count; entry++) keys[entry] = words[4 * entry + word] ?? 0;
    ({ order } = sortByKeys(keys, order));
  }
  const segmentWords = new Uint32Array(8 * count);
  const owners = new Uint32Array(2 * count);
  const parents = sharedUint32(count);
  let segments = 0;
  let size = 0;
  const begin = (from: Uint32Array, at: number, entry: number): void => {
    if (segments > 0 && covers(segmentWords, 4 * (segments - 1), from, at, 128)) segments--;
    for (let word = 0; word < 4; word++) segmentWords[4 * segments + word] = from[at + word] ?? 0;
    owners[segments++] = entry;
  };
  const open: number[] = [];
  const behind = new Uint32Array(4);
  const closeInner = (): void => {
    const inner = open.pop() ?? 0;
    const outer = open.at(-1);
    if (outer === undefined || !nextBehind(words, 4 * inner, prefixLengths[inner] ?? 0, behind)) return;
    if (covers(words, 4 * outer, behind, 0, prefixLengths[outer] ?? 0)) begin(behind, 0, outer);
  };
  for (const entry of order) {
    const prefixLength = prefixLengths[entry] ?? 0;
    let outer = open.at(-1);
    while (outer !== undefined && !covers(words, 4 * outer, words, 4 * entry, prefixLengths[outer] ?? 0)) {
      closeInner();
      outer = open.at(-1);
    }
    if (outer !== undefined && prefixLengths[outer] === prefixLength) {
      parents[entry] = parents[outer] ?? NO_ENTRY;
      parents[outer] = entry;
      continue;
    }
    parents[entry] = outer ?? NO_ENTRY;
    size++;
    open.push(entry);
    begin(words, 4 * entry, entry);
  }
  while (open.length > 0) closeInner();

  const lengths = new Uint8Array(segments);
  for (let segment = 0; segment < segments; segment++) {
    lengths[segment] = prefixLengths[owners[segment] ?? 0] ?? 0;
  }
  return {
    size,
    words: toSharedUint32(segmentWords.subarray(0, 4 * segments)),
    prefixLengths: toSharedUint8(lengths),
    owners: toSharedUint32(owners.subarray(0, segments)),
    parents,
    texts: textTable(texts),
  };
}

/** Whether two addresses have the same first bits. */
function covers(a: Uint32Array, atA: number, b: Uint32Array, atB: number, prefixLength: number): boolean {
  let bits = prefixLength;
  for (let word = 0; bits > 0; word++, bits -= 32) {
    const differ = (a[atA + word] ?? 0) ^ (b[atB + word] ?? 0);
    if (differ !== 0 && (bits >= 32 || differ >>> (32 - bits) !== 0)) return false;
  }
  return true;
}

/** The first address behind a network; false when the network ends at the last address of all. */
function nextBehind(words: Uint32Array, at: number, prefixLength: number, next: Uint32Array): boolean {
  let carry = true;
  for (let word = 3; word >= 0; word--) {
    const bits = Math.min(32, Math.max(0, prefixLength - 32 * word));
    if (bits === 0) {
      next[word] = carry ? 0 : (words[at + word] ?? 0);
      continue;
    }
    const sum: number = (words[at + word] ?? 0) + (carry ? 2 ** (32 - bits) : 0);
    next[word] = sum;
    carry = sum > 0xffff_ffff;
  }
  return !carry;
}

export interface Ipv6Lookup {
  find(words: Uint32Array): string | undefined;
  /** The index of the innermost entry, or {@link NO_ENTRY}. */
  entry(words: Uint32Array): number;
  /** The next entry that covers what an entry covers, or {@link NO_ENTRY}. */
  parent(entry: number): number;
  text(entry: number): string;
}

export function ipv6Lookup({ words, prefixLengths, owners, parents, texts }: Ipv6Segments): Ipv6Lookup {
  const entry = (wanted: Uint32Array): number => {
    let low = 0;
    let high = owners.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (atMost(words, 4 * middle, wanted)) low = middle + 1;
      else high = middle;
    }
    const segment = low - 1;
    if (segment < 0 || !covers(words, 4 * segment, wanted, 0, prefixLengths[segment] ?? 0)) return NO_ENTRY;
    return owners[segment] ?? NO_ENTRY;
  };
  return {
    entry,
    parent: (found) => parents[found] ?? NO_ENTRY,
    text: (found) => textAt(texts, found),
    find(wanted) {
      const found = entry(wanted);
      return found === NO_ENTRY ? undefined : textAt(texts, found);
    },
  };
}

function atMost(words: Uint32Array, at: number, wanted: Uint32Array): boolean {
  for (let word = 0; word < 4; word++) {
    const own = words[at + word] ?? 0;
    const other = wanted[word] ?? 0;
    if (own !== other) return own < other;
  }
  return true;
}
