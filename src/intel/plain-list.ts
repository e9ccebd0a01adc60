import type { Problem } from '../model/problem.ts';
import {
  type AddressColumns,
  type AddressSet,
  addAddress,
  addressColumns,
  addressSetOfColumns,
} from './address-set.ts';
import { networkStart } from './ipv4.ts';
import { BARE, type Ipv4Columns } from './ipv4-columns.ts';
import { type ListBytes, lineProblems } from './line-problems.ts';

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const SEMICOLON = 0x3b;

/** The shortest line with an address: `1.1.1.1` and its end. */
const SHORTEST_LINE = 8;

export interface AddressListText {
  readonly set: AddressSet;
  /** The first lines that are neither address nor network; they are left out of the set. */
  readonly problems: readonly Problem[];
  /** All of them. */
  readonly badLines: number;
}

/**
 * Reads a plain list, an address or network a line with comments after `#` or `;`, straight from its
 * bytes: a line with an IPv4 address makes no string.
 */
export function addressSetFromText(source: ListBytes): AddressListText {
  const columns = addressColumns(Math.ceil(source.bytes.length / SHORTEST_LINE));
  const bad = lineProblems(source);
  scanPlainList(source.bytes, columns, (start, end) => {
    if (!addAddress(columns, bad.textBetween(start, end))) bad.report(start, end, NO_ADDRESS);
  });
  return { set: addressSetOfColumns(columns), problems: bad.problems, badLines: bad.count };
}

const NO_ADDRESS = {
  message: 'no IP address and no network',
  expected: 'an address such as 192.0.2.7, or a network such as 198.51.100.0/24 or 2001:db8::/32',
} as const;

/** Adds what is plainly an IPv4 address or network; every other entry is told by where it starts and ends. */
export function scanPlainList(
  bytes: Uint8Array,
  { ipv4 }: AddressColumns,
  other: (start: number, end: number) => void,
): void {
  const { length } = bytes;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < length) {
    const behind = scanIpv4(bytes, at, ipv4);
    if (behind !== -1) {
      at = behind;
      continue;
    }
    let end = at;
    let comment = -1;
    for (; end < length && bytes[end] !== NEWLINE; end++) {
      if (comment === -1 && (bytes[end] === HASH || bytes[end] === SEMICOLON)) comment = end;
    }
    let last = comment === -1 ? end : comment;
    while (at < last && isBlank(bytes[at])) at++;
    while (last > at && isBlank(bytes[last - 1])) last--;
    if (last > at) other(at, last);
    at = end + 1;
  }
}

/** Reads a line that has an IPv4 address or network and nothing else but a comment; answers where the next begins, or -1. */
function scanIpv4(bytes: Uint8Array, from: number, columns: Ipv4Columns): number {
  const { length } = bytes;
  let at = from;
  let address = 0;
  for (let part = 0; part < 4; part++) {
    const start = at;
    let value = 0;
    let code = bytes[at] ?? 0;
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      code = bytes[++at] ?? 0;
    }
    const digits = at - start;
    if (digits === 0 || digits > 3 || value > 255 || (digits > 1 && bytes[start] === ZERO)) return -1;
    address = address * 256 + value;
    if (part < 3) {
      if (code !== DOT) return -1;
      at++;
    }
  }
  let form = 32 | BARE;
  if (bytes[at] === SLASH) {
    const start = ++at;
    form = 0;
    for (let code = bytes[at] ?? 0; code >= ZERO && code <= NINE; code = bytes[++at] ?? 0) {
      form = form * 10 + (code - ZERO);
    }
    const digits = at - start;
    if (digits === 0 || digits > 2 || form > 32 || (digits === 2 && bytes[start] === ZERO)) return -1;
    if (networkStart(address, form) !== address) return -1;
  }
  while (at < length && isBlank(bytes[at])) at++;
  if (bytes[at] === HASH || bytes[at] === SEMICOLON) {
    at = bytes.indexOf(NEWLINE, at);
    if (at === -1) at = length;
  }
  if (at < length && bytes[at] !== NEWLINE) return -1;
  columns.add(address, form);
  return at + 1;
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB || code === RETURN;
}
