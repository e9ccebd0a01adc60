import { formatIpv4, networkEnd, networkStart } from './ipv4.ts';
import { naturalOrder, sortByKeys } from './radix-sort.ts';
import { sharedUint32, toSharedFloat64, toSharedUint8 } from './shared-arrays.ts';
import { type TextTable, textAt, textTable } from './text-table.ts';

/** IPv4 networks in the order in which they were read: a column each for start and form. */
export interface Ipv4Columns {
  readonly count: number;
  add(start: number, form: number): void;
  /** Adds an entry that may be written in any way. */
  addText(start: number, prefixLength: number, text: string): void;
  readonly starts: Uint32Array;
  readonly forms: Uint8Array;
  /** The texts of entries that are written otherwise, by {@link oddKey}. */
  readonly odd: ReadonlyMap<number, string>;
}

/** A form is the prefix length, 0 to 32, and how the entry is written. */
const PREFIX_LENGTH = 0x3f;
/** Without a prefix length: `192.0.2.1`. */
export const BARE = 0x40;
/** Otherwise than its numbers say: `192.0.2.77/24`, `::ffff:192.0.2.1`. */
const ODD = 0x80;

export function ipv4Columns(capacity = 64): Ipv4Columns {
  let starts = new Uint32Array(capacity);
  let forms = new Uint8Array(capacity);
  let count = 0;
  const odd = new Map<number, string>();
  const add = (start: number, form: number): void => {
    if (count === starts.length) {
      starts = grown(starts, new Uint32Array(2 * count + 64));
      forms = grown(forms, new Uint8Array(2 * count + 64));
    }
    starts[count] = start;
    forms[count++] = form;
  };
  return {
    get count() {
      return count;
    },
    get starts() {
      return starts.subarray(0, count);
    },
    get forms() {
      return forms.subarray(0, count);
    },
    odd,
    add,
    addText(start, prefixLength, text) {
      if (text === `${formatIpv4(start)}/${prefixLength}`) {
        add(start, prefixLength);
        return;
      }
      const key = oddKey(start, prefixLength);
      if (!odd.has(key)) odd.set(key, text);
      add(start, prefixLength | ODD);
    },
  };
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function oddKey(start: number, prefixLength: number): number {
  return start * 64 + prefixLength;
}

/**
 * The IPv4 networks of a list. They nest or are disjoint, so they cut the line of all addresses
 * into segments that each belong to one entry, the innermost. Segments are also cut where the
 * index begins a new page; then the low bits of a segment's start and its entry's form fit into one
 * cell of 32 bits, and where a segment ends follows from its prefix length.
 */
export interface Ipv4Segments {
  /** Distinct entries. */
  readonly size: number;
  /** Of each segment, the low bits of its start above the 8 bits of its entry's form. */
  readonly cells: Uint32Array;
  /** Of each segment, the index of its entry as it was read; only where entries have attributes. */
  readonly owners: Uint32Array | undefined;
  /** Of each entry, the index of the next one that covers it, of the same size or larger, or {@link NO_ENTRY}. */
  readonly parents: Uint32Array | undefined;
  /** Of each entry, its form; only where entries have attributes. */
  readonly entryForms: Uint8Array | undefined;
  /** Says no to most addresses that no entry covers: see {@link passes}. */
  readonly filter: Uint32Array;
  readonly filterBits: number;
  /** Of each page of 2^pageBits addresses, the first cell; one more says where the last ends. */
  readonly pages: Uint32Array;
  readonly pageBits: number;
  readonly oddKeys: Float64Array;
  readonly oddTexts: TextTable;
}

export const NO_ENTRY = 0xffff_ffff;

/** The more segments, the finer: the filter lets few by, and a page has few cells. */
const GRAINS: readonly { segments: number; filterBits: number; pageBits: number }[] = [
  { segments: 16, filterBits: 24, pageBits: 24 },
  { segments: 1_000, filterBits: 22, pageBits: 24 },
  { segments: 50_000, filterBits: 18, pageBits: 16 },
  { segments: 2_000_000, filterBits: 14, pageBits: 16 },
];
const FINEST = { filterBits: 12, pageBits: 12 };

/** `keepOwners`: each segment knows its entry, and each entry the next larger one. */
export function ipv4Segments(columns: Ipv4Columns, keepOwners: boolean): Ipv4Segments {
  const parents = keepOwners ? sharedUint32(columns.count) : undefined;
  const swept = sweep(columns, parents);
  const oddKeys = [...columns.odd.keys()].sort((a, b) => a - b);
  return {
    size: swept.size,
    ...encode(swept, columns.forms, keepOwners),
    parents,
    entryForms: keepOwners ? toSharedUint8(columns.forms) : undefined,
    oddKeys: toSharedFloat64(oddKeys),
    oddTexts: textTable(oddKeys.map((key) => columns.odd.get(key) ?? '')),
  };
}

/** The segments from left to right, uncut. */
interface Swept {
  readonly size: number;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly entries: Uint32Array;
}

/** Walks the edges of the networks from left to right and keeps those open that cover the place. */
function sweep(columns: Ipv4Columns, parents: Uint32Array | undefined): Swept {
  const { keys, order } = inOrder(columns);
  const { count, forms } = columns;
  const room = hasNetworks(forms) ? 2 * count : count;
  const starts = new Uint32Array(room);
  const ends = new Uint32Array(room);
  const entries = new Uint32Array(room);
  /** The innermost is the last; there is at most one a prefix length. */
  const open = new Uint32Array(33);
  const openStarts = new Uint32Array(33);
  const openEnds = new Uint32Array(33);
  let depth = 0;
  let size = 0;
  let segments = 0;
  for (let place = 0; place <= count; place++) {
    const start = keys[place] ?? 0;
    // What ends before the next entry starts is closed, and its outer network goes on.
    while (depth > 0 && (place === count || (openEnds[depth - 1] ?? 0) < start)) {
      const end = openEnds[--depth] ?? 0;
      const goesOn = depth > 0 && (openEnds[depth - 1] ?? 0) > end;
      if (!goesOn) continue;
      starts[segments] = end + 1;
      ends[segments] = openEnds[depth - 1] ?? 0;
      entries[segments++] = open[depth - 1] ?? 0;
    }
    if (place === count) break;
    const entry = order === undefined ? place : (order[place] ?? 0);
    const end = networkEnd(start, (forms[entry] ?? 0) & PREFIX_LENGTH);
    const outer = depth === 0 ? NO_ENTRY : (open[depth - 1] ?? 0);
    if (depth > 0 && openStarts[depth - 1] === start && openEnds[depth - 1] === end) {
      // The same network once more: the first stays in front, and knows the others.
      if (parents === undefined) continue;
      parents[entry] = parents[outer] ?? NO_ENTRY;
      parents[outer] = entry;
      continue;
    }
    if (parents !== undefined) parents[entry] = outer;
    size++;
    if (depth > 0) {
      if (starts[segments - 1] === start) segments--;
      else ends[segments - 1] = start - 1;
    }
    open[depth] = entry;
    openStarts[depth] = start;
    openEnds[depth++] = end;
    starts[segments] = start;
    ends[segments] = end;
    entries[segments++] = entry;
  }
  return { size, count: segments, starts, ends, entries };
}

/** Ascending starts, and of equal starts the larger network first. Without an order they are so as they were read. */
function inOrder({ count, starts, forms }: Ipv4Columns): { keys: Uint32Array; order?: Uint32Array } {
  let sorted = true;
  for (let entry = 1; entry < count && sorted; entry++) {
    const start = starts[entry] ?? 0;
    const before = starts[entry - 1] ?? 0;
    sorted =
      start > before ||
      (start === before &&
        ((forms[entry] ?? 0) & PREFIX_LENGTH) >= ((forms[entry - 1] ?? 0) & PREFIX_LENGTH));
  }
  if (sorted) return { keys: starts };
  if (!hasNetworks(forms)) return sortByKeys(starts, naturalOrder(count));
  const lengths = new Uint32Array(count);
  for (let entry = 0; entry < count; entry++) lengths[entry] = (forms[entry] ?? 0) & PREFIX_LENGTH;
  return sortByKeys(starts, sortByKeys(lengths, naturalOrder(count)).order);
}

function hasNetworks(forms: Uint8Array): boolean {
  for (let entry = 0; entry < forms.length; entry++) {
    if (((forms[entry] ?? 0) & PREFIX_LENGTH) !== 32) return true;
  }
  return false;
}

type Encoded = Pick<Ipv4Segments, 'cells' | 'owners' | 'filter' | 'filterBits' | 'pages' | 'pageBits'>;

/** Writes the segments into cells, page by page, and into the filter. */
function encode({ count, starts, ends, entries }: Swept, forms: Uint8Array, keepOwners: boolean): Encoded {
  const { filterBits, pageBits } = GRAINS.find(({ segments }) => count <= segments) ?? FINEST;
  const filter = sharedUint32(2 ** (32 - filterBits + 1));
  const pages = sharedUint32(2 ** (32 - pageBits) + 1);
  const lowMask = 2 ** pageBits - 1;
  let room = count;
  for (let at = 0; at < count; at++)
    room += ((ends[at] ?? 0) >>> pageBits) - ((starts[at] ?? 0) >>> pageBits);
  const cells = sharedUint32(room);
  const owners = keepOwners ? sharedUint32(room) : undefined;
  let written = 0;
  let nextPage = 0;
  for (let at = 0; at < count; at++) {
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    const entry = entries[at] ?? 0;
    const form = forms[entry] ?? 0;
    let low = start & lowMask;
    for (let page = start >>> pageBits; page <= end >>> pageBits; page++) {
      while (nextPage <= page) pages[nextPage++] = written;
      if (owners !== undefined) owners[written] = entry;
      cells[written++] = (low << 8) | form;
      low = 0;
    }
    letPass(filter, filterBits, start, end);
  }
  while (nextPage < pages.length) pages[nextPage++] = written;
  return { cells, owners, filter, filterBits, pages, pageBits };
}

const GOLDEN_RATIO = 0x9e37_79b1;
/** A run of addresses this long has all 32 hashes. */
const LONG_RUN = 64;

/**
 * The filter has two words for each 2^filterBits addresses, side by side in one cache line. A bit of
 * the first stands for a 32nd of these addresses, two bits of the second for hashes of the whole
 * address; an address that is covered has all three.
 */
function passes(filter: Uint32Array, filterBits: number, address: number): boolean {
  const pair = (address >>> filterBits) << 1;
  const hash = Math.imul(address, GOLDEN_RATIO);
  // Shift counts are taken modulo 32. A fallback for a missing word would have V8 box every word.
  const part = (filter[pair] as number) >>> (address >>> (filterBits - 5));
  const hashes = filter[pair + 1] as number;
  return (part & (hashes >>> (hash >>> 27)) & (hashes >>> (hash >>> 22)) & 1) !== 0;
}

function letPass(filter: Uint32Array, filterBits: number, first: number, last: number): void {
  const partBits = filterBits - 5;
  for (let part = first >>> partBits; part <= last >>> partBits; part++) {
    const pair = (part >>> 5) << 1;
    filter[pair] = (filter[pair] ?? 0) | (1 << (part & 31));
    if (last - first >= LONG_RUN) filter[pair + 1] = 0xffff_ffff;
  }
  if (last - first >= LONG_RUN) return;
  for (let address = first; address <= last; address++) {
    const pair = (address >>> filterBits) << 1;
    const hash = Math.imul(address, GOLDEN_RATIO);
    filter[pair + 1] = (filter[pair + 1] ?? 0) | (1 << (hash >>> 27)) | (1 << (hash >>> 22));
  }
}

/** Looks an address up; it is any number of 32 bits, signed or not. */
export interface Ipv4Lookup {
  has(address: number): boolean;
  /**
   * Writes those of the rows whose address is covered into `out`, in their order; answers how many.
   * A call for each address would make V8 box every one of them.
   */
  keep(addresses: Int32Array, rows: Int32Array, count: number, out: Int32Array): number;
  find(address: number): string | undefined;
  /** The index of the innermost entry, where the segments know it; otherwise {@link NO_ENTRY}. */
  entry(address: number): number;
  /** The next entry that covers what an entry covers, or {@link NO_ENTRY}. */
  parent(entry: number): number;
  /** The text of an entry that covers the address. */
  text(address: number, entry: number): string;
}

export function ipv4Lookup(segments: Ipv4Segments): Ipv4Lookup {
  const { cells, owners, filter, filterBits, pages, pageBits } = segments;
  const lowMask = 2 ** pageBits - 1;

  /** The cell of the segment that the address is in, or -1. */
  const search = (address: number): number => {
    const page = address >>> pageBits;
    const low = address & lowMask;
    const wanted = ((low << 8) | 0xff) >>> 0;
    const first = pages[page] as number;
    let from = first;
    let to = pages[page + 1] as number;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((cells[middle] as number) <= wanted) from = middle + 1;
      else to = middle;
    }
    if (from === first) return -1;
    const cell = cells[from - 1] as number;
    const prefixLength = cell & PREFIX_LENGTH;
    // A shift by 32 would be one by 0.
    const inside = prefixLength === 0 || (low ^ (cell >>> 8)) >>> (32 - prefixLength) === 0;
    return inside ? from - 1 : -1;
  };
  const cellOf = (address: number): number => (passes(filter, filterBits, address) ? search(address) : -1);
  return {
    has: (address) => passes(filter, filterBits, address) && search(address) !== -1,
    keep(addresses, rows, count, out) {
      let kept = 0;
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        const address = addresses[row] as number;
        if (passes(filter, filterBits, address) && search(address) !== -1) out[kept++] = row;
      }
      return kept;
    },
    find(address) {
      const cell = cellOf(address);
      return cell === -1 ? undefined : textOf(segments, address, cells[cell] ?? 0);
    },
    entry(address) {
      const cell = cellOf(address);
      return cell === -1 ? NO_ENTRY : (owners?.[cell] ?? NO_ENTRY);
    },
    parent: (entry) => segments.parents?.[entry] ?? NO_ENTRY,
    text: (address, entry) => textOf(segments, address, segments.entryForms?.[entry] ?? 0),
  };
}

/** The text of the entry that covers an address, as the list writes it. */
function textOf({ oddKeys, oddTexts }: Ipv4Segments, address: number, form: number): string {
  const prefixLength = form & PREFIX_LENGTH;
  const start = networkStart(address, prefixLength);
  if ((form & ODD) !== 0) return textAt(oddTexts, placeOf(oddKeys, oddKey(start, prefixLength)));
  return plainText(start, form);
}

function plainText(start: number, form: number): string {
  return (form & BARE) !== 0 ? formatIpv4(start) : `${formatIpv4(start)}/${form & PREFIX_LENGTH}`;
}

function placeOf(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function ipv4Texts({ count, starts, forms }: Ipv4Columns): string[] {
  return Array.from({ length: count }, (_, entry) => plainText(starts[entry] ?? 0, forms[entry] ?? 0));
}

export function prefixLengthOf(form: number): number {
  return form & PREFIX_LENGTH;
}
