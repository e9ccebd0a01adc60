import { globSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import type { Decoded } from '../formats/decoder.ts';
import { type DecodeOptions, decodeJson, detectingDecoder, looksLikeJson } from '../formats/detected.ts';
import { parseJson } from '../formats/json.ts';
import { isParquet } from '../formats/parquet/random-access.ts';
import { type BadRecord, badRecord, type Event } from '../model/event.ts';
import type { Position } from '../store/store.ts';
import { continues, fingerprintOf, headOf } from './fingerprint.ts';
import { LINE_LIMIT, type Line, linesOf, openContent } from './lines.ts';
import { readParquetFile } from './parquet.ts';

/** Part of a content, decoded. */
export interface Chunk {
  readonly events: readonly Event[];
  readonly badRecords: readonly BadRecord[];
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly position: Position;
}

/** CloudFront has two lines before its records, the others one or none. */
const HEADER_LINES = 2;
const EVENTS_PER_CHUNK = 10_000;

/** The files that a pattern means: a file, a folder with all in it, or a glob. Sorted. */
export function filesOf(pattern: string): string[] {
  const found = statSync(pattern, { throwIfNoEntry: false });
  if (found?.isFile()) return [pattern];
  if (found?.isDirectory()) {
    return globSync('**/*', { cwd: pattern, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.partial'))
      .map((entry) => join(pattern, relative(pattern, join(entry.parentPath, entry.name))))
      .sort();
  }
  return globSync(pattern, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export interface ReadOptions extends DecodeOptions {
  /** Where an earlier read stopped. */
  readonly position?: Position | undefined;
  /** False while a writer may be at the file: its last, unfinished line and a cut gzip are left for later. */
  readonly final: boolean;
  /** Hears how many bytes of the file, as it is on the disk, have been read. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Reads a file from a position on, in chunks; a fault of the bytes is the last chunk's bad record. */
export async function* readFile(
  path: string,
  { position, final, onProgress, ...decode }: ReadOptions,
): AsyncGenerator<Chunk> {
  const head = await headOf(path);
  const from = position !== undefined && continues(path, head, position) ? position : undefined;
  const fingerprint = fingerprintOf(head);
  if (isParquet(head)) {
    yield* readParquetFile(path, { fingerprint, from, final, onProgress, context: decode.context });
    return;
  }
  const { content, bytesRead } = openContent(path, head);
  try {
    for await (const chunk of readContent(content, path, { fingerprint, from, final, ...decode })) {
      onProgress?.(bytesRead());
      yield chunk;
    }
  } finally {
    content.destroy();
  }
}

/** Reads a stream to its end. */
export function readStream(
  content: Readable,
  name: string,
  decode: DecodeOptions = {},
): AsyncGenerator<Chunk> {
  return readContent(content, name, { ...decode, fingerprint: '', from: undefined, final: true });
}

interface ContentOptions extends DecodeOptions {
  readonly fingerprint: string;
  readonly from: Position | undefined;
  readonly final: boolean;
}

async function* readContent(
  content: Readable,
  source: string,
  { fingerprint, from, final, ...decode }: ContentOptions,
): AsyncGenerator<Chunk> {
  const decoder = detectingDecoder(source, decode);
  let json: JsonText | undefined;
  let events: Event[] = [];
  let badRecords: BadRecord[] = [];
  let skipped = 0;
  let position: Position = { ...(from ?? { source, offset: 0, lines: 0 }), fingerprint };
  const keep = (decoded: Decoded): void => {
    if (decoded.kind === 'event') events.push(decoded.event);
    else if (decoded.kind === 'bad') badRecords.push(decoded.record);
    else skipped++;
  };
  const chunk = (): Chunk => {
    const full = { events, badRecords, skipped, position };
    events = [];
    badRecords = [];
    skipped = 0;
    return full;
  };

  const lines = linesOf(content);
  let next = await lines.next();
  for (; next.done !== true; next = await lines.next()) {
    const { text, offset, end, number, complete, truncated } = next.value;
    const document = number === 1 && looksLikeJson(text) ? parseJson(text) : undefined;
    if (number === 1 && looksLikeJson(text) && document === undefined) json = { text: '', end: 0 };
    if (json !== undefined) {
      if (json.text.length < JSON_LIMIT) json.text += `${text}\n`;
      json.end = end;
      continue;
    }
    if (!complete && !final) break;
    if (offset < position.offset) {
      // The header says how the rest is read, also when all before the position was read earlier.
      if (number <= HEADER_LINES) for (const _ of decoder.line(text, offset, number));
      continue;
    }
    if (truncated) badRecords.push(tooLong(source, next.value));
    else {
      const origin = { source, offset, line: number };
      const decoded =
        document === undefined
          ? decoder.line(text, offset, number)
          : decodeJson(text, origin, decode, document);
      for (const one of decoded) keep(one);
    }
    position = { ...position, offset: end, lines: number };
    if (events.length + badRecords.length >= EVENTS_PER_CHUNK) yield chunk();
  }
  const broken = next.done === true ? next.value : undefined;
  if (json !== undefined && json.end > position.offset) {
    const document = parseJson(json.text);
    if (final || document !== undefined) {
      const origin = { source, offset: 0, line: 1 };
      for (const decoded of decodeJson(json.text, origin, decode, document)) keep(decoded);
      position = { ...position, offset: json.end, lines: 1 };
    }
  }
  if (broken !== undefined && final) {
    badRecords.push({
      origin: { source, offset: broken.offset, line: position.lines + 1 },
      reason: broken.reason,
      raw: '',
    });
  }
  if (events.length + badRecords.length + skipped > 0 || position.offset !== from?.offset) yield chunk();
}

function tooLong(source: string, { text, offset, number }: Line): BadRecord {
  const reason = `the line is longer than ${LINE_LIMIT / 1024 / 1024} MiB`;
  return badRecord(text, reason, { source, offset, line: number });
}

/** A JSON text over several lines, as far as it has been read. */
interface JsonText {
  text: string;
  end: number;
}

/** CloudWatch Logs sends at most 6 MB at once; a longer text is no message of it. */
const JSON_LIMIT = 64 * 1024 * 1024;
