import { networkStart } from './ipv4.ts';
import { ODD, oddKey, PREFIX_LENGTH, plainText } from './ipv4-columns.ts';
import { passes } from './ipv4-filter.ts';
import { type Ipv4Segments, NO_ENTRY } from './ipv4-segments.ts';
import { textAt } from './text-table.ts';

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
