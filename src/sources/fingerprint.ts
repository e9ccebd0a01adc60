import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Position } from '../store/store.ts';
import { isGzip } from './lines.ts';

/** Records of one flow begin alike: it takes some of them to tell two files apart. */
const FINGERPRINT_BYTES = 4_096;

/** Tells contents apart by how they begin: `HASH:BYTES`, of the first bytes of the file as it is on the disk. */
export async function fingerprintOf(path: string, bytes = FINGERPRINT_BYTES): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    const hash = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
    return `${hash.slice(0, 16)}:${bytesRead}`;
  } finally {
    await file.close();
  }
}

/** Whether a position belongs to the content that is there now; a file may have grown since. */
export async function continues(path: string, { fingerprint, offset }: Position): Promise<boolean> {
  const bytes = Number(fingerprint.split(':')[1]);
  if ((await fingerprintOf(path, bytes)) !== fingerprint) return false;
  return (await isGzip(path)) || statSync(path).size >= offset;
}
