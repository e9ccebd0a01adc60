/** One element of DER. Source: ITU-T X.690, "Basic Encoding Rules", sections 8 and 10. */
export interface DerElement {
  /** The identifier octet: 0x30 is a SEQUENCE. */
  readonly tag: number;
  readonly content: Buffer;
  /** The element with its tag and length. */
  readonly bytes: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  oid: 0x06,
  generalizedTime: 0x18,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Elements that follow each other; throws a `RangeError` where they are no DER. */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = byteAt(bytes, at);
    if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag of several octets');
    let length = byteAt(bytes, at + 1);
    let start = at + 2;
    if (length === 0x80 || length > 0x84) throw new RangeError('a length that DER does not know');
    if (length > 0x80) {
      const octets = length & 0x7f;
      length = 0;
      for (let octet = 0; octet < octets; octet++) length = length * 256 + byteAt(bytes, start++);
    }
    const end = start + length;
    if (end > bytes.length) throw new RangeError('an element that ends before its length');
    elements.push({ tag, content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('an element that is cut off');
  return byte;
}

/** The elements in one that holds others. */
export function membersOf(element: DerElement | undefined, tag: number): DerElement[] {
  if (element?.tag !== tag) throw new RangeError(`an element 0x${tag.toString(16)} is missing`);
  return readDer(element.content);
}

/** An element with its tag and length. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** A whole number that is not negative, from its octets. */
export function derInteger(octets: Uint8Array): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const short = first === -1 ? Buffer.from([0]) : Buffer.from(octets.subarray(first));
  return der(TAG.integer, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** An object identifier as it is written: `1.2.840.113549.1.7.2`. */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((value) => {
    const groups = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(TAG.oid, Buffer.from(octets));
}

/** `20261124160337Z` and its like; milliseconds since the epoch. */
export function generalizedTime(element: DerElement | undefined): number {
  const text = element?.tag === TAG.generalizedTime ? element.content.toString('latin1') : '';
  const [, year, month, day, hour, minute, second, fraction = '0'] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time)) throw new RangeError('no GeneralizedTime');
  return time + Math.floor(Number(`0.${fraction}`) * 1_000);
}
