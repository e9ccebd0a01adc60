import type { Problem } from '../model/problem.ts';
import { CSV_DIALECTS, csvHeader, dialectOf, readCsv } from './formats/csv.ts';
import { jsonObject, readMispWarningList, readSpamhausJson } from './formats/json.ts';
import { readAlienVault, readPlain } from './formats/plain.ts';
import type { ListReading } from './formats/reader.ts';
import { readStix } from './formats/stix.ts';
import { readStix1 } from './formats/stix1.ts';
import { type IndicatorWriter, indicatorWriter } from './indicators.ts';
import { type ListBytes, lineProblems } from './line-problems.ts';

export const LIST_FORMATS = [
  'plain',
  'spamhaus-json',
  'feodo-csv',
  'urlhaus-csv',
  'threatfox-csv',
  'otx-csv',
  'proofpoint-csv',
  'fireeye-csv',
  'alienvault',
  'stix',
  'stix1-xml',
  'misp-warninglist',
] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** A list as it was read, before it is judged. */
export interface ReadList {
  readonly format: ListFormat;
  readonly writer: IndicatorWriter;
  /** The first things that were wrong or not understood. */
  readonly problems: readonly Problem[];
  /** All of them. */
  readonly faults: number;
  /** Entries that are neither address nor name, such as hashes of files. */
  readonly skipped: number;
  /** Entries that were left out because their confidence is too low. */
  readonly doubtful: number;
}

export interface ReadListOptions {
  readonly format?: ListFormat | undefined;
  /** Of entries that say none themselves, 0 to 100. */
  readonly confidence?: number | undefined;
  /** Entries below are left out. */
  readonly minConfidence?: number | undefined;
}

const SHORTEST_LINE = 8;

/** Reads a list; never throws, whatever the bytes are. */
export function readList(source: ListBytes, options: ReadListOptions = {}): ReadList {
  const format = options.format ?? detectFormat(source.bytes);
  const writer = indicatorWriter(
    format === 'plain' ? Math.ceil(source.bytes.length / SHORTEST_LINE) : undefined,
  );
  const faults = lineProblems(source);
  let skipped = 0;
  let doubtful = 0;
  const reading: ListReading = {
    source,
    writer,
    faults,
    skip: () => void skipped++,
    add(text, attributes) {
      const confidence = attributes?.confidence ?? options.confidence;
      if (confidence !== undefined && confidence < (options.minConfidence ?? 0)) {
        doubtful++;
        return true;
      }
      return writer.add(text, attributes);
    },
  };
  const dialect = CSV_DIALECTS.find(({ name }) => name === format);
  if (dialect !== undefined) readCsv(reading, dialect);
  else READERS[format]?.(reading);
  return { format, writer, problems: faults.problems, faults: faults.count, skipped, doubtful };
}

const READERS: Readonly<Partial<Record<ListFormat, (reading: ListReading) => void>>> = {
  plain: readPlain,
  'spamhaus-json': readSpamhausJson,
  alienvault: readAlienVault,
  stix: readStix,
  'stix1-xml': readStix1,
  'misp-warninglist': readMispWarningList,
};

const HEAD = 16_384;
/** Headers stand among the comments at the top. */
const HEADER_LINES = 100;
const ALIEN_VAULT = /^[^\s#,;]+#\d{1,2}#\d{1,2}#/;

/** The format that a content looks like; `plain` when it looks like no other. */
export function detectFormat(bytes: Uint8Array): ListFormat {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const start = head.trimStart();
  if (start.startsWith('<')) return /STIX_Package/.test(head) ? 'stix1-xml' : 'plain';
  if (start.startsWith('{')) {
    const [first = ''] = start.split('\n', 1);
    if (jsonObject(first)?.cidr !== undefined) return 'spamhaus-json';
    if (/"(list|matching_attributes)"\s*:\s*\[/.test(head) && !/"objects"\s*:/.test(head))
      return 'misp-warninglist';
    return 'stix';
  }
  const lines = head.split('\n', HEADER_LINES).map((line) => line.trim());
  for (const line of lines) {
    const header = csvHeader(line);
    const dialect = header === undefined ? undefined : dialectOf(header);
    if (dialect !== undefined) return dialect.name as ListFormat;
  }
  const entry = lines.find((line) => line !== '' && !line.startsWith('#'));
  return entry !== undefined && ALIEN_VAULT.test(entry) ? 'alienvault' : 'plain';
}
