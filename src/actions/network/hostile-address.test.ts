import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetwork } from '../../intel/address.ts';
import { hostNetwork } from './hostile-address.ts';

describe('one host in CIDR notation', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7/32'],
    ['198.51.100.7/32', '198.51.100.7/32'],
    ['::ffff:198.51.100.7', '198.51.100.7/32'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1/128'],
    ['2001:db8::1/128', '2001:db8::1/128'],
  ])('%s is %s', (text, network) => {
    expect(hostNetwork(text)).toBe(network);
  });

  it.each([
    '',
    'example.com',
    '0.0.0.0/0',
    '198.51.100.0/24',
    '2001:db8::/64',
    '198.51.100.07',
    '1.2.3',
    '198.51.100.7;drop',
    '198.51.100.7/32/32',
    '[2001:db8::1]',
  ])('%s is none', (text) => {
    expect(hostNetwork(text)).toBeUndefined();
  });

  it('is the same address again, whatever its writing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const network = hostNetwork(text);
        expect(network).toBeDefined();
        expect(parseNetwork(network ?? '')).toEqual(parseNetwork(text));
        expect(hostNetwork(network ?? '')).toBe(network);
      }),
    );
  });
});
