/** Content that is read in pieces wherever they are: a file, or an S3 object by ranges. */
export interface RandomAccess {
  readonly byteLength: number;
  /** The bytes from `start` up to, but not including, `end`; both are within the content. */
  slice(start: number, end: number): Promise<ArrayBuffer>;
}

/** Something in the file is not as Parquet has it. Caught where the rows are read, and never leaves the room. */
export class ParquetFault extends Error {
  override readonly name = 'ParquetFault';
}

const MAGIC = 'PAR1';

/** Parquet is known by its first four bytes. Source: Apache Parquet, "File Format". */
export function isParquet(head: Uint8Array): boolean {
  return head.length >= MAGIC.length && [...MAGIC].every((letter, at) => head[at] === letter.charCodeAt(0));
}

/** A part of a file as bytes of its own; a fault when it is not within the file. */
export async function bytesOf(file: RandomAccess, start: number, end: number): Promise<Uint8Array> {
  if (!(start >= 0 && start <= end && end <= file.byteLength)) {
    throw new ParquetFault('a part of the file is said to be where the file has no bytes');
  }
  const bytes = new Uint8Array(await file.slice(start, end));
  if (bytes.length !== end - start) throw new ParquetFault('the file became shorter while it was read');
  return bytes;
}
