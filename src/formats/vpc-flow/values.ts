import { isIP } from 'node:net';
import type { FlowLogField } from './fields.ts';

/** Digits that a number holds exactly. */
const MOST_DIGITS = 15;
const MOST_PORT = 65_535;
const ZERO = 0x30;
const DOT = 0x2e;
const DASH = 0x2d;

const ADDRESS_FIELDS: ReadonlySet<string> = new Set(['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr']);
const PORT_FIELDS: ReadonlySet<string> = new Set(['srcport', 'dstport']);
const ACTIONS: ReadonlySet<string> = new Set(['ACCEPT', 'REJECT']);

/** What a field holds: how its bytes are read, and what they may be. */
export type ValueKind = 'integer' | 'port' | 'address' | 'action' | 'text';

export function valueKind({ name, type }: FlowLogField): ValueKind {
  if (PORT_FIELDS.has(name)) return 'port';
  if (ADDRESS_FIELDS.has(name)) return 'address';
  if (name === 'action') return 'action';
  return type;
}

/** Whether a record leaves the field out (`-`). */
export function isAbsent(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[start] === DASH && end === start + 1;
}

/** A whole number in decimal digits; -1 for anything else. */
export function integerAt(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > MOST_DIGITS) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

export const NO_IPV4 = -1;

/** An IPv4 address in dotted decimal as an unsigned number of 32 bits; {@link NO_IPV4} for anything else. */
export function ipv4At(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (let dots = 3; ; dots--) {
    const first = (bytes[at++] as number) - ZERO;
    if (at > end || first < 0 || first > 9) return NO_IPV4;
    let part = first;
    let next = at < end ? (bytes[at++] as number) - ZERO : END;
    // A leading zero is octal to some and decimal to others: it is no address.
    if (first !== 0 && next >= 0 && next <= 9) {
      part = part * 10 + next;
      next = at < end ? (bytes[at++] as number) - ZERO : END;
      if (next >= 0 && next <= 9) {
        part = part * 10 + next;
        next = at < end ? (bytes[at++] as number) - ZERO : END;
        if (part > 255) return NO_IPV4;
      }
    }
    value = (value << 8) | part;
    if (dots === 0) return next === END ? value >>> 0 : NO_IPV4;
    if (next !== DOT - ZERO) return NO_IPV4;
  }
}

/** Behind the last character; no byte less `0` is so small. */
const END = -256;

/** What is wrong with a value that is there, for a person. */
export function valueFault(
  bytes: Buffer,
  start: number,
  end: number,
  { name }: FlowLogField,
  kind: ValueKind,
): string | undefined {
  if (start === end) return `${name} is empty`;
  switch (kind) {
    case 'integer':
    case 'port': {
      const value = integerAt(bytes, start, end);
      if (value === -1) return `${name} is not a whole number`;
      return kind === 'port' && value > MOST_PORT ? `${name} is no port` : undefined;
    }
    case 'address':
      return ipv4At(bytes, start, end) === NO_IPV4 && isIP(bytes.toString('utf8', start, end)) !== 6
        ? `${name} is no IP address`
        : undefined;
    case 'action':
      return ACTIONS.has(bytes.toString('latin1', start, end)) ? undefined : 'action is not ACCEPT or REJECT';
    case 'text':
      return undefined;
  }
}
