import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesFill } from './fill.ts';
import { inflater } from './inflate.ts';

/** All that comes of a source, in outputs of a size. */
async function allOf(bytes: Uint8Array, piece: number, room: number, makeInflater?: typeof inflater) {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
    bytes.subarray(index * piece, (index + 1) * piece),
  );
  const source = piecesFill(pieces, makeInflater);
  const out = Buffer.alloc(room);
  let text = '';
  for (;;) {
    const { written, fault } = await source.fill(out, 0);
    text += out.toString('latin1', 0, written);
    if (fault !== undefined || written === 0) return { text, fault, bytesRead: source.bytesRead };
  }
}

const character = fc.constantFrom('a', 'b', '\n', ' ');
const text = fc.string({ unit: character, maxLength: 5_000, size: 'max' });
const longText = fc.string({ unit: character, minLength: 60, maxLength: 5_000, size: 'max' });
const sizes = [fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 900 })] as const;

describe('what is read of a source', () => {
  it('has a zlib that is as it is known: no stream is needed', () => {
    const gunzip = inflater();
    expect(gunzip).toBeDefined();
    gunzip?.close();
  });

  it.each([
    ['into buffers that are there', inflater],
    ['through a stream, where zlib is not as it is known', () => undefined],
  ])('is uncompressed %s, one member or several, however it is cut', async (_, makeInflater) => {
    await fc.assert(
      fc.asyncProperty(text, text, ...sizes, async (first, second, piece, room) => {
        const bytes = Buffer.concat([gzipSync(first), gzipSync(second)]);
        const found = await allOf(bytes, piece, room, makeInflater);
        expect(found).toEqual({ text: first + second, fault: undefined, bytesRead: bytes.length });
      }),
      { numRuns: 200 },
    );
  });

  it('is as it stands when it is no gzip', async () => {
    await fc.assert(
      fc.asyncProperty(text, ...sizes, async (plain, piece, room) => {
        expect((await allOf(Buffer.from(plain), piece, room)).text).toBe(plain);
      }),
    );
  });

  it('is all that came before a cut, and the cut is told', async () => {
    await fc.assert(
      fc.asyncProperty(longText, fc.nat(), ...sizes, async (whole, cut, piece, room) => {
        const bytes = gzipSync(whole);
        const { text: found, fault } = await allOf(
          bytes.subarray(0, 11 + (cut % (bytes.length - 11))),
          piece,
          room,
        );
        expect(whole.startsWith(found)).toBe(true);
        expect(fault).toBe('gzip ends in the middle');
      }),
    );
  });

  it('ends at damage', async () => {
    const bytes = gzipSync('a\n'.repeat(5_000) + Math.PI);
    bytes.fill(0xff, 20, 24);
    for (const makeInflater of [inflater, () => undefined]) {
      expect((await allOf(bytes, 64, 256, makeInflater)).fault).toBe('gzip is damaged');
    }
  });
});
