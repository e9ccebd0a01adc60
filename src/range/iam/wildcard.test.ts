import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from './wildcard.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/'), size: 'max', maxLength: 30 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), size: 'max', maxLength: 12 });

describe('a pattern of * and ?', () => {
  it('matches what the regular expression of the same meaning matches', () => {
    fc.assert(
      fc.property(pattern, text, (wanted, actual) => {
        const regex = new RegExp(`^${wanted.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
        expect(matchesWildcard(wanted, actual)).toBe(regex.test(actual));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes every other character as it is', () => {
    expect(matchesWildcard('s3:Get.bject', 's3:GetObject')).toBe(false);
    expect(matchesWildcard('[a-z]+', 'abc')).toBe(false);
  });
});
