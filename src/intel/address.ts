import { networkStart, parseIpv4 } from './ipv4.ts';
import { isMappedIpv4, maskIpv6, parseIpv6 } from './ipv6.ts';

/** An inclusive range of addresses of one family, as numbers of 32 or 128 bits. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads an address or a network in CIDR notation; nothing when it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const network = parseNetwork(text);
  if (network === undefined) return undefined;
  const bits = network.family === 4 ? 32 : 128;
  const first =
    network.family === 4
      ? BigInt(network.start)
      : network.words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return { family: network.family, first, last: first | ((1n << BigInt(bits - network.prefixLength)) - 1n) };
}

/** An address or a network as the sets keep it: the bits behind the prefix are zero. */
export type Network =
  | { readonly family: 4; readonly start: number; readonly prefixLength: number }
  | { readonly family: 6; readonly words: Uint32Array; readonly prefixLength: number };

const MAPPED_PREFIX = 96;
const PREFIX_LENGTH = /^\d{1,3}$/;

/** Reads an address or a network in CIDR notation; IPv4 inside IPv6 (`::ffff:192.0.2.0/120`) counts as IPv4. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const base = slash === -1 ? text : text.slice(0, slash);
  const lengthText = slash === -1 ? undefined : text.slice(slash + 1);
  if (lengthText !== undefined && !PREFIX_LENGTH.test(lengthText)) return undefined;
  const ipv4 = parseIpv4(base);
  if (ipv4 !== undefined) return ipv4Network(ipv4, Number(lengthText ?? 32));
  if (!base.includes(':')) return undefined;
  const words = new Uint32Array(4);
  const prefixLength = Number(lengthText ?? 128);
  if (!parseIpv6(base, words) || prefixLength > 128) return undefined;
  if (isMappedIpv4(words) && prefixLength >= MAPPED_PREFIX) {
    return ipv4Network(words[3] ?? 0, prefixLength - MAPPED_PREFIX);
  }
  maskIpv6(words, prefixLength);
  return { family: 6, words, prefixLength };
}

function ipv4Network(address: number, prefixLength: number): Network | undefined {
  if (prefixLength > 32) return undefined;
  return { family: 4, start: networkStart(address, prefixLength), prefixLength };
}
