import { isIP } from 'node:net';
import { decodedRecord } from '../columns.ts';
import { ACCOUNT_OF_KEY, type TextFormat } from '../format.ts';
import { cloudfrontColumn, cloudfrontFields, cloudfrontTime } from './fields.ts';

/**
 * Every field in the order in which a record has them, the newest at the end.
 * Source: Amazon CloudFront Developer Guide, "Use real-time access logs", fields.
 */
const FIELDS = `
  timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem
  cs-bytes x-edge-location x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version
  cs-user-agent cs-referer cs-cookie cs-uri-query x-edge-response-result-type x-forwarded-for
  ssl-protocol ssl-cipher x-edge-result-type fle-encrypted-fields fle-status sc-content-type
  sc-content-len sc-range-start sc-range-end c-port x-edge-detailed-result-type c-country
  cs-accept-encoding cs-accept cache-behavior-path-pattern cs-headers cs-header-names
  cs-headers-count primary-distribution-id primary-distribution-dns-name origin-fbl origin-lbl asn
  cmcd-encoded-bitrate cmcd-buffer-length cmcd-buffer-starvation cmcd-content-id
  cmcd-object-duration cmcd-deadline cmcd-measured-throughput cmcd-next-object-request
  cmcd-next-range-request cmcd-object-type cmcd-playback-rate cmcd-requested-maximum-throughput
  cmcd-streaming-format cmcd-session-id cmcd-stream-type cmcd-startup cmcd-top-bitrate cmcd-version
  r-host sr-reason x-edge-mqcs distribution-tenant-id connection-id viewer-request-log-data
  viewer-response-log-data`
  .trim()
  .split(/\s+/);

/**
 * How many fields there were at the times when some were added, without `s-ip` and with it. A record
 * of another length has chosen fields, and only its configuration says which.
 */
const WITHOUT_SERVER_ADDRESS: readonly number[] = [40, 42, 45, 63];
const WITH_SERVER_ADDRESS: readonly number[] = [41, 43, 46, 64, 67, 69, 71];

/** Epoch seconds with milliseconds, an address, and where they must be: seconds, a status, bytes, a method, a protocol. */
const RECORD =
  /^\d{9,11}\.\d{1,3}\t([0-9a-fA-F.:]+)\t(?:([0-9a-fA-F.:]+)\t)?\d+\.\d+\t\d{3}\t\d+\t[A-Z-]+\t(?:https?|wss?|grpcs?)\t/;

export const CLOUDFRONT_REALTIME: TextFormat = {
  name: 'cloudfront-realtime',
  title: 'CloudFront real-time log',
  logsource: { product: 'aws', service: 'cloudfront-realtime' },
  common: {
    ...ACCOUNT_OF_KEY,
    'src_endpoint.ip': 'c-ip',
    'src_endpoint.port': 'c-port',
    'dst_endpoint.ip': 's-ip',
    action: 'cs-method',
    'resource.uid': 'x-host-header',
  },
  subject: [
    { type: 'AWS::CloudFront::Distribution', field: 'primary-distribution-id' },
    { type: 'AWS::CloudFront::Distribution', field: 'x-host-header' },
  ],
  recognises: (line, { cloudfrontFields: configured }) =>
    configured === undefined
      ? allFieldsOf(line) !== undefined
      : line.split('\t').length === configured.length,
  decoder(source, firstLine, { cloudfrontFields: configured }) {
    const columns = (configured ?? allFieldsOf(firstLine) ?? FIELDS).map(cloudfrontColumn);
    return {
      *line(text, offset, number) {
        if (text === '') return;
        const values = text.split('\t');
        const fields =
          values.length === columns.length
            ? cloudfrontFields(values, columns)
            : `${values.length} columns where the configuration has ${columns.length}`;
        const time = typeof fields === 'string' ? Number.NaN : cloudfrontTime(fields);
        yield decodedRecord(CLOUDFRONT_REALTIME.name, fields, time, text, { source, offset, line: number });
      },
    };
  },
};

/** The fields of a record that has all that there were at some time; nothing when it is no such record. */
function allFieldsOf(line: string): readonly string[] | undefined {
  const [matched, client = '', server] = RECORD.exec(line) ?? [];
  if (matched === undefined || isIP(client) === 0) return undefined;
  const count = line.split('\t').length;
  if (server === undefined) {
    const fields = FIELDS.filter((name) => name !== 's-ip');
    return WITHOUT_SERVER_ADDRESS.includes(count) ? fields.slice(0, count) : undefined;
  }
  return isIP(server) !== 0 && WITH_SERVER_ADDRESS.includes(count) ? FIELDS.slice(0, count) : undefined;
}

/**
 * The names of fields in a text, separated by commas or white space; nothing when it is no such list.
 * AWS adds fields: any name will do, and without `timestamp` no record has a time.
 */
export function parseCloudfrontFields(text: string): string[] | undefined {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const right = names.includes('timestamp') && names.every((name) => /^[a-z][a-z0-9-]*$/.test(name));
  return right && new Set(names).size === names.length ? names : undefined;
}
