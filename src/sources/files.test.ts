import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { flowRecord } from '../../test/scene.ts';
import { decodedOf } from '../formats/stretch.ts';
import type { BadRecord, Event } from '../model/event.ts';
import type { Position } from '../store/store.ts';
import { piecesContent } from './content.ts';
import { filesOf, readFile } from './files.ts';
import { LINE_LIMIT, lineEnd, linesOf } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let names = 0;
const newPath = (): string => join(folder, `f${names++}.log`);

const record = (at: number): string =>
  flowRecord({ eni: 'eni-1', from: ['10.0.0.5', 40_000], to: ['192.0.2.9', 4444], at });
const records = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `${record(from + index)}\n`).join('');

/** What a follower gets from one look at a file. */
async function look(path: string, position?: Position, final = false) {
  const events: Event[] = [];
  const badRecords: BadRecord[] = [];
  let last = position;
  for await (const chunk of readFile(path, { position, final })) {
    for (const decoded of decodedOf(chunk.stretch)) {
      if (decoded.kind === 'event') events.push(decoded.event);
      else if (decoded.kind === 'bad') badRecords.push(decoded.record);
    }
    last = chunk.position;
  }
  return { events, badRecords, position: last };
}
const raws = (events: readonly Event[]): string => events.map(({ raw }) => `${raw}\n`).join('');

describe('a file that grows', () => {
  it('is read from where the last look ended; half a line is left for later', async () => {
    const path = newPath();
    const text = records(3);
    writeFileSync(path, text.slice(0, -20));
    const first = await look(path);
    expect(raws(first.events)).toBe(records(2));
    appendFileSync(path, text.slice(-20));
    const second = await look(path, first.position);
    expect(raws(second.events)).toBe(records(1, 2));
    expect((await look(path, second.position)).events).toEqual([]);
  });

  it('gives every record once, wherever the writer and the reader stop', async () => {
    const text = records(12);
    const cuts = fc.array(fc.nat({ max: text.length }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const path = newPath();
        writeFileSync(path, '');
        let seen = '';
        let position: Position | undefined;
        let from = 0;
        for (const to of [...places.sort((a, b) => a - b), text.length]) {
          appendFileSync(path, text.slice(from, to));
          from = to;
          const found = await look(path, position);
          seen += raws(found.events);
          ({ position } = found);
          expect(found.badRecords).toEqual([]);
        }
        expect(seen).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the format of its header line', async () => {
    const path = newPath();
    const header = 'interface-id srcaddr dstaddr srcport dstport protocol action start end\n';
    const line = 'eni-1 10.0.0.5 192.0.2.9 40000 4444 6 REJECT 1795500000 1795500060\n';
    writeFileSync(path, header + line);
    const first = await look(path);
    expect(first.events[0]?.fields).toMatchObject({ dstport: 4444, action: 'REJECT' });
    appendFileSync(path, line);
    expect((await look(path, first.position)).events[0]?.fields).toMatchObject({ dstport: 4444 });
  });

  it('that was rotated begins anew', async () => {
    const path = newPath();
    writeFileSync(path, records(5));
    const { position } = await look(path);
    renameSync(path, `${path}.1`);
    writeFileSync(path, records(2, 100));
    expect(raws((await look(path, position)).events)).toBe(records(2, 100));
  });
});

describe('bytes that are not whole', () => {
  it('a truncated gzip waits while a writer may be at it, and is told at the end', async () => {
    const path = newPath();
    const whole = gzipSync(records(5_000));
    writeFileSync(path, whole.subarray(0, whole.length - 2_000));
    const first = await look(path);
    expect(first.badRecords).toEqual([]);
    writeFileSync(path, whole);
    const second = await look(path, first.position);
    expect(first.events.length + second.events.length).toBe(5_000);

    writeFileSync(path, whole.subarray(0, whole.length - 2_000));
    const final = await look(path, undefined, true);
    expect(final.badRecords).toMatchObject([{ reason: 'gzip ends in the middle', origin: { source: path } }]);
  });

  it('a damaged gzip gives what came before the damage', async () => {
    const path = newPath();
    const bytes = gzipSync(records(20_000));
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
    writeFileSync(path, bytes);
    const { badRecords } = await look(path, undefined, true);
    expect(badRecords.at(-1)?.reason).toMatch(/gzip/);
  });

  it('half a last line is a bad record once the file is final', async () => {
    const path = newPath();
    writeFileSync(path, records(2).slice(0, -40));
    expect(await look(path, undefined, true)).toMatchObject({
      events: [{}],
      badRecords: [{ origin: { source: path, line: 2, offset: record(0).length + 1 } }],
    });
  });

  it('any bytes are events or bad records, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const path = newPath();
        writeFileSync(path, Buffer.concat([Buffer.from(records(1)), bytes, Buffer.from(`\n${records(1)}`)]));
        const { events } = await look(path, undefined, true);
        expect(events.length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });

  it('a line without an end does not fill the memory', async () => {
    const part = Buffer.alloc(1024 * 1024, 'x');
    const parts = LINE_LIMIT / part.length + 4;
    const content = piecesContent(
      (function* () {
        for (let n = 0; n < parts; n++) yield part;
        yield Buffer.from('\nnext\n');
      })(),
    );
    const found: { kind: string; length: number }[] = [];
    for await (const { kind, start, end } of linesOf(content)) found.push({ kind, length: end - start });
    expect(found).toEqual([
      { kind: 'long', length: LINE_LIMIT },
      { kind: 'whole', length: 'next\n'.length },
    ]);
    expect(content.bytes.length).toBeLessThanOrEqual(4 * LINE_LIMIT);
  });
});

/** Every line of a content as text, with the place of its first byte. */
async function textLines(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, window?: number) {
  const content = piecesContent(pieces, { window });
  const lines: { text: string; offset: number }[] = [];
  for await (const { start, end } of linesOf(content)) {
    const base = content.offset - start;
    for (let at = start; at < end; ) {
      const newline = content.bytes.indexOf('\n', at);
      const text = content.bytes.toString('utf8', at, lineEnd(content.bytes, at, newline));
      lines.push({ text, offset: base + at });
      at = newline + 1;
    }
  }
  return lines;
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('lines', () => {
  it('are the lines of the text, with the places of their bytes, however it is cut', async () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '€', '𝄞', '\r'), maxLength: 8 }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (parts, size, window, packed) => {
          const bytes = Buffer.from(parts.map((part) => `${part}\n`).join(''));
          const found = await textLines(cut(packed ? gzipSync(bytes) : bytes, size), window);
          expect(found.map(({ text: line }) => line)).toEqual(parts.map((part) => part.replace(/\r$/, '')));
          for (const { text: line, offset } of found)
            expect(bytes.toString('utf8', offset, offset + Buffer.byteLength(line))).toBe(line);
        },
      ),
    );
  });

  it('come from a stream that is gzip or not', async () => {
    for (const bytes of [Buffer.from('a\nb\n'), gzipSync('a\nb\n')]) {
      const lines = await textLines(Readable.from(cut(bytes, 1)));
      expect(lines.map(({ text }) => text)).toEqual(['a', 'b']);
    }
    expect(await textLines(Readable.from([]))).toEqual([]);
  });
});

