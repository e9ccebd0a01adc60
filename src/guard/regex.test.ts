import { describe, expect, it } from 'vitest';
import { patternOf, regexFault, regexLimit } from './regex.ts';

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['abc', 'xabcx', true],
    ['^abc', 'xabc', false],
    ['abc$', 'xabc', true],
    ['^a\\.c$', 'abc', false],
    ['^a\\.c$', 'a.c', true],
    ['^(?i)on$', 'ON', true],
    ['\\A\\s*\\z', ' ', true],
    ['^\\w+$', 'grün', true],
    ['^\\d+$', '٣', true],
    ['[\\w-]+$', 'ü', true],
    ['^[^\\d]+$', 'é', true],
    ['\\u0061', 'a', true],
    ['\\x{1F600}', '😀', true],
    ['^a{,3}$', 'aa', true],
    ['^\\h$', 'f', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(patternOf(pattern).test(text)).toBe(expected);
  });

  it('that is wrong in every dialect has a fault, one that only backtracking runs has a limit', () => {
    expect(regexFault('(')).toBe('missing closing ): `(`');
    for (const pattern of ['(?!x)a', '(?<=x)a', '(a)\\1', 'a++', '(?x) a', '\\<a', '[a&&b]', 'a{1001}']) {
      expect([pattern, regexFault(pattern)]).toEqual([pattern, undefined]);
      expect(regexLimit(pattern)).toBeTypeOf('string');
      expect(() => patternOf(pattern)).toThrow();
    }
    expect(regexLimit('^a|b$')).toBeUndefined();
  });
});

describe('a replacement', () => {
  it.each([
    [
      '^arn:(\\w+):(\\w+):([\\w0-9-]+):(\\d+):(.+)$',
      '$1/$4/$3/$2-$5',
      'aws/123456789012/us-west-2/sns-topic',
    ],
    ['(?P<part>\\d{3})', '$part,', '123,456,789,012,'],
    ['us', '$$', '$'],
    ['none', 'x', ''],
    ['(us)', '$9', ''],
  ])('of %s by %s keeps only what matched', (pattern, template, expected) => {
    expect(patternOf(pattern).expand('arn:aws:sns:us-west-2:123456789012:topic', template)).toBe(expected);
  });
});
