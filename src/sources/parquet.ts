import { type FileHandle, open } from 'node:fs/promises';
import type { Context } from '../formats/context.ts';
import { parquetBatches } from '../formats/parquet/events.ts';
import type { RandomAccess } from '../formats/parquet/random-access.ts';
import { decodedStretch } from '../formats/stretch.ts';
import type { Position } from '../store/store.ts';
import type { Chunk } from './files.ts';

export interface ParquetReadOptions {
  readonly fingerprint: string;
  readonly from: Position | undefined;
  readonly final: boolean;
  readonly context?: Context | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Reads a Parquet file, in chunks. Its footer is written last: until then it is left for later. The
 * position counts rows as lines; its offset is the file's length when all is read.
 */
export async function* readParquetFile(
  path: string,
  { fingerprint, from, final, context, onProgress }: ParquetReadOptions,
): AsyncGenerator<Chunk> {
  const handle = await open(path);
  try {
    const file = await randomAccess(handle);
    if (from !== undefined && from.offset >= file.byteLength) return;
    if (!final && !(await hasFooter(file))) return;
    const position = (rows: number, offset: number): Position => ({
      source: path,
      fingerprint,
      offset,
      lines: rows,
    });
    let rows = from?.lines ?? 0;
    for await (const batch of parquetBatches(file, path, { context, from: rows })) {
      rows = batch.rows;
      const stretch = decodedStretch(batch.decoded);
      onProgress?.(file.bytesRead());
      yield { stretch, position: position(rows, Math.min(rows, file.byteLength - 1)) };
    }
    yield { stretch: decodedStretch([]), position: position(rows, file.byteLength) };
  } finally {
    await handle.close();
  }
}

/** The file in pieces, and the end of what was asked for so far. */
async function randomAccess(handle: FileHandle): Promise<RandomAccess & { bytesRead(): number }> {
  const { size } = await handle.stat();
  let furthest = 0;
  return {
    byteLength: size,
    bytesRead: () => furthest,
    async slice(start, end) {
      const bytes = new Uint8Array(end - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (end < size) furthest = Math.max(furthest, end);
      return bytes.buffer.slice(0, filled);
    },
  };
}

const MAGIC_BYTES = 4;

async function hasFooter(file: RandomAccess): Promise<boolean> {
  if (file.byteLength < 3 * MAGIC_BYTES) return false;
  const end = await file.slice(file.byteLength - MAGIC_BYTES, file.byteLength);
  return Buffer.from(end).toString('latin1') === 'PAR1';
}
