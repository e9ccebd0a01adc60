import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Position } from '../store/store.ts';
import { isGzip } from './fill.ts';

/** Records of one flow begin alike: it takes some of them to tell two files apart. */
const HEAD_BYTES = 4_096;

/** The first bytes of a file as it is on the disk. */
export async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Tells contents apart by how they begin: `HASH:BYTES`. */
export function fingerprintOf(head: Buffer, bytes = HEAD_BYTES): string {
  const part = head.subarray(0, bytes);
  return `${createHash('sha256').update(part).digest('hex').slice(0, 16)}:${part.length}`;
}

/** Whether a position belongs to the content that is there now; a file may have grown since. */
export function continues(path: string, head: Buffer, { fingerprint, offset }: Position): boolean {
  const bytes = Number(fingerprint.split(':')[1]);
  if (fingerprintOf(head, bytes) !== fingerprint) return false;
  return isGzip(head) || statSync(path).size >= offset;
}
