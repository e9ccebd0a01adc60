import { rangeNetworks } from '../ranges.ts';
import type { ListReading } from './reader.ts';

/** No part can run over another `<`, so a hostile document takes no longer than its length. */
const VALUE = /<(?:[\w-]+:)?(Address_Value|Value)[^<>]*>([^<>]*)</g;
const SEPARATOR = '##comma##';
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The addresses, domains and URLs of a STIX 1 package in XML, as GuardDuty takes it: values of
 * CybOX address, domain name and URI objects, also two of them as `InclusiveBetween`.
 * Source: Amazon GuardDuty User Guide; CybOX 2.1, Address_Object, "##comma##".
 */
export function readStix1({ source, faults, add }: ListReading): void {
  const text = faults.textBetween(0, source.bytes.length);
  for (const match of text.matchAll(VALUE)) {
    const [whole, element, raw = ''] = match;
    const value = raw.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '').trim();
    const values = value.split(SEPARATOR).map((one) => one.trim());
    const entries =
      whole.includes('InclusiveBetween') && values.length === 2
        ? (rangeNetworks(values.join('-')) ?? [value])
        : values;
    for (const entry of entries) {
      if (add(entry) || element === 'Value') continue;
      const start = faults.full ? 0 : Buffer.byteLength(text.slice(0, match.index));
      faults.report(start, start + Buffer.byteLength(whole), {
        message: 'no address that is understood',
        expected: 'an IPv4 or IPv6 address, a network, or two of them as InclusiveBetween',
      });
    }
  }
}
