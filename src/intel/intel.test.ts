import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseIpv4, parseRange } from './address.ts';
import { addressSet } from './address-set.ts';
import { parseAddressList } from './list.ts';

describe('an IPv4 address', () => {
  it('is what the library takes for four decimal parts', () => {
    const part = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('', '01', '-1', 'x', '0x1', '1e1', ' 1'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        const expected = ipaddr.IPv4.isValidFourPartDecimal(text)
          ? ipaddr.IPv4.parse(text)
              .toByteArray()
              .reduce((sum, byte) => sum * 256 + byte, 0)
          : undefined;
        expect(parseIpv4(text)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a set of addresses', () => {
  const set = addressSet([
    '198.51.100.0/24',
    '198.51.100.7',
    '10.0.0.0/8',
    '2001:db8::/32',
    '0.0.0.0/32',
    '255.255.255.255',
  ]);

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.8', '198.51.100.0/24'],
    ['198.51.101.0', undefined],
    ['10.255.255.255', '10.0.0.0/8'],
    ['11.0.0.0', undefined],
    ['0.0.0.0', '0.0.0.0/32'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:db8:1::1', '2001:db8::/32'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db9::', undefined],
    ['', undefined],
    ['not an address', undefined],
    ['1.2.3', undefined],
    ['0x0a.0.0.1', undefined],
  ])('%s is covered by %s', (address, entry) => {
    expect(set.find(address)).toBe(entry);
  });

  it('gives the most specific of nested networks, as a scan of all entries does', () => {
    const network = fc
      .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 16, max: 32 }))
      .map(([low, bits]) => `10.0.${low >> 8}.${low & 255}/${bits}`);
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 30 }),
        fc.integer({ min: 0, max: 0xffff }),
        (networks, low) => {
          const address = `10.0.${low >> 8}.${low & 255}`;
          const at = parseRange(address)?.first ?? 0n;
          const covering = networks.flatMap((text) => {
            const range = parseRange(text);
            return range && range.first <= at && at <= range.last ? [range.last - range.first] : [];
          });
          const found = addressSet(networks).find(address);
          const range = found === undefined ? undefined : parseRange(found);
          const smallest = covering.sort((a, b) => (a < b ? -1 : 1))[0];
          expect(range && range.last - range.first).toBe(smallest);
        },
      ),
    );
  });
});

describe('a threat list file', () => {
  it('has an address or a network a line, and comments', () => {
    const list = parseAddressList({
      file: 'bad.txt',
      text: '# known bad\n192.0.2.1\n198.51.100.0/24 ; a netset\r\n\n2001:db8::/32 # v6\n',
    });
    expect(list).toEqual({ entries: ['192.0.2.1', '198.51.100.0/24', '2001:db8::/32'], problems: [] });
  });

  it('names the line of an entry that is none and keeps the others', () => {
    const list = parseAddressList({ file: 'bad.txt', text: '192.0.2.1\n192.0.2.999\n10.0.0.0/33\n' });
    expect(list.entries).toEqual(['192.0.2.1']);
    expect(list.problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });
});
