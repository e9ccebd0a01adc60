import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalFinder } from './aho-corasick.ts';

function found(literals: readonly string[], text: string): [number, number][] {
  const places: [number, number][] = [];
  literalFinder(literals).find(text, (literal, end) => places.push([end, literal]));
  return places.sort(([a, b], [c, d]) => a - c || b - d);
}

describe('a finder of many literals', () => {
  it('finds each of them wherever it ends, also inside of another', () => {
    const unit = fc.constantFrom('a', 'b', 'é', '😀', '\0');
    const literal = fc.string({ unit, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(literal, { maxLength: 8 }),
        fc.string({ unit, maxLength: 20 }),
        (literals, text) => {
          const expected: [number, number][] = [];
          for (let end = 1; end <= text.length; end++) {
            for (const [index, one] of literals.entries()) {
              if (one !== '' && text.slice(0, end).endsWith(one)) expected.push([end, index]);
            }
          }
          expect(found(literals, text)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('looks at each character once, however the literals overlap', () => {
    let count = 0;
    literalFinder(['a'.repeat(1000), `${'a'.repeat(500)}b`]).find('a'.repeat(100_000), () => count++);
    expect(count).toBe(99_001);
  });
});
