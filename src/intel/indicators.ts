import { type AddressColumns, addAddress, addressColumns } from './address-set.ts';
import {
  type AttributeTable,
  attributeColumns,
  attributesAt,
  type IndicatorAttributes,
  isExpired,
} from './attributes.ts';
import { parseIpv4 } from './ipv4.ts';
import { type Ipv4Lookup, ipv4Lookup } from './ipv4-lookup.ts';
import { type Ipv4Segments, ipv4Segments, NO_ENTRY } from './ipv4-segments.ts';
import { isMappedIpv4, parseIpv6 } from './ipv6.ts';
import { type Ipv6Segments, ipv6Lookup, ipv6Segments } from './ipv6-set.ts';
import {
  type NameKind,
  nameColumns,
  nameLookup,
  parseDomain,
  parseUrl,
  type SharedNames,
} from './name-set.ts';

/** The indicators of one list, while it is read. */
export interface IndicatorWriter {
  /** Where a plain list writes its addresses straight away. */
  readonly addresses: AddressColumns;
  /** Adds an address, a network, a domain or a URL; false when the text is none of them. */
  add(text: string, attributes?: IndicatorAttributes): boolean;
  /** Adds a name that says nothing of the names below it. */
  addExact(text: string): boolean;
  build(): SharedIndicators;
}

/** The indicators of a list as plain data over shared memory. */
export interface SharedIndicators {
  readonly ipv4: Ipv4Segments;
  readonly ipv6: Ipv6Segments;
  readonly names: SharedNames;
  readonly ipv4Attributes: AttributeTable | undefined;
  readonly ipv6Attributes: AttributeTable | undefined;
  readonly nameAttributes: AttributeTable | undefined;
}

/** `capacity`: how many IPv4 entries are expected at most. */
export function indicatorWriter(capacity?: number): IndicatorWriter {
  const addresses = addressColumns(capacity);
  const { ipv4, ipv6 } = addresses;
  const names = nameColumns();
  const attributesOf = { ipv4: attributeColumns(), ipv6: attributeColumns(), names: attributeColumns() };
  const addNetwork = (text: string, attributes: IndicatorAttributes | undefined): boolean => {
    const before = ipv4.count;
    if (!addAddress(addresses, text)) return false;
    if (attributes === undefined) return true;
    if (ipv4.count > before) attributesOf.ipv4.set(before, attributes);
    else attributesOf.ipv6.set(ipv6.count - 1, attributes);
    return true;
  };
  const addName = (name: string, kind: NameKind, attributes?: IndicatorAttributes): true => {
    const index = names.add(name, kind);
    if (attributes !== undefined) attributesOf.names.set(index, attributes);
    return true;
  };
  return {
    addresses,
    add(text, attributes) {
      if (addNetwork(text, attributes)) return true;
      const url = parseUrl(text);
      if (url !== undefined) {
        // A host that is written as an address has no name that others could share with it.
        addNetwork(url.hostname.replace(/^\[|\]$/g, ''), attributes);
        return addName(url.href, 'url', attributes);
      }
      const domain = parseDomain(text.replace(/^\*?\./, ''));
      return domain !== undefined && addName(domain, 'domain', attributes);
    },
    addExact(text) {
      if (addNetwork(text, undefined)) return true;
      const url = parseUrl(text);
      if (url !== undefined) return addName(url.href, 'url');
      const domain = parseDomain(text);
      return domain !== undefined && addName(domain, 'exact');
    },
    build() {
      const ipv4Attributes = attributesOf.ipv4.table(ipv4.count);
      return {
        ipv4: ipv4Segments(ipv4, ipv4Attributes !== undefined),
        ipv6: ipv6Segments(ipv6),
        names: names.build(),
        ipv4Attributes,
        ipv6Attributes: attributesOf.ipv6.table(ipv6.count),
        nameAttributes: attributesOf.names.table(names.count),
      };
    },
  };
}

/** Whether lists can have a value at all: an address, a domain or a URL. */
export function isIndicator(text: string): boolean {
  return isAddress(text) || (parseUrl(text) ?? parseDomain(text)) !== undefined;
}

