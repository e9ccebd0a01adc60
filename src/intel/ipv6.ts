import { parseIpv4 } from './ipv4.ts';

const COLON = 0x3a;
const DOT = 0x2e;
const GROUPS = 8;
const ZONE = /^[\w.~-]+$/;

/** The eight groups of the address that is being read; parsing is synchronous and needs no memory of its own. */
const groups = new Uint16Array(GROUPS);

/**
 * Reads an IPv6 address into four words of 32 bits, the highest first; false when it is none.
 * The zone of a link-local address (`fe80::1%eth0`) says nothing to anybody else and is left out.
 * Source: RFC 4291, section 2.2; RFC 4007, section 11.
 */
export function parseIpv6(text: string, words: Uint32Array): boolean {
  const zone = text.indexOf('%');
  const end = zone === -1 ? text.length : zone;
  if (end < 2 || (zone !== -1 && !ZONE.test(text.slice(zone + 1)))) return false;
  let count = 0;
  /** Where `::` stands, counted in groups. */
  let gap = -1;
  let at = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false;
    gap = 0;
    at = 2;
  }
  while (at < end) {
    if (count === GROUPS) return false;
    const start = at;
    let value = 0;
    let code = 0;
    for (; at < end; at++) {
      code = text.charCodeAt(at);
      const digit = hexDigit(code);
      if (digit === -1) break;
      value = value * 16 + digit;
    }
    if (at < end && code === DOT) {
      const ipv4 = count <= GROUPS - 2 ? parseIpv4(text.slice(start, end)) : undefined;
      if (ipv4 === undefined) return false;
      groups[count++] = ipv4 >>> 16;
      groups[count++] = ipv4 & 0xffff;
      at = end;
      break;
    }
    if (at === start || at - start > 4) return false;
    groups[count++] = value;
    if (at === end) break;
    if (code !== COLON) return false;
    at++;
    if (at < end && text.charCodeAt(at) === COLON) {
      if (gap !== -1) return false;
      gap = count;
      at++;
    } else if (at === end) return false;
  }
  if (gap === -1 ? count !== GROUPS : count === GROUPS) return false;
  if (gap !== -1) spread(count, gap);
  for (let word = 0; word < 4; word++) {
    words[word] = ((groups[2 * word] ?? 0) << 16) | (groups[2 * word + 1] ?? 0);
  }
  return true;
}

/** Moves the groups behind `::` to the end and puts zeros in their place. */
function spread(count: number, gap: number): void {
  const behind = count - gap;
  for (let index = 0; index < behind; index++) {
    groups[GROUPS - 1 - index] = groups[count - 1 - index] ?? 0;
  }
  groups.fill(0, gap, GROUPS - behind);
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Whether the words are an IPv4 address inside IPv6 (`::ffff:192.0.2.1`). Source: RFC 4291, section 2.5.5.2. */
export function isMappedIpv4(words: Uint32Array): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** Sets the bits behind a prefix to zero. */
export function maskIpv6(words: Uint32Array, prefixLength: number): void {
  for (let word = 0; word < 4; word++) {
    const bits = prefixLength - 32 * word;
    if (bits <= 0) words[word] = 0;
    else if (bits < 32) words[word] = (words[word] ?? 0) & (-1 << (32 - bits));
  }
}
