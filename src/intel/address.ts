import ipaddr from 'ipaddr.js';

/** An inclusive range of addresses of one family, as numbers of 32 or 128 bits. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads an address or a network in CIDR notation; nothing when it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const base = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (base === undefined) return undefined;
  const bits = base.family === 4 ? 32 : 128;
  const lengthText = slash === -1 ? String(bits) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(lengthText) || Number(lengthText) > bits) return undefined;
  const hostBits = BigInt(bits - Number(lengthText));
  const first = (base.value >> hostBits) << hostBits;
  return { family: base.family, first, last: first | ((1n << hostBits) - 1n) };
}

/** An address as a number; IPv4 inside IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (!(ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text)))) {
    return undefined;
  }
  const address = ipaddr.process(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === 'ipv4' ? 4 : 6, value };
}
