import { type Column, type ColumnType, decodedRecord, readColumns } from '../columns.ts';
import type { TextFormat } from '../format.ts';

const INTEGERS: ReadonlySet<string> = new Set([
  'sc-bytes',
  'sc-status',
  'cs-bytes',
  'c-port',
  'sc-content-len',
]);
const NUMBERS: ReadonlySet<string> = new Set(['time-taken', 'time-to-first-byte', 'timestamp']);
/** Source: Amazon CloudFront Developer Guide, "Standard logging reference": these are URL-encoded. */
const ENCODED: ReadonlySet<string> = new Set(['cs(User-Agent)', 'cs(Referer)', 'cs(Cookie)', 'cs-uri-query']);

const FIELDS = '#Fields:';

export const CLOUDFRONT: TextFormat = {
  name: 'cloudfront',
  title: 'CloudFront standard log',
  logsource: { product: 'aws', service: 'cloudfront' },
  common: {
    'src_endpoint.ip': 'c-ip',
    'src_endpoint.port': 'c-port',
    action: 'cs-method',
    'resource.uid': 'cs(Host)',
  },
  aliases: {
    src_ip: 'c-ip',
    src_port: 'c-port',
    'c-useragent': 'cs(User-Agent)',
    'c-uri': 'cs-uri-stem',
    'c-uri-query': 'cs-uri-query',
    'cs-host': 'x-host-header',
  },
  subject: [{ type: 'AWS::CloudFront::Distribution', field: 'cs(Host)' }],
  recognises: (line) => /^#Version: \d/.test(line) || (line.startsWith(FIELDS) && line.includes('c-ip')),
  decoder(source) {
    let format: Column[] = [];
    return {
      *line(text, offset, number) {
        if (text === '') return;
        if (text.startsWith('#')) {
          if (text.startsWith(FIELDS)) format = text.slice(FIELDS.length).trim().split(/\s+/).map(column);
          yield { kind: 'skipped', reason: 'header' };
          return;
        }
        const fields =
          format.length === 0
            ? 'no #Fields line says what the columns are'
            : readColumns(text.split('\t'), format, format.length);
        let time = Number.NaN;
        if (typeof fields !== 'string') {
          for (const name of ENCODED)
            if (typeof fields[name] === 'string') fields[name] = decoded(fields[name]);
          time = timeOf(fields);
        }
        yield decodedRecord(CLOUDFRONT.name, fields, time, text, { source, offset, line: number });
      },
    };
  },
};

/** Either a date and a time of day, or seconds since the epoch. */
export function timeOf({ date, time, timestamp }: Readonly<Record<string, unknown>>): number {
  return timestamp === undefined ? Date.parse(`${date}T${time}Z`) : Number(timestamp) * 1_000;
}

function column(name: string): Column {
  const type: ColumnType = INTEGERS.has(name) ? 'integer' : NUMBERS.has(name) ? 'number' : 'text';
  return { name, type };
}

/** CloudFront encodes a percent sign of the viewer again: one round gives what the viewer sent. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
