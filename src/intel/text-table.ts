import { sharedUint8, toSharedUint32 } from './shared-arrays.ts';

/** Many short texts as one run of UTF-8 bytes; structured-cloneable, shared among threads. */
export interface TextTable {
  readonly bytes: Uint8Array;
  /** Where each text begins; one more says where the last ends. */
  readonly offsets: Uint32Array;
}

const encoder = new TextEncoder();

export function textTable(texts: readonly string[]): TextTable {
  const encoded = texts.map((text) => encoder.encode(text));
  const offsets = [0];
  for (const { length } of encoded) offsets.push((offsets.at(-1) ?? 0) + length);
  const bytes = sharedUint8(offsets.at(-1) ?? 0);
  for (const [index, one] of encoded.entries()) bytes.set(one, offsets[index]);
  return { bytes, offsets: toSharedUint32(offsets) };
}

export function textAt({ bytes, offsets }: TextTable, index: number): string {
  // A decoder takes no shared memory, so the few bytes of this text are copied.
  return Buffer.from(bytes.subarray(offsets[index], offsets[index + 1])).toString('utf8');
}
