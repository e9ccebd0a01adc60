import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

describe('a word for a shell', () => {
  it.each([
    ['snap-0a1b', 'snap-0a1b'],
    ['a b', "'a b'"],
    ["it's", `'it'\\''s'`],
    ['', "''"],
    ['$(reboot)', "'$(reboot)'"],
  ])('%j is %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });

  it('is read by a shell as the text that it was made of', () => {
    // A shell has no words with NUL in them.
    const text = fc
      .string({ unit: 'grapheme', size: 'max', maxLength: 60 })
      .map((one) => one.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (texts) => {
        const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
        const read = execFileSync('sh', ['-c', script]).toString('utf8').split('\0');
        expect(read).toEqual([...texts, '']);
      }),
      { numRuns: 15 },
    );
  });
});
