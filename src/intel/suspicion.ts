import { parseRange } from './address.ts';
import { type AddressColumns, type AddressSet, addressSet } from './address-set.ts';
import { formatIpv4, networkEnd } from './ipv4.ts';
import { prefixLengthOf } from './ipv4-columns.ts';

/**
 * Networks that no address of the internet is in: private, shared, loopback, link-local, multicast and
 * reserved ones. Those for documentation are left out: nothing ever comes from them.
 * Source: RFC 6890 and the IANA registries of special-purpose addresses.
 */
export const RESERVED_NETWORKS: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/8',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];
export const RESERVED: AddressSet = addressSet(RESERVED_NETWORKS);

/** A network that is longer than this can be somebody's; a shorter one is a mistake, or an attack. */
const SHORTEST_PREFIX = { 4: 8, 6: 16 } as const;
/** Of a list that was shorter than this, nothing is concluded from its getting shorter. */
const FEW = 10;
const SHRUNK_TO = 0.1;
/** A content of which more than half is not understood is another content, such as a web page. */
const BAD_SHARE = 0.5;

export interface NewContent {
  readonly addresses: AddressColumns;
  readonly size: number;
  /** Lines or objects that were not understood. */
  readonly faults: number;
}

export interface SuspicionContext {
  /** Entries of the last good content. */
  readonly previousSize: number | undefined;
  /** What no entry may touch; nothing of a list that a person keeps, or that excludes. */
  readonly ranges: ProtectedRanges | undefined;
}

export interface ProtectedRanges {
  readonly own: readonly string[];
  /** Networks and addresses of the lists that exclude. */
  readonly allowed: readonly string[];
  /** Whether reserved networks are known to be in the list and are never matched. */
  readonly reservedIgnored: boolean;
}

/** Why a content should not replace the last good one; nothing when it may. */
export function suspicionOf(content: NewContent, context: SuspicionContext): string | undefined {
  const { addresses, size, faults } = content;
  const { previousSize, ranges } = context;
  if (size === 0) return faults === 0 ? 'it is empty' : 'nothing in it is understood';
  if (faults > (size + faults) * BAD_SHARE) return `${faults} of ${size + faults} entries are not understood`;
  if (previousSize !== undefined && previousSize >= FEW && size <= previousSize * SHRUNK_TO)
    return `it shrank from ${previousSize} to ${size} entries`;
  if (ranges === undefined) return undefined;
  const { own, allowed, reservedIgnored } = ranges;
  return (
    shortPrefix(addresses, reservedIgnored) ??
    (reservedIgnored
      ? undefined
      : touching(addresses, 'a private or reserved network', RESERVED_NETWORKS, true)) ??
    touching(addresses, 'an address of your own', own.filter(isPublic), true) ??
    touching(addresses, 'an allow-listed network', allowed, false)
  );
}

function isPublic(network: string): boolean {
  return !isReserved(network);
}

/** Whether a network is a reserved one, or a part of one. */
function isReserved(text: string): boolean {
  const range = parseRange(text);
  const around = RESERVED.find(text.split('/')[0] ?? '');
  const reserved = around === undefined ? undefined : parseRange(around);
  return range !== undefined && reserved !== undefined && range.last <= reserved.last;
}

function shortPrefix(addresses: AddressColumns, reservedIgnored: boolean): string | undefined {
  for (const entry of networksOf(addresses)) {
    if (entry.prefixLength >= SHORTEST_PREFIX[entry.family]) continue;
    if (reservedIgnored && isReserved(entry.text())) continue;
    return `it contains ${entry.text()}, more of the internet than anybody has`;
  }
  return undefined;
}

interface NetworkEntry {
  readonly family: 4 | 6;
  readonly first: number | bigint;
  readonly last: number | bigint;
  readonly prefixLength: number;
  text(): string;
}

function* networksOf({ ipv4, ipv6 }: AddressColumns): Generator<NetworkEntry> {
  const { starts, forms } = ipv4;
  for (let index = 0; index < ipv4.count; index++) {
    const prefixLength = prefixLengthOf(forms[index] ?? 0);
    if (prefixLength === 32) continue;
    const first = starts[index] ?? 0;
    const text = (): string => `${formatIpv4(first)}/${prefixLength}`;
    yield { family: 4, first, last: networkEnd(first, prefixLength), prefixLength, text };
  }
  for (const [index, text] of ipv6.texts.entries()) {
    const range = parseRange(text);
    const prefixLength = ipv6.prefixLengths[index] ?? 128;
    if (range !== undefined && prefixLength < 128) yield { ...range, prefixLength, text: () => text };
  }
}

/**
 * Whether a network of the list has a protected one in it; with `within`, also whether an entry lies
 * within a protected one.
 */
function touching(
  addresses: AddressColumns,
  what: string,
  networks: readonly string[],
  within: boolean,
): string | undefined {
  if (networks.length === 0) return undefined;
  const ranges = { 4: sortedRanges(networks, 4), 6: sortedRanges(networks, 6) };
  for (const entry of networksOf(addresses)) {
    const protectedOnes = ranges[entry.family];
    for (let at = firstFrom(protectedOnes, entry.first); at < protectedOnes.length; at++) {
      const one = protectedOnes[at];
      if (one === undefined || one.first > entry.last) break;
      if (one.last <= entry.last) return `it contains ${entry.text()}, which has ${one.text} in it, ${what}`;
    }
  }
  const inside = within ? entryWithin(addresses, addressSet(networks)) : undefined;
  return inside === undefined ? undefined : `it contains ${inside}, ${what}`;
}

function entryWithin({ ipv4, ipv6 }: AddressColumns, networks: AddressSet): string | undefined {
  const { starts } = ipv4;
  for (let index = 0; index < ipv4.count; index++) {
    const start = starts[index] ?? 0;
    if (!networks.hasIpv4(start)) continue;
    const prefixLength = prefixLengthOf(ipv4.forms[index] ?? 0);
    return prefixLength === 32 ? formatIpv4(start) : `${formatIpv4(start)}/${prefixLength}`;
  }
  return ipv6.texts.find((text) => networks.find(text.split('/')[0] ?? '') !== undefined);
}

interface Range {
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
}

function sortedRanges(networks: readonly string[], family: 4 | 6): Range[] {
  return networks
    .flatMap((text) => {
      const range = parseRange(text);
      return range?.family === family ? [{ text, first: range.first, last: range.last }] : [];
    })
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}

/** The first range that does not start before an address. */
function firstFrom(ranges: readonly Range[], first: number | bigint): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.first ?? 0n) < first) low = middle + 1;
    else high = middle;
  }
  return low;
}
