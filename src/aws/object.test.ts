import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range/range.ts';
import { newBucket } from '../range/s3/bucket.ts';
import { putObject } from '../range/s3/objects.ts';
import { objectRanges, openObject } from './object.ts';
import { sourceClients } from './source-clients.ts';

const { signal } = new AbortController();
let world: Range;
let s3: S3Client;
let close: () => void;

beforeEach(async () => {
  world = await startRange();
  const clients = sourceClients({ region: 'us-east-1', endpoint: world.endpoint });
  s3 = await clients.s3();
  close = () => clients.close();
  newBucket(world.account, 'logs');
});
afterEach(async () => {
  close();
  await world.close();
});

const name = { bucket: 'logs', key: 'a b' };
const put = (Body: Buffer) => putObject(world.account, { Bucket: 'logs', Key: 'a b', Body });
const pattern = (length: number) => Buffer.from(Array.from({ length }, (_, at) => at % 251));
const read = async (content: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(content));

describe('an object', () => {
  it('is the same from the first byte to the last, wherever its connections break', async () => {
    const bytes = pattern(300_000);
    put(bytes);
    for (const at of [100, 0, 70_000, 1, 150_000])
      world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: at } });
    const { content, byteLength } = await openObject(s3, name, { signal, resumeAfter: 1 });
    expect(byteLength).toBe(300_000);
    expect((await read(content)).equals(bytes)).toBe(true);
    expect(world.calls).toHaveLength(6);
  });

  it('may break before anybody reads it', async () => {
    const bytes = pattern(300_000);
    put(bytes);
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 1_000 } });
    const { content } = await openObject(s3, name, { signal, resumeAfter: 1 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await read(content)).equals(bytes)).toBe(true);
  });

  it('is given up when nothing comes any more, however often it is asked for', async () => {
    put(pattern(1_000));
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 10 } });
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 0 }, times: 100 });
    const { content } = await openObject(s3, name, { signal, resumeAfter: 1 });
    await expect(read(content)).rejects.toThrow();
    expect(world.calls.length).toBeLessThan(10);
  });

  it('is not mixed with what replaced it', async () => {
    put(pattern(1_000));
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 10 } });
    const { content } = await openObject(s3, name, { signal, resumeAfter: 1 });
    put(Buffer.from('another'));
    await expect(read(content)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is read no further when it is told to stop', async () => {
    put(Buffer.alloc(30_000_000));
    const stop = new AbortController();
    const { content } = await openObject(s3, name, { signal: stop.signal });
    let received = 0;
    const reading = (async () => {
      for await (const chunk of content as AsyncIterable<Uint8Array>) {
        received += chunk.length;
        stop.abort();
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBeLessThan(2_000_000);
    expect(world.calls).toHaveLength(1);
  });

  it('that nobody reads holds no connection', async () => {
    put(Buffer.alloc(1_000_000));
    // More than the client has connections.
    for (let time = 0; time < 60; time++) (await openObject(s3, name, { signal })).content.destroy();
    expect(world.calls).toHaveLength(60);
  });

  it('is not held in memory while nobody reads it', async () => {
    put(Buffer.alloc(30_000_000));
    const { content } = await openObject(s3, name, { signal });
    content.once('readable', () => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(content.readableLength).toBeGreaterThan(0);
    expect(content.readableLength).toBeLessThan(1_000_000);
    content.destroy();
  });

  it('is given in ranges, also when one breaks', async () => {
    const bytes = pattern(100_000);
    put(bytes);
    const { etag, byteLength, content } = await openObject(s3, name, { signal });
    content.destroy();
    const ranges = objectRanges(s3, name, { etag, byteLength }, signal);
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 5 } });
    expect(Buffer.from(await ranges.slice(99_000, 99_100)).equals(bytes.subarray(99_000, 99_100))).toBe(true);
    expect(Buffer.from(await ranges.slice(99_996)).equals(bytes.subarray(99_996))).toBe(true);
    expect((await ranges.slice(5, 5)).byteLength).toBe(0);
    put(Buffer.from('another'));
    await expect(ranges.slice(0, 3)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });
});