describe('a pattern', () => {
  it('means a file, a folder with all in it, or a glob; never what is still being written', () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    for (const name of ['x.log', 'a/y.log.gz', 'a/b/z.log', '.hidden', 'a/w.log.partial'])
      writeFileSync(join(root, name), '');
    const short = (paths: string[]): string[] => paths.map((path) => path.slice(root.length + 1));
    expect(short(filesOf(root))).toEqual(['a/b/z.log', 'a/y.log.gz', 'x.log']);
    expect(short(filesOf(join(root, '**/*.log')))).toEqual(['a/b/z.log', 'x.log']);
    expect(short(filesOf(join(root, 'x.log')))).toEqual(['x.log']);
    expect(filesOf(join(root, 'nothing'))).toEqual([]);
  });
});

describe('a subscription message in a file', () => {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: 'flow',
    logStream: 'eni-1-all',
    subscriptionFilters: ['cordon'],
    logEvents: [0, 1].map((at) => ({ id: String(at), timestamp: at, message: record(at) })),
  };
  it.each([
    ['on one line', `${JSON.stringify(message)}\n`, 2],
    ['over many lines', JSON.stringify(message, null, 1), 2],
    ['one a line', `${JSON.stringify(message)}\n${JSON.stringify(message)}\n`, 4],
    [
      'as Lambda gets it',
      JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(message)).toString('base64') } }),
      2,
    ],
  ])('%s', async (_, text, count) => {
    const path = newPath();
    writeFileSync(path, text);
    expect((await look(path, undefined, true)).events).toHaveLength(count);
  });
});
