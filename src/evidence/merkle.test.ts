import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './digest.ts';
import { merkleTree, provenRoot } from './merkle.ts';

const hashesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => sha256(String(at)));

/** As RFC 9162 defines it, section 2.1.1: split at the largest power of two that is smaller. */
function rootByDefinition(hashes: readonly string[]): string {
  const hash = (...parts: Uint8Array[]): string =>
    createHash('sha256').update(Buffer.concat(parts)).digest('hex');
  const [only] = hashes;
  if (hashes.length === 1) return hash(Buffer.from([0]), Buffer.from(only ?? '', 'hex'));
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  const left = Buffer.from(rootByDefinition(hashes.slice(0, split)), 'hex');
  const right = Buffer.from(rootByDefinition(hashes.slice(split)), 'hex');
  return hash(Buffer.from([1]), left, right);
}

describe('a Merkle tree', () => {
  it('has the root of RFC 9162', () => {
    for (let count = 1; count <= 70; count++)
      expect(merkleTree(hashesOf(count)).root).toBe(rootByDefinition(hashesOf(count)));
  });

  it('proves each of its hashes, in its place only, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, one, other) => {
        const hashes = hashesOf(count);
        const { root, proof } = merkleTree(hashes);
        const index = one % count;
        const hash = hashes[index] ?? '';
        const path = proof(index);
        expect(provenRoot(hash, index, count, path)).toBe(root);
        expect(provenRoot(sha256('another'), index, count, path)).not.toBe(root);
        expect(provenRoot(hash, index, count, [...path, root])).not.toBe(root);
        if (path.length > 0) expect(provenRoot(hash, index, count, path.slice(1))).not.toBe(root);
        if (other % count !== index) expect(provenRoot(hash, other % count, count, path)).not.toBe(root);
      }),
    );
  });
});
