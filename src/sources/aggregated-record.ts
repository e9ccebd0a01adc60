import { createHash } from 'node:crypto';

/**
 * Many records that the Kinesis Producer Library has put into one.
 * Source: Kinesis Producer Library, "KPL Aggregated Record Format".
 */
const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const MD5_BYTES = 16;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Fields of AggregatedRecord and of the Record inside. */
const RECORDS_FIELD = 3;
const DATA_FIELD = 3;

/**
 * The records inside a Kinesis record. One that is not aggregated, or whose checksum or structure
 * is wrong, is itself its only record, as the Kinesis Client Library has it.
 */
export function deaggregated(data: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < MAGIC.length + MD5_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    return [data];
  const message = bytes.subarray(MAGIC.length, -MD5_BYTES);
  const checksum = createHash('md5').update(message).digest();
  if (!checksum.equals(bytes.subarray(-MD5_BYTES))) return [data];
  const records = delimitedFields(message, RECORDS_FIELD)?.map(
    (record) => delimitedFields(record, DATA_FIELD)?.[0],
  );
  if (records === undefined) return [data];
  const contents = records.filter((content) => content !== undefined);
  return contents.length === records.length ? contents : [data];
}

/** Every length-delimited field of a protobuf message that has a number; nothing when it is no such message. */
function delimitedFields(message: Buffer, wanted: number): Buffer[] | undefined {
  const found: Buffer[] = [];
  let at = 0;
  /** Lengths and tags are far below 2^53; a longer varint only has to be passed over. */
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        if (Number.isNaN(varint())) return undefined;
        break;
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case LENGTH_DELIMITED: {
        const length = varint();
        const end = at + length;
        if (!(end <= message.length)) return undefined;
        if (field === wanted) found.push(message.subarray(at, end));
        at = end;
        break;
      }
      default:
        return undefined;
    }
  }
  return at === message.length ? found : undefined;
}