function isAddress(text: string): boolean {
  return parseIpv4(text) !== undefined || parseIpv6(text, new Uint32Array(4));
}

/** An entry of a list that covers what was asked. */
export interface FoundIndicator {
  /** As the list writes it. */
  readonly entry: string;
  readonly attributes: IndicatorAttributes;
}

/** Addresses, domains and URLs of one list. What has expired is not found. */
export interface IndicatorSet {
  readonly size: number;
  readonly counts: { readonly addresses: number; readonly names: number };
  /** The most specific entry: of the networks around an address, of a domain and its parents, of a URL and its host. */
  find(value: string, now?: number): FoundIndicator | undefined;
  /** As `find`, without the attributes. */
  findEntry(value: string): string | undefined;
  /** Whether any entry covers an IPv4 address: a number of 32 bits, signed or not. */
  hasIpv4(address: number): boolean;
  /** As `hasIpv4`, for the addresses of many rows; absent where an entry may expire. */
  readonly keepIpv4: Ipv4Lookup['keep'] | undefined;
  /** What {@link indicatorSetOf} makes the same set of in another thread; nothing is copied. */
  toShared(): SharedIndicators;
}

export function indicatorSetOf(shared: SharedIndicators): IndicatorSet {
  const { ipv4Attributes, ipv6Attributes, nameAttributes } = shared;
  const ipv4 = ipv4Lookup(shared.ipv4);
  const ipv6 = ipv6Lookup(shared.ipv6);
  const names = nameLookup(shared.names);
  const words = new Uint32Array(4);

  const findIpv4 = (address: number, now: number): FoundIndicator | undefined => {
    if (ipv4Attributes === undefined) {
      const entry = ipv4.find(address);
      return entry === undefined ? undefined : { entry, attributes: {} };
    }
    let entry = ipv4.entry(address);
    while (entry !== NO_ENTRY && isExpired(ipv4Attributes, entry, now)) entry = ipv4.parent(entry);
    if (entry === NO_ENTRY) return undefined;
    return { entry: ipv4.text(address, entry), attributes: attributesAt(ipv4Attributes, entry) };
  };
  const findIpv6 = (now: number): FoundIndicator | undefined => {
    if (isMappedIpv4(words)) return findIpv4(words[3] ?? 0, now);
    let entry = ipv6.entry(words);
    while (entry !== NO_ENTRY && isExpired(ipv6Attributes, entry, now)) entry = ipv6.parent(entry);
    if (entry === NO_ENTRY) return undefined;
    return { entry: ipv6.text(entry), attributes: attributesAt(ipv6Attributes, entry) };
  };
  const findName = (indexes: readonly number[], now: number): FoundIndicator | undefined => {
    const index = indexes.find((one) => !isExpired(nameAttributes, one, now));
    if (index === undefined) return undefined;
    return { entry: names.text(index), attributes: attributesAt(nameAttributes, index) };
  };
  const find = (value: string, now = Date.now()): FoundIndicator | undefined => {
    const number = parseIpv4(value);
    if (number !== undefined) return findIpv4(number, now);
    if (parseIpv6(value, words)) return findIpv6(now);
    if (!value.includes('://')) {
      const domain = parseDomain(value);
      return domain === undefined ? undefined : findName(names.domains(domain), now);
    }
    const url = parseUrl(value);
    if (url === undefined) return undefined;
    const index = names.url(url.href);
    return findName(index === -1 ? [] : [index], now) ?? find(url.hostname.replace(/^\[|\]$/g, ''), now);
  };
  const lasting = ipv4Attributes === undefined || ipv4Attributes.firstExpiry === Number.POSITIVE_INFINITY;
  const counts = {
    addresses: shared.ipv4.size + shared.ipv6.size,
    names: shared.names.kinds.length,
  };
  return {
    size: counts.addresses + counts.names,
    counts,
    find,
    findEntry: (value) => find(value)?.entry,
    hasIpv4: lasting
      ? ipv4.has
      : (address) => ipv4.has(address) && findIpv4(address, Date.now()) !== undefined,
    keepIpv4: lasting ? ipv4.keep : undefined,
    toShared: () => shared,
  };
}
