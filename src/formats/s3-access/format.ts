import { columns, decodedRecord, readColumns } from '../columns.ts';
import { ACCOUNT_OF_KEY, REGION_OF_KEY, type TextFormat } from '../format.ts';
import { keyLayout } from '../layout.ts';
import { splitQuoted } from '../quoted.ts';

/** Source: Amazon S3 User Guide, "Amazon S3 server access log format". Fields were added over the years. */
const COLUMNS = columns(`
  bucket_owner bucket time remote_ip requester request_id operation key request_uri
  http_status:integer error_code bytes_sent:integer object_size:integer total_time:integer
  turn_around_time:integer referer user_agent version_id host_id signature_version cipher_suite
  authentication_type host_header tls_version access_point_arn acl_required source_region`);
/** The records of the first years end with the user agent. */
const FIRST_COLUMNS = 17;
const BEFORE_REFERRER = 15;
const OBJECT = '\\d{4}(?:-\\d{2}){5}-[0-9A-F]{16}$';
const TIME = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/;

export const S3_ACCESS: TextFormat = {
  name: 's3-access',
  title: 'S3 server access log',
  logsource: { product: 'aws', service: 's3access' },
  common: {
    ...ACCOUNT_OF_KEY,
    ...REGION_OF_KEY,
    'src_endpoint.ip': 'remote_ip',
    action: 'operation',
    'actor.user.uid': 'requester',
    'resource.uid': 'bucket',
  },
  subject: [{ type: 'AWS::S3::Bucket', field: 'bucket' }],
  // Source: Amazon S3 User Guide, "Logging requests with server access logging": with date-based partitioning, and without.
  keys: [keyLayout(`{account}/{region}/{resource}/{date}/${OBJECT}`), keyLayout(`[^/]*${OBJECT}`)],
  recognises: (line) => /^[0-9a-f]{64} \S+ \[\d{2}\/\w{3}\/\d{4}:/.test(line),
  decoder: (source) => ({
    *line(text, offset, number) {
      if (text === '') return;
      const fields = readColumns(split(text), COLUMNS, FIRST_COLUMNS);
      const time = typeof fields === 'string' ? Number.NaN : timeOf(String(fields.time));
      if (typeof fields !== 'string' && typeof fields.key === 'string') fields.key = decoded(fields.key);
      yield decodedRecord(S3_ACCESS.name, fields, time, text, { source, offset, line: number });
    },
  }),
};

/**
 * S3 escapes nothing, and a referrer and a user agent may hold anything. They are the last quoted
 * values of a record: so the last quote of the line ends the user agent.
 */
function split(line: string): string[] {
  const values = splitQuoted(line, { brackets: true, limit: BEFORE_REFERRER });
  const rest = values[BEFORE_REFERRER];
  if (rest === undefined || !rest.startsWith('"')) return splitQuoted(line, { brackets: true });
  const end = rest.lastIndexOf('"');
  const between = rest.indexOf('" "');
  if (between === -1 || end < between + 3) return splitQuoted(line, { brackets: true });
  return [
    ...values.slice(0, BEFORE_REFERRER),
    rest.slice(1, between),
    rest.slice(between + 3, end),
    ...splitQuoted(rest.slice(end + 1)),
  ];
}

/** `06/Feb/2019:00:00:38 +0000` */
function timeOf(text: string): number {
  const parts = TIME.exec(text);
  return parts === null
    ? Number.NaN
    : Date.parse(`${parts[1]} ${parts[2]} ${parts[3]} ${parts[4]} ${parts[5]}`);
}

/** S3 URL-encodes keys twice: what looks like `%2520` is a space. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(key.replaceAll('+', '%20')));
  } catch {
    return key;
  }
}
