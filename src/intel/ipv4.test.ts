import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseIpv4 } from './ipv4.ts';

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
