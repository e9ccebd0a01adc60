import { createHash } from 'node:crypto';

/** Puts records together as the Kinesis Producer Library does, with a table of keys, an index and a tag. */
export function aggregate(records: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat([
    field(1, Buffer.from('key')),
    ...records.map((data) =>
      field(3, Buffer.concat([varintField(1, 0), field(3, data), field(4, field(1, Buffer.from('tag')))])),
    ),
  ]);
  const checksum = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, checksum]);
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
