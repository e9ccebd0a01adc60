import ipaddr from 'ipaddr.js';
import type { FieldValue } from '../model/event.ts';
import type { ModifierFault, ValueTest } from './value-test.ts';

const EXPECTED = 'a network such as 10.0.0.0/8 or 2001:db8::/32';

/** `cidr`: an address of IPv4 or IPv6 in a network. A network without a length is one address. */
export function networkTest(value: unknown): ValueTest | ModifierFault {
  if (typeof value !== 'string') return { fault: 'cidr takes a network', expected: EXPECTED };
  const text = value.trim();
  const network = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const [address = ''] = network.split('/');
  if (!isAddress(address)) return { fault: `${text} is no network`, expected: EXPECTED };
  try {
    const [base, bits] = ipaddr.parseCIDR(network);
    return { pattern: text, shape: { kind: 'network', network }, matches: membership(base, bits) };
  } catch {
    return { fault: `${text} is no network`, expected: EXPECTED };
  }
}

type Address = ReturnType<typeof ipaddr.parse>;

function membership(base: Address, bits: number): (found: FieldValue | undefined) => boolean {
  if (base.kind() === 'ipv4') {
    const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
    const wanted = ((ipv4(base.toString()) ?? 0) & mask) >>> 0;
    return (found) => {
      if (typeof found !== 'string') return false;
      const address = ipv4(found) ?? mappedIpv4(found);
      return address !== undefined && (address & mask) >>> 0 === wanted;
    };
  }
  return (found) => {
    if (typeof found !== 'string' || !found.includes(':') || !ipaddr.IPv6.isValid(found)) return false;
    return ipaddr.IPv6.parse(found).match(base as ReturnType<typeof ipaddr.IPv6.parse>, bits);
  };
}

/** Only the usual forms: `ipaddr.js` would take 1 and 0x7f.1 for addresses as well. */
function isAddress(text: string): boolean {
  return ipv4(text) !== undefined || (text.includes(':') && ipaddr.IPv6.isValid(text));
}

/** An IPv4 address inside of an IPv6 one, such as ::ffff:192.0.2.1. */
function mappedIpv4(text: string): number | undefined {
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? ipv4(address.toIPv4Address().toString()) : undefined;
}

/** The 32 bits of an address with four decimal parts; a part with a zero before it is no number. */
function ipv4(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let address = 0;
  let part = -1;
  let parts = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? 46 : text.charCodeAt(at);
    if (code === 46) {
      if (part < 0) return undefined;
      address = address * 256 + part;
      part = -1;
      parts++;
    } else {
      const digit = code - 48;
      if (digit < 0 || digit > 9 || part === 0) return undefined;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return undefined;
    }
  }
  return parts === 4 ? address >>> 0 : undefined;
}
