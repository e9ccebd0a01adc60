import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

describe('a pattern of protected resources', () => {
  it.each([
    ['arn:aws:ec2:*:*:instance/i-0a*', 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc', true],
    ['arn:aws:iam::*:role/admin-?', 'arn:aws:iam::123456789012:role/admin-1', true],
    ['arn:aws:iam::*:role/admin-?', 'arn:aws:iam::123456789012:role/admin-12', false],
    ['i-0abc', 'i-0abc', true],
    ['i-0abc', 'i-0abcd', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*ab', 'aab', true],
  ])('%s, %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  it('matches the text that it was made of, whatever of it is put behind stars', () => {
    const part = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', '/', ':') });
    fc.assert(
      fc.property(fc.array(fc.tuple(part, fc.boolean()), { maxLength: 8 }), (parts) => {
        const text = parts.map(([one]) => one).join('');
        const pattern = parts.map(([one, hidden]) => (hidden ? '*' : one)).join('');
        expect(matchesGlob(text, pattern)).toBe(true);
      }),
    );
  });

  it('says the same as a regular expression does', () => {
    const pattern = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', '*', '?') });
    const text = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(pattern, text, (glob, word) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(word, glob)).toBe(expression.test(word));
      }),
    );
  });

  it('takes no long time over a text that was written to make it', () => {
    expect(matchesGlob('a'.repeat(20_000), '*a*a*a*a*a*a*a*a*b')).toBe(false);
  });
});
