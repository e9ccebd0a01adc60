import { eachLine, type ListReading, parseTime } from './reader.ts';

const COMMA = ',';
const QUOTE = '"';

/** The fields of a line of comma-separated values; blanks around a field do not belong to it. Source: RFC 4180, section 2. */
export function splitCsv(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    while (line[at] === ' ' || line[at] === '\t') at++;
    if (line[at] === QUOTE) {
      let field = '';
      for (at++; at < line.length; at++) {
        if (line[at] !== QUOTE) field += line[at];
        else if (line[at + 1] === QUOTE) {
          field += QUOTE;
          at++;
        } else break;
      }
      const comma = line.indexOf(COMMA, at);
      fields.push(field);
      at = comma === -1 ? line.length + 1 : comma + 1;
      continue;
    }
    const comma = line.indexOf(COMMA, at);
    const end = comma === -1 ? line.length : comma;
    fields.push(line.slice(at, end).trim());
    at = end + 1;
  }
  return fields;
}

/** What the columns of a publisher's CSV mean. */
export interface CsvDialect {
  readonly name: string;
  /** Columns that name it among all: the header has all of them. */
  readonly signature: readonly string[];
  /** Columns that may hold an indicator. */
  readonly values: readonly string[];
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly confidence?: { readonly column: string /** The value that means 100. */; readonly most: number };
  readonly label?: readonly string[];
  /** The column that says what kind of indicator it is, and the kinds that are addresses or names. */
  readonly kind?: { readonly column: string; readonly known: RegExp };
}

/**
 * Sources: the headers that abuse.ch writes into its exports; Amazon GuardDuty User Guide,
 * "Customizing threat detection with entity lists and IP address lists" (OTX, ProofPoint, FireEye).
 */
export const CSV_DIALECTS: readonly CsvDialect[] = [
  {
    name: 'feodo-csv',
    signature: ['dst_ip', 'dst_port', 'malware'],
    values: ['dst_ip'],
    firstSeen: 'first_seen_utc',
    lastSeen: 'last_online',
    label: ['malware', 'c2_status'],
  },
  {
    name: 'urlhaus-csv',
    signature: ['dateadded', 'url', 'url_status'],
    values: ['url'],
    firstSeen: 'dateadded',
    lastSeen: 'last_online',
    label: ['threat', 'url_status'],
  },
  {
    name: 'threatfox-csv',
    signature: ['ioc_value', 'ioc_type'],
    values: ['ioc_value'],
    firstSeen: 'first_seen_utc',
    lastSeen: 'last_seen_utc',
    confidence: { column: 'confidence_level', most: 100 },
    label: ['malware_printable', 'threat_type'],
    kind: { column: 'ioc_type', known: /^(ip:port|domain|url)$/i },
  },
  {
    name: 'otx-csv',
    signature: ['indicator type', 'indicator'],
    values: ['indicator'],
    label: ['description'],
    kind: { column: 'indicator type', known: /^(cidr|ipv4|ipv6|domain|domain name|hostname|url|uri)$/i },
  },
  {
    name: 'proofpoint-csv',
    signature: ['category', 'score', 'first_seen'],
    values: ['ip', 'domain'],
    firstSeen: 'first_seen',
    lastSeen: 'last_seen',
    confidence: { column: 'score', most: 127 },
  },
  {
    name: 'fireeye-csv',
    signature: ['reportid', 'threatscape', 'networkidentifier'],
    values: ['cidr', 'ip', 'domain', 'url', 'sourceip', 'sourcedomain'],
    firstSeen: 'observationtime',
    label: ['malwarefamily', 'actor'],
  },
];

/** The columns of a header line, which may be a comment; nothing when the line is none. */
export function csvHeader(line: string): string[] | undefined {
  const columns = splitCsv(line.replace(/^[#\s]+/, '')).map((name) => name.toLowerCase());
  return columns.length > 1 ? columns : undefined;
}

export function dialectOf(columns: readonly string[]): CsvDialect | undefined {
  return CSV_DIALECTS.find(({ signature }) => signature.every((name) => columns.includes(name)));
}

const NO_VALUE = {
  message: 'no address, domain or URL in any of its columns',
  expected: 'a value in the columns that the header names',
};

export function readCsv(reading: ListReading, dialect: CsvDialect): void {
  let columns: readonly string[] | undefined;
  eachLine(reading.source, (line, start, end) => {
    if (columns === undefined) {
      const header = csvHeader(line);
      if (header !== undefined && dialectOf(header) === dialect) columns = header;
      return;
    }
    if (line.trim() === '' || line.startsWith('#')) return;
    const fields = splitCsv(line);
    if (!readRow(reading, dialect, columns, fields)) reading.faults.report(start, end, NO_VALUE);
  });
}

function readRow(
  { add, skip }: ListReading,
  dialect: CsvDialect,
  columns: readonly string[],
  fields: readonly string[],
): boolean {
  const field = (name: string | undefined): string | undefined => {
    const at = name === undefined ? -1 : columns.indexOf(name);
    return at === -1 ? undefined : fields[at] || undefined;
  };
  const { kind, confidence } = dialect;
  if (kind !== undefined && !kind.known.test(field(kind.column) ?? '')) {
    skip();
    return true;
  }
  const score = Number(field(confidence?.column) ?? Number.NaN);
  const attributes = {
    firstSeen: parseTime(field(dialect.firstSeen)),
    lastSeen: parseTime(field(dialect.lastSeen)),
    confidence: Number.isFinite(score) ? (score / (confidence?.most ?? 100)) * 100 : undefined,
    label: (dialect.label ?? []).flatMap((name) => field(name) ?? []).join(', ') || undefined,
  };
  const values = dialect.values.flatMap((name) => field(name) ?? []);
  return values.filter((value) => add(withoutPort(value), attributes)).length > 0;
}

/** `192.0.2.1:443` and `[2001:db8::1]:443` are an address and a port. */
function withoutPort(value: string): string {
  return (
    /^((?:\d{1,3}\.){3}\d{1,3}):\d{1,5}$/.exec(value)?.[1] ??
    /^\[([\da-f:.]+)\]:\d{1,5}$/i.exec(value)?.[1] ??
    value
  );
}
