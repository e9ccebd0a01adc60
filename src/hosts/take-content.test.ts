import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../model/event.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { InterruptedContent, ingest, type Pipeline, UnreadableContent } from './take-content.ts';

const LINE = '2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 4444 6 1 60 1795500000 1795500060 REJECT OK\n';
const OPTIONS = { fingerprint: 'e1', processedAs: 's3://b/k#e1' };
const NAME = 's3://b/k';

let store: Store;
let seen: number[];
let pipeline: Pipeline;
beforeEach(() => {
  store = openSqliteStore(':memory:');
  seen = [];
  pipeline = {
    store,
    async detect(events: readonly Event[]) {
      seen.push(...events.map(({ origin }) => origin.offset));
      return [];
    },
    settings: { window: 60_000, bindingOf: () => ({ mode: 'record' }) },
    onBadRecord: () => {},
    onStored: () => {},
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
const offsets = (count: number) => Array.from({ length: count }, (_, index) => index * LINE.length);

describe('a content', () => {
  it('is remembered once it is read, and its position forgotten', async () => {
    await ingest(pipeline, streamOf(lines(12_000)), NAME, OPTIONS);
    expect(seen).toEqual(offsets(12_000));
    expect(await store.processed(OPTIONS.processedAs)).toBe(true);
    expect(await store.position(NAME)).toBeUndefined();
  });

  it('that broke on its way goes on where it was stored; no record is judged twice', async () => {
    const broken = streamOf(lines(25_000), new Error('ECONNRESET'));
    await expect(ingest(pipeline, broken, NAME, OPTIONS)).rejects.toThrow(InterruptedContent);
    const first = seen.length;
    expect(first % 10_000).toBe(0);
    expect(await store.processed(OPTIONS.processedAs)).toBe(false);
    await ingest(pipeline, streamOf(lines(25_000)), NAME, OPTIONS);
    expect(seen).toEqual(offsets(25_000));
  });

  it('that was replaced under its name is read from its beginning', async () => {
    const broken = streamOf(lines(25_000), new Error('ECONNRESET'));
    await expect(ingest(pipeline, broken, NAME, OPTIONS)).rejects.toThrow(InterruptedContent);
    seen = [];
    await ingest(pipeline, streamOf(lines(5)), NAME, { fingerprint: 'e2', processedAs: 's3://b/k#e2' });
    expect(seen).toEqual(offsets(5));
  });

  it('that is no log is stored in no part', async () => {
    await expect(ingest(pipeline, streamOf(Buffer.from('PAR1 and more')), NAME, OPTIONS)).rejects.toThrow(
      UnreadableContent,
    );
    await expect(ingest(pipeline, streamOf(Buffer.from('rubbish\n')), NAME, OPTIONS)).rejects.toThrow(
      UnreadableContent,
    );
    expect(await store.processed(OPTIONS.processedAs)).toBe(false);
    expect((await store.badRecords(1)).total).toBe(0);
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
    const detect = async (events: readonly Event[]) => {
      await wait(5);
      most = Math.max(most, produced - (events.at(-1)?.origin.offset ?? produced));
      return [];
    };
    const raw = kind === 'gzip' ? source.pipe(createGzip({ level: 1 })) : source;
    await ingest({ ...pipeline, detect }, raw, NAME, OPTIONS);
    expect(produced).toBe(400 * part.length);
    // Two chunks of 10,000 records are in hand, and the buffers of the streams; in gzip these hold more.
    expect(most).toBeLessThan((kind === 'gzip' ? 250 : 40) * part.length);
  });
});
