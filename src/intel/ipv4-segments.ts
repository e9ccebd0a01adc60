import { networkEnd } from './ipv4.ts';
import { type Ipv4Columns, ODD, PREFIX_LENGTH } from './ipv4-columns.ts';
import { letPass } from './ipv4-filter.ts';
import { naturalOrder, sortByKeys, sortedKeys } from './radix-sort.ts';
import { sharedUint32, toSharedFloat64, toSharedUint8, toSharedUint32 } from './shared-arrays.ts';
import { type TextTable, textTable } from './text-table.ts';

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
  const only = keepOwners ? undefined : onlyForm(columns.forms);
  if (only !== undefined && (only & PREFIX_LENGTH) === 32 && (only & ODD) === 0) {
    return { ...encodeAddresses(columns.starts, only), ...PLAIN };
  }
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

/** What only lists with networks, attributes or odd texts have. */
const PLAIN = {
  owners: undefined,
  parents: undefined,
  entryForms: undefined,
  oddKeys: toSharedFloat64([]),
  oddTexts: textTable([]),
};

/** The form that all entries have, if it is one. */
function onlyForm(forms: Uint8Array): number | undefined {
  const [first] = forms;
  for (let entry = 1; entry < forms.length; entry++) if (forms[entry] !== first) return undefined;
  return first;
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

/** The short way for a list of addresses only: nothing nests, and no entry differs from another in its form. */
function encodeAddresses(
  starts: Uint32Array,
  form: number,
): Pick<Ipv4Segments, 'size' | 'cells' | 'filter' | 'filterBits' | 'pages' | 'pageBits'> {
  const keys = isAscending(starts) ? starts : sortedKeys(starts);
  const { filterBits, pageBits } = GRAINS.find(({ segments }) => keys.length <= segments) ?? FINEST;
  const filter = sharedUint32(2 ** (32 - filterBits + 1));
  const pages = sharedUint32(2 ** (32 - pageBits) + 1);
  const lowMask = 2 ** pageBits - 1;
  const cells = new Uint32Array(keys.length);
  let written = 0;
  let nextPage = 0;
  for (let place = 0; place < keys.length; place++) {
    const address = keys[place] ?? 0;
    if (place > 0 && keys[place - 1] === address) continue;
    const page = address >>> pageBits;
    while (nextPage <= page) pages[nextPage++] = written;
    cells[written++] = ((address & lowMask) << 8) | form;
    letPass(filter, filterBits, address, address);
  }
  while (nextPage < pages.length) pages[nextPage++] = written;
  return {
    size: written,
    cells: toSharedUint32(cells.subarray(0, written)),
    filter,
    filterBits,
    pages,
    pageBits,
  };
}

function isAscending(keys: Uint32Array): boolean {
  for (let place = 1; place < keys.length; place++) {
    if ((keys[place - 1] ?? 0) > (keys[place] ?? 0)) return false;
  }
  return true;
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
