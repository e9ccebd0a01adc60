import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, compareJson, type Json } from './json.ts';

const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !JSON.stringify(value).includes('-0'))
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value as Record<string, Json>).reverse();
  return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]));
}

describe('the order of values', () => {
  it('calls equal what has the same canonical text, and nothing else', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(compareJson(a, b) === 0).toBe(canonicalJson(a) === canonicalJson(b));
        expect(compareJson(a, reversed(a))).toBe(0);
      }),
    );
  });

  it('is one order, whoever is asked first', () => {
    fc.assert(
      fc.property(json, json, json, (a, b, c) => {
        expect(Math.sign(compareJson(a, b)) + Math.sign(compareJson(b, a))).toBe(0);
        const [x, y, z] = [a, b, c].sort(compareJson) as [Json, Json, Json];
        expect(compareJson(x, z)).toBeLessThanOrEqual(0);
        expect(compareJson(x, y)).toBeLessThanOrEqual(0);
        expect(compareJson(y, z)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
