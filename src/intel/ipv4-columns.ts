import { formatIpv4 } from './ipv4.ts';

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
export const PREFIX_LENGTH = 0x3f;
/** Without a prefix length: `192.0.2.1`. */
export const BARE = 0x40;
/** Otherwise than its numbers say: `192.0.2.77/24`, `::ffff:192.0.2.1`. */
export const ODD = 0x80;

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

export function oddKey(start: number, prefixLength: number): number {
  return start * 64 + prefixLength;
}

export function prefixLengthOf(form: number): number {
  return form & PREFIX_LENGTH;
}

export function ipv4Texts({ count, starts, forms }: Ipv4Columns): string[] {
  return Array.from({ length: count }, (_, entry) => plainText(starts[entry] ?? 0, forms[entry] ?? 0));
}

/** How an entry is written whose text its numbers say. */
export function plainText(start: number, form: number): string {
  return (form & BARE) !== 0 ? formatIpv4(start) : `${formatIpv4(start)}/${form & PREFIX_LENGTH}`;
}
