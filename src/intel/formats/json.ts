import { eachLine, type ListReading } from './reader.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a text is, or nothing. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An object a line with `cidr` and `sblid`, and one of `type: metadata`. Source: Spamhaus, drop_v4.json and drop_v6.json. */
export function readSpamhausJson({ source, faults, add }: ListReading): void {
  eachLine(source, (line, start, end) => {
    if (line.trim() === '') return;
    const object = jsonObject(line);
    if (object?.type === 'metadata') return;
    const { cidr, sblid } = object ?? {};
    const label = typeof sblid === 'string' ? sblid : undefined;
    if (typeof cidr === 'string' && add(cidr, { label })) return;
    faults.report(start, end, { message: 'no network', expected: '{"cidr":"192.0.2.0/24","sblid":"SBL1"}' });
  });
}

/** Attributes of MISP that an address or a name can be. */
const MATCHABLE = /\b(ip|ip-src|ip-dst|domain|hostname|url|uri|link)\b/;

/** Source: MISP warning lists, schema.json and README, "type of warning list". */
export function readMispWarningList({ source, writer, faults, skip }: ListReading): void {
  const text = faults.textBetween(0, source.bytes.length);
  const { list, type = 'string', matching_attributes: attributes } = jsonObject(text) ?? {};
  if (!Array.isArray(list)) {
    faults.report(0, 1, { message: 'no warning list', expected: 'an object with an array named list' });
    return;
  }
  if (type === 'substring' || type === 'regex') {
    const at = Buffer.byteLength(text.slice(0, Math.max(0, text.indexOf('"type"'))));
    faults.report(at, at + 6, {
      message: `a warning list of type ${type} is not understood`,
      expected: 'cidr, hostname or string',
    });
    return;
  }
  const matchable = !Array.isArray(attributes) || attributes.some((name) => MATCHABLE.test(String(name)));
  for (const entry of list) {
    const value = String(entry);
    const added = matchable && (type === 'hostname' ? writer.add(value) : writer.addExact(value));
    // Lists of type string hold hashes, mail addresses and file names as well.
    if (!added) skip();
  }
}
