import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aggregate } from '../../test/aggregate.ts';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { decodedOf, type Stretch } from '../formats/stretch.ts';
import { takeIn } from '../respond/intake.ts';
import type { Position, Store } from '../store/store.ts';
import { takeRecords } from './stream-records.ts';
import type { Pipeline } from './take-content.ts';

const START: Position = { source: 'kinesis://s/shardId-0', fingerprint: '', offset: 0, lines: 0 };
const line = (port: number): string =>
  `2 123456789012 eni-1 10.0.0.1 10.0.0.2 ${port} 4444 6 1 60 1795500000 1795500060 REJECT OK\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join('');
const record = (SequenceNumber: string, content: string | Uint8Array) => ({
  SequenceNumber,
  Data: Buffer.from(content as never),
  PartitionKey: 'k',
});

let store: Store;
let judged: number[];
/** The call of detect that fails; none by default. */
let failing: number;
let pipeline: Pipeline;
beforeEach(() => {
  store = openTemporaryStore();
  judged = [];
  failing = Number.POSITIVE_INFINITY;
  pipeline = {
    store,
    async detect(stretch: Stretch) {
      const decoded = decodedOf(stretch);
      const events = decoded.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
      if (events.length > 0 && --failing === 0) throw new Error('killed');
      for (const { fields } of events) judged.push(Number(fields.srcport));
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

const position = async () => (await store.position(START.source)) ?? START;

describe('the records of a shard', () => {
  it('move its position from record to record', async () => {
    await takeRecords(pipeline, {}, [record('10', line(1)), record('20', line(2))], START, undefined);
    expect(await position()).toMatchObject({ token: '20', offset: 2, lines: 0 });
    await takeRecords(pipeline, {}, [], await position(), undefined);
    expect(await position()).toMatchObject({ token: '20' });
    await takeRecords(pipeline, {}, [], await position(), 'SHARD_END');
    expect(await position()).toMatchObject({ token: 'SHARD_END', offset: 2 });
  });

  it('may be so long that one is stored in parts; it goes on in the middle of it', async () => {
    const records = [record('10', line(7)), record('20', gzipSync(lines(25_000)))];
    failing = 5;
    await expect(takeRecords(pipeline, {}, records, START, undefined)).rejects.toThrow('killed');
    const { token, offset, lines: chunks } = await position();
    expect({ token, offset }).toEqual({ token: '10', offset: 1 });
    expect(chunks).toBeGreaterThan(0);
    // What was judged and not stored is judged again.
    const before = new Set(judged);
    await takeRecords(pipeline, {}, records.slice(1), await position(), undefined);
    expect(before.size).toBeGreaterThan(5_000);
    expect(new Set(judged)).toEqual(new Set(Array.from({ length: 25_000 }, (_, index) => index)));
    expect(await position()).toMatchObject({ token: '20', offset: 2, lines: 0 });
  });

  it('that unpack to more than they may are set aside', async () => {
    const bomb = gzipSync(line(7).repeat(500_000));
    await takeRecords(pipeline, {}, [record('10', bomb), record('20', line(1))], START, undefined);
    expect(judged.at(-1)).toBe(1);
    expect(judged.length * line(7).length).toBeLessThan(33 * 1024 * 1024);
    expect((await store.badRecords(10)).records).toMatchObject([
      {
        reason: 'the record unpacks to more than 32 MiB (sequence number 10)',
        origin: { source: START.source, offset: 0 },
      },
    ]);
  });

  it('never stop a shard, whatever they hold', async () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => gzipSync(bytes)),
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }).map(aggregate),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), bytes])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 8 }), async (contents) => {
        const before = await position();
        const numbers = contents.map((_, index) => String(before.offset + index));
        const records = contents.map((one, index) => record(numbers[index] ?? '', one));
        await takeRecords(pipeline, {}, records, before, undefined);
        expect((await position()).offset).toBe(before.offset + contents.length);
      }),
      { numRuns: 200 },
    );
  });
});
