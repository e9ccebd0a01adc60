import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** A line with its place in the uncompressed content. */
export interface Line {
  readonly text: string;
  readonly offset: number;
  /** The offset behind it and its newline. */
  readonly end: number;
  /** 1-based. */
  readonly number: number;
  /** False for a last line without a newline: a writer may still be at it. */
  readonly complete: boolean;
  /** Set when the line was cut because it is longer than {@link LINE_LIMIT}. */
  readonly truncated: boolean;
}

/** What ended a content early: everything before it has been read. */
export interface BrokenContent {
  readonly offset: number;
  readonly reason: string;
}

/** The longest line that is kept whole, in bytes; the rest of a longer one is dropped. */
export const LINE_LIMIT = 16 * 1024 * 1024;
const READ_CHUNK = 256 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Gzip is known by the first two bytes of a content, not by its name. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The uncompressed content of a file, of which the first bytes are known. */
export function openContent(path: string, head: Buffer): { content: Readable; bytesRead(): number } {
  const raw = createReadStream(path, { highWaterMark: READ_CHUNK });
  return { content: isGzip(head) ? inflated(raw) : raw, bytesRead: () => raw.bytesRead };
}

/** A stream, uncompressed when it begins as gzip does. */
export async function inflatedIfGzip(raw: Readable): Promise<Readable> {
  const chunks = (raw as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  while (head.reduce((size, { length }) => size + length, 0) < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head.push(next.value);
  }
  const whole = Readable.from(
    (async function* () {
      yield* head;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    })(),
  );
  return isGzip(Buffer.concat(head)) ? inflated(whole) : whole;
}

function inflated(raw: Readable): Readable {
  const content = new PassThrough();
  pipeline(raw, createGunzip({ chunkSize: READ_CHUNK }), content).catch(() => {});
  return content;
}

/**
 * Splits a content in lines without holding more than one of them. Ends with a
 * {@link BrokenContent} when the bytes end or break in the middle (a truncated gzip).
 */
export async function* linesOf(content: Readable): AsyncGenerator<Line, BrokenContent | undefined> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let offset = 0;
  let number = 0;
  const take = (tail: Buffer, complete: boolean): Line => {
    const bytes = rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
    const size = restLength + tail.length;
    rest = [];
    restLength = 0;
    number++;
    const trimmed = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
    const next = offset + size + (complete ? 1 : 0);
    const line = {
      text: trimmed.toString('utf8'),
      offset,
      end: next,
      number,
      complete,
      truncated: size > bytes.length,
    };
    offset = next;
    return line;
  };
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        yield take(chunk.subarray(from, at), true);
        from = at + 1;
      }
      const tail = chunk.subarray(from);
      if (tail.length > 0) {
        if (restLength < LINE_LIMIT) rest.push(tail);
        restLength += tail.length;
      }
    }
  } catch (error) {
    return { offset: offset + restLength, reason: brokenReason(error) };
  }
  if (restLength > 0) yield take(Buffer.alloc(0), false);
  return undefined;
}

function brokenReason(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'Z_BUF_ERROR') return 'gzip ends in the middle';
  if (code?.startsWith('Z_')) return 'gzip is damaged';
  return `cannot be read: ${code ?? (error as Error).message}`;
}
