import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFreeNumber, isSameNetwork } from './network-acl.ts';

const entry = fc.record({
  RuleNumber: fc.integer({ min: 1, max: 30 }),
  RuleAction: fc.constantFrom('allow' as const, 'deny' as const),
  Egress: fc.boolean(),
});

describe('the first free number of a network ACL', () => {
  it('is nobody’s, and before every entry of its direction that lets something through', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.boolean(), (entries, egress) => {
        const own = entries.filter(({ Egress }) => Egress === egress);
        const allowing = own
          .filter(({ RuleAction }) => RuleAction === 'allow')
          .map(({ RuleNumber }) => RuleNumber);
        const candidates = Array.from({ length: 100 }, (_, index) => index + 1).filter(
          (number) =>
            own.every(({ RuleNumber }) => RuleNumber !== number) && allowing.every((one) => number < one),
        );
        expect(firstFreeNumber(entries, egress)).toBe(candidates[0]);
      }),
    );
  });
});

describe('networks', () => {
  it.each([
    ['192.0.2.1/24', '192.0.2.0/24', true],
    ['2001:DB8::/48', '2001:db8:0::/48', true],
    ['192.0.2.0/24', '192.0.2.0/25', false],
    ['0.0.0.0/0', '::/0', false],
    ['nonsense', 'nonsense', true],
  ])('%s and %s are the same: %s', (a, b, same) => {
    expect(isSameNetwork(a, b)).toBe(same);
  });
});
