import { scanPlainList } from '../plain-list.ts';
import { rangeNetworks } from '../ranges.ts';

import { eachLine, type ListReading } from './reader.ts';

const NO_INDICATOR = {
  message: 'no address, network, domain or URL',
  expected:
    'an address such as 192.0.2.7, a network such as 198.51.100.0/24 or 2001:db8::/32, a domain or a URL',
};
/** What a hosts file sends a name to that nobody should reach. */
const SINKHOLE = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)[ \t]+/;
const HOSTS_OWN_NAMES = /^(?:localhost|broadcasthost|ip6-\w+|local|0\.0\.0\.0)(?:\.localdomain)?$/;

/**
 * An address, network, domain or URL a line, with comments after `#` or `;`: what FireHOL calls a
 * netset, Spamhaus its text format and GuardDuty TXT. Also ranges (`192.0.2.0-192.0.2.9`) and hosts files.
 */
export function readPlain({ source, writer, faults, add, skip }: ListReading): void {
  scanPlainList(source.bytes, writer.addresses, (start, end) => {
    const entry = faults.textBetween(start, end);
    if (add(entry)) return;
    const range = rangeNetworks(entry);
    if (range !== undefined) {
      for (const network of range) add(network);
      return;
    }
    const names = SINKHOLE.test(entry) ? entry.replace(SINKHOLE, '').split(/[ \t]+/) : [];
    if (names.length === 0) faults.report(start, end, NO_INDICATOR);
    for (const name of names) {
      if (HOSTS_OWN_NAMES.test(name)) skip();
      else if (!add(name)) faults.report(start, end, NO_INDICATOR);
    }
  });
}

/**
 * `address#reliability#risk#activity#country#city#place#…`, reliability from 1 to 10.
 * Source: Amazon GuardDuty User Guide, the AlienVault format.
 */
export function readAlienVault({ source, faults, add }: ListReading): void {
  eachLine(source, (line, start, end) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const [value = '', reliability = '', , activity = ''] = line.split('#');
    const confidence = /^\d{1,2}$/.test(reliability) ? Number(reliability) * 10 : undefined;
    if (!add(value.trim(), { confidence, label: activity.trim() || undefined }))
      faults.report(start, end, NO_INDICATOR);
  });
}
