import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { isAlike, membersOf, only, type PatchOperation, patchOf } from './patch.ts';

/** What RFC 6902 says of operations on members of the root. */
function applied(state: Json, patch: readonly PatchOperation[]): Json {
  const members = new Map(Object.entries(membersOf(state)));
  for (const { op, path, value } of patch) {
    const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    if ((op === 'add') === members.has(name)) throw new Error(`${op} ${path}`);
    if (op === 'remove') members.delete(name);
    else members.set(name, value ?? null);
  }
  return Object.fromEntries(members);
}

const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const name = fc.oneof(
  fc.constantFrom('Tags', 'PolicyDocument', 'a/b', 'a~b', '~1', ''),
  fc.string({ maxLength: 4 }).map((text) => `p${text}`),
);
const state = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true }) as fc.Arbitrary<Json>;

describe('the patch between two states', () => {
  it('makes the one of the other, lists in whatever order', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        expect(isAlike(applied(from, patchOf(from, to)), to)).toBe(true);
      }),
    );
  });

  it('is empty between a state and itself, and from nothing it adds all', () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(patchOf(one, one)).toEqual([]);
        expect(applied(null, patchOf(null, one))).toEqual(one);
      }),
    );
  });

  it('touches only the properties that it may', () => {
    fc.assert(
      fc.property(state, state, fc.array(name, { minLength: 1, maxLength: 3 }), (from, to, names) => {
        const made = applied(from, patchOf(from, to, names));
        const others = Object.keys(membersOf(from)).filter((one) => !names.includes(one));
        for (const one of others) expect(membersOf(made)[one]).toEqual(membersOf(from)[one]);
        expect(isAlike(only(made, names), only(to, names))).toBe(true);
      }),
    );
  });
});

describe('whether two values are alike', () => {
  it('is the same either way, and does not ask for an order of lists', () => {
    fc.assert(
      fc.property(value, value, fc.array(value, { maxLength: 5 }), (a, b, list) => {
        expect(isAlike(a, b)).toBe(isAlike(b, a));
        expect(isAlike(a, a)).toBe(true);
        expect(isAlike(list, list.toReversed())).toBe(true);
      }),
    );
  });

  it('is not so when something is there twice in one of them', () => {
    expect(isAlike([1, 1, 2], [1, 2, 2])).toBe(false);
    expect(isAlike({ a: [] }, {})).toBe(false);
  });
});
