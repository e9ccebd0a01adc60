import { parseNetwork } from './address.ts';
import { parseIpv4 } from './ipv4.ts';
import { BARE, type Ipv4Columns, ipv4Columns, ipv4Texts } from './ipv4-columns.ts';
import { ipv4Lookup } from './ipv4-lookup.ts';
import { type Ipv4Segments, ipv4Segments } from './ipv4-segments.ts';
import { isMappedIpv4, parseIpv6 } from './ipv6.ts';
import { type Ipv6Columns, type Ipv6Segments, ipv6Columns, ipv6Lookup, ipv6Segments } from './ipv6-set.ts';

/** Addresses and networks that can be asked quickly. */
export interface AddressSet {
  /** Distinct entries. */
  readonly size: number;
  /** The most specific entry that covers the address, as the list writes it; IPv4 inside IPv6 is IPv4. */
  find(address: string): string | undefined;
  /** The same for an IPv4 address as a number of 32 bits. */
  findIpv4(address: number): string | undefined;
  /** Whether any entry covers an IPv4 address: a number of 32 bits, signed or not. */
  hasIpv4(address: number): boolean;
  /** What {@link addressSetOf} makes the same set of in another thread; nothing is copied. */
  toShared(): SharedAddressSet;
}

/** A set as plain data: typed arrays over shared memory, to be sent to a worker thread. */
export interface SharedAddressSet {
  readonly ipv4: Ipv4Segments;
  readonly ipv6: Ipv6Segments;
}

/** Entries as they are read, before they are sorted. */
export interface AddressColumns {
  readonly ipv4: Ipv4Columns;
  readonly ipv6: Ipv6Columns;
}

/** `capacity`: how many IPv4 entries are expected at most. */
export function addressColumns(capacity?: number): AddressColumns {
  return { ipv4: ipv4Columns(capacity), ipv6: ipv6Columns() };
}

/** Adds an address or a network; false when the text is neither. */
export function addAddress({ ipv4, ipv6 }: AddressColumns, text: string): boolean {
  const bare = parseIpv4(text);
  if (bare !== undefined) {
    ipv4.add(bare, 32 | BARE);
    return true;
  }
  const network = parseNetwork(text);
  if (network === undefined) return false;
  if (network.family === 6) ipv6.add(network.words, network.prefixLength, text);
  else ipv4.addText(network.start, network.prefixLength, text);
  return true;
}

/** The entries in the order in which they were read, as a set would write them. */
export function addressTexts({ ipv4, ipv6 }: AddressColumns): string[] {
  return [...ipv4Texts(ipv4), ...ipv6.texts];
}

/** Builds the set from addresses and networks in CIDR notation; other entries are left out. */
export function addressSet(entries: Iterable<string>): AddressSet {
  const columns = addressColumns();
  for (const text of entries) addAddress(columns, text);
  return addressSetOfColumns(columns);
}

export function addressSetOfColumns({ ipv4, ipv6 }: AddressColumns): AddressSet {
  return addressSetOf({ ipv4: ipv4Segments(ipv4, false), ipv6: ipv6Segments(ipv6) });
}

export function addressSetOf(shared: SharedAddressSet): AddressSet {
  const ipv4 = ipv4Lookup(shared.ipv4);
  const ipv6 = ipv6Lookup(shared.ipv6);
  const words = new Uint32Array(4);
  return {
    size: shared.ipv4.size + shared.ipv6.size,
    findIpv4: ipv4.find,
    hasIpv4: ipv4.has,
    find(text) {
      const number = parseIpv4(text);
      if (number !== undefined) return ipv4.find(number);
      if (!parseIpv6(text, words)) return undefined;
      return isMappedIpv4(words) ? ipv4.find(words[3] ?? 0) : ipv6.find(words);
    },
    toShared: () => shared,
  };
}

/** Networks that are never reached across the internet (RFC 1918, RFC 6598, RFC 4193). */
export const PRIVATE_NETWORKS: AddressSet = addressSet([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
]);
