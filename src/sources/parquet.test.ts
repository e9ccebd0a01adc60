import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parquetFlowLog } from '../../test/parquet.ts';
import { decodedOf } from '../formats/stretch.ts';
import type { Position } from '../store/store.ts';
import { type Chunk, readFile } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'flow.log.parquet');

async function look(position?: Position, final = false): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of readFile(path, { position, final })) chunks.push(chunk);
  return chunks;
}
const decodedIn = (chunks: readonly Chunk[]) => chunks.flatMap(({ stretch }) => decodedOf(stretch));
const events = (chunks: readonly Chunk[]): number =>
  decodedIn(chunks).filter(({ kind }) => kind === 'event').length;

describe('a Parquet file', () => {
  it('is read once: its position at the end says that all is read', async () => {
    writeFileSync(path, parquetFlowLog(5_000));
    const first = await look();
    expect(events(first)).toBe(5_000);
    expect(await look(first.at(-1)?.position)).toEqual([]);
  });

  it('is read on from each position on the way: nothing twice, nothing lost', async () => {
    writeFileSync(path, parquetFlowLog(5_000));
    let seen = 0;
    for (const chunk of await look()) {
      seen += events([chunk]);
      expect(seen + events(await look(chunk.position))).toBe(5_000);
    }
  });

  it('is left for later while its footer is not there, and complained of once when it never comes', async () => {
    writeFileSync(path, parquetFlowLog(5).subarray(0, -10));
    expect(await look()).toEqual([]);
    const final = await look(undefined, true);
    expect(decodedIn(final)).toMatchObject([
      {
        record: {
          reason: 'Parquet: the file ends in the middle: it has no footer',
          origin: { source: path },
        },
      },
    ]);
    expect(await look(final.at(-1)?.position, true)).toEqual([]);
    writeFileSync(path, parquetFlowLog(5));
    expect(events(await look())).toBe(5);
  });
});
