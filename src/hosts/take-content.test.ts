import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parquetFlowLog } from '../../test/parquet.ts';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { decodedOf, type Stretch } from '../formats/stretch.ts';
import { takeIn } from '../respond/intake.ts';
import type { Store } from '../store/store.ts';
import { InterruptedContent, type Pipeline, takeContent, UnreadableContent } from './take-content.ts';

const LINE = '2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 4444 6 1 60 1795500000 1795500060 REJECT OK\n';
const OPTIONS = { fingerprint: 'e1', processedAs: 's3://b/k#e1' };
const NAME = 's3://b/k';

let store: Store;
let seen: number[];
let pipeline: Pipeline;
beforeEach(() => {
  store = openTemporaryStore();
  seen = [];
  pipeline = {
    store,
    async detect(stretch: Stretch) {
      const decoded = decodedOf(stretch);
      const events = decoded.flatMap((one) => (one.kind === 'event' ? [one.event.origin.offset] : []));
      seen.push(...events);
      const badRecords = decoded.flatMap((one) => (one.kind === 'bad' ? [one.record] : []));
      return { events: events.length, byFormat: new Map(), outside: 0, skipped: 0, badRecords, kept: [] };
    },
    sizes: { held: 5_000, records: 5_000 },
    window: 60_000,
    take: async ({ runs, badRecords, position }, changes = []) => {
      const batch = { runs, badRecords, changes, ...(position && { position }) };
      await takeIn(store, batch, { window: 60_000, bindingOf: () => ({ mode: 'record' }) }, Date.now);
    },
  };
});
afterEach(() => store.close());

const lines = (count: number) => Buffer.from(LINE.repeat(count));
const streamOf = (...parts: (Buffer | Error)[]): Readable =>
  Readable.from(
    (async function* () {
      for (const part of parts) {
        if (part instanceof Error) throw part;
        yield part;
      }
    })(),
    { objectMode: false },
  );
const take = (pieces: Readable, options = OPTIONS) => takeContent(pipeline, { pieces }, NAME, options);
const offsets = (count: number) => Array.from({ length: count }, (_, index) => index * LINE.length);

describe('a content', () => {
  it('is remembered once it is read, and its position forgotten', async () => {
    await take(streamOf(lines(12_000)));
    expect(seen).toEqual(offsets(12_000));
    expect(await store.processed(OPTIONS.processedAs)).toBe(true);
    expect(await store.position(NAME)).toBeUndefined();
  });

  it('that broke on its way goes on where it was stored; what is stored is not judged again', async () => {
    const broken = streamOf(lines(25_000), new Error('ECONNRESET'));
    await expect(take(broken)).rejects.toThrow(InterruptedContent);
    const stored = (await store.position(NAME))?.offset ?? 0;
    expect(stored).toBeGreaterThan(10_000 * LINE.length);
    expect(await store.processed(OPTIONS.processedAs)).toBe(false);
    seen = [];
    await take(streamOf(lines(25_000)));
    expect(seen).toEqual(offsets(25_000).filter((offset) => offset >= stored));
  });

  it('that was replaced under its name is read from its beginning', async () => {
    const broken = streamOf(lines(25_000), new Error('ECONNRESET'));
    await expect(take(broken)).rejects.toThrow(InterruptedContent);
    seen = [];
    await take(streamOf(lines(5)), { fingerprint: 'e2', processedAs: 's3://b/k#e2' });
    expect(seen).toEqual(offsets(5));
  });

  it('that is no log is stored in no part', async () => {
    await expect(take(streamOf(Buffer.from('PAR1 and more')))).rejects.toThrow(UnreadableContent);
    await expect(take(streamOf(Buffer.from('rubbish\n')))).rejects.toThrow(UnreadableContent);
    expect(await store.processed(OPTIONS.processedAs)).toBe(false);
    expect((await store.badRecords(1)).total).toBe(0);
  });

  it('may be Parquet, which is read in pieces; a piece that breaks is no fault of the file', async () => {
    const bytes = parquetFlowLog(5_000);
    let left = 12;
    const ranges = {
      byteLength: bytes.length,
      async slice(start: number, end: number): Promise<ArrayBuffer> {
        if (--left === 0) throw new Error('ECONNRESET');
        return Uint8Array.from(bytes.subarray(start, end)).buffer;
      },
    };
    const read = () => takeContent(pipeline, { pieces: streamOf(Buffer.from(bytes)), ranges }, NAME, OPTIONS);
    await expect(read()).rejects.toThrow(InterruptedContent);
    expect((await store.badRecords(1)).total).toBe(0);
    expect(await store.processed(OPTIONS.processedAs)).toBe(false);
    seen = [];
    const before = (await store.position(NAME))?.lines ?? 0;
    await read();
    expect(seen.length).toBe(5_000 - before);
    expect(await store.processed(OPTIONS.processedAs)).toBe(true);
  });

  it.each(['plain', 'gzip'] as const)('is not read faster than it is judged (%s)', async (kind) => {
    const part = lines(1_000);
    let produced = 0;
    let most = 0;
    const source = Readable.from(
      (async function* () {
        for (let number = 0; number < 400; number++) {
          produced += part.length;
          yield part;
        }
      })(),
      { objectMode: false },
    );
    const detect = async (stretch: Stretch) => {
      await wait(2);
      const decoded = decodedOf(stretch);
      const last = decoded.findLast((one) => one.kind === 'event')?.event.origin.offset ?? produced;
      most = Math.max(most, produced - last);
      return {
        events: decoded.length,
        byFormat: new Map(),
        outside: 0,
        skipped: 0,
        badRecords: [],
        kept: [],
      };
    };
    const pieces = kind === 'gzip' ? source.pipe(createGzip({ level: 1 })) : source;
    await takeContent({ ...pipeline, detect }, { pieces }, NAME, OPTIONS);
    expect(produced).toBe(400 * part.length);
    // A window of 256 KiB is in hand, and the buffers of the streams; in gzip these hold more.
    expect(most).toBeLessThan((kind === 'gzip' ? 200 : 10) * part.length);
  });
});
