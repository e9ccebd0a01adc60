import { createHash } from 'node:crypto';

/**
 * A Merkle tree over hashes: one hash that stands for all of them, and a short proof for each.
 * Source: RFC 9162, "Certificate Transparency Version 2.0", section 2.1.
 */
export interface MerkleTree {
  /** In hexadecimal. */
  readonly root: string;
  /** The hashes beside the way from a leaf to the root, the lowest first. */
  proof(index: number): string[];
}

/** The tree of one or more hashes in hexadecimal. */
export function merkleTree(hashes: readonly string[]): MerkleTree {
  const levels = [hashes.map(leafHash)];
  for (let level = levels[0] ?? []; level.length > 1; ) {
    const above: string[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const right = level[at + 1];
      above.push(right === undefined ? (level[at] ?? '') : nodeHash(level[at] ?? '', right));
    }
    levels.push(above);
    level = above;
  }
  return {
    root: levels.at(-1)?.[0] ?? '',
    proof(index) {
      return levels.flatMap((level, depth) => level[(index >> depth) ^ 1] ?? []);
    },
  };
}

/** The root that a proof leads to from one hash; it is genuine when the tree of that size has that root. */
export function provenRoot(hash: string, index: number, size: number, proof: readonly string[]): string {
  let current = leafHash(hash);
  let used = 0;
  for (let at = index, width = size; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if (at % 2 === 1) current = nodeHash(proof[used++] ?? '', current);
    else if (at + 1 < width) current = nodeHash(current, proof[used++] ?? '');
  }
  return used === proof.length ? current : '';
}

function leafHash(hash: string): string {
  return createHash('sha256').update('\0').update(hash, 'hex').digest('hex');
}

function nodeHash(left: string, right: string): string {
  return createHash('sha256').update('\x01').update(left, 'hex').update(right, 'hex').digest('hex');
}
