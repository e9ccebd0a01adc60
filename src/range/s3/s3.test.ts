import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_BUS } from '../delivery.ts';
import { type Range, startRange } from '../range.ts';
import { newQueue } from '../sqs/queue.ts';

let world: Range;
let client: S3Client;

beforeEach(async () => {
  world = await startRange();
  client = new S3Client({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await client.send(new CreateBucketCommand({ Bucket: 'logs' }));
});
afterEach(async () => {
  client.destroy();
  await world.close();
});

const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: 'logs', Key, Body }));
const get = (Key: string, more: object = {}) =>
  client.send(new GetObjectCommand({ Bucket: 'logs', Key, ...more }));
const textOf = async (answer: Awaited<ReturnType<typeof get>>) => answer.Body?.transformToString();

describe('S3, through the real SDK', () => {
  it('keeps any bytes under any key', async () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((one) => !/^\.{1,2}$/.test(one));
    await fc.assert(
      fc.asyncProperty(key, fc.uint8Array({ maxLength: 300 }), async (Key, Body) => {
        await client.send(new PutObjectCommand({ Bucket: 'logs', Key: `k/${Key}`, Body }));
        const answer = await get(`k/${Key}`);
        expect(await answer.Body?.transformToByteArray()).toEqual(Body);
        expect(answer.ContentLength).toBe(Body.length);
      }),
      { numRuns: 40, examples: [['a b/+%?&#=.log', new Uint8Array([0, 255])]] },
    );
  });

  it('gives ranges, and only of the version that was meant', async () => {
    const { ETag } = await put('a', 'hello world');
    const part = await get('a', { Range: 'bytes=6-', IfMatch: ETag });
    expect(part).toMatchObject({
      ContentRange: 'bytes 6-10/11',
      ContentLength: 5,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await textOf(part)).toBe('world');
    expect(await textOf(await get('a', { Range: 'bytes=-3' }))).toBe('rld');
    expect(await textOf(await get('a', { Range: 'bytes=0-3' }))).toBe('hell');
    await put('a', 'another');
    await expect(get('a', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    await expect(get('a', { Range: 'bytes=100-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('keeps versions where it is told to', async () => {
    await client.send(
      new PutBucketVersioningCommand({ Bucket: 'logs', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const { VersionId } = await put('a', 'first');
    await put('a', 'second');
    expect(await textOf(await get('a', { VersionId }))).toBe('first');
    await client.send(new DeleteObjectCommand({ Bucket: 'logs', Key: 'a' }));
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    expect(await textOf(await get('a', { VersionId }))).toBe('first');
    await expect(get('a', { VersionId: 'x' })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('lists in pages, and tells of an object without its content', async () => {
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1']) await put(key, key);
    const pages: (string | undefined)[][] = [];
    for await (const { Contents } of paginateListObjectsV2(
      { client, pageSize: 2 },
      { Bucket: 'logs', Prefix: 'a/' },
    ))
      pages.push((Contents ?? []).map(({ Key }) => Key));
    expect(pages).toEqual([['a/1', 'a/2'], ['a/3']]);
    const head = await client.send(new HeadObjectCommand({ Bucket: 'logs', Key: 'b/1' }));
    expect(head).toMatchObject({ ContentLength: 3, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
    await expect(client.send(new HeadObjectCommand({ Bucket: 'logs', Key: 'c' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('can be throttled, refuse, fail, and be cut in the middle of a body', async () => {
    await put('a', 'x'.repeat(200_000));
    for (const [kind, name] of [
      ['throttle', 'SlowDown'],
      ['internal-error', 'InternalError'],
      ['unauthorized', 'AccessDenied'],
    ] as const) {
      world.faults.add({ operation: 'GetObject', fault: { kind } });
      await expect(get('a')).rejects.toMatchObject({ name });
    }
    world.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 70_000 } });
    const answer = await get('a');
    expect(answer.ContentLength).toBe(200_000);
    await expect(textOf(answer)).rejects.toThrow();
  });

  it('tells queues, topics and the event bus of what comes and goes', async () => {
    const direct = newQueue(world.account, 'direct');
    const wrapped = newQueue(world.account, 'wrapped');
    const raw = newQueue(world.account, 'raw');
    const events = newQueue(world.account, 'events');
    const topic = 'arn:aws:sns:us-east-1:123456789012:objects';
    world.account.deliveries.push(
      { from: topic, to: wrapped.arn },
      { from: topic, to: raw.arn, raw: true },
      { from: EVENT_BUS, to: events.arn },
    );
    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: 'logs',
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              QueueArn: direct.arn,
              Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
              Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.log' }] } },
            },
          ],
          TopicConfigurations: [{ TopicArn: topic, Events: ['s3:ObjectCreated:Put'] }],
          EventBridgeConfiguration: {},
        },
      }),
    );
    await put('in/ä b+c.log', 'x');
    await put('in/other.txt', 'x');
    await client.send(new DeleteObjectCommand({ Bucket: 'logs', Key: 'in/ä b+c.log' }));
    const bodies = (name: string) =>
      (world.account.queues.get(name)?.messages ?? []).map(({ body }) => JSON.parse(body));
    expect(bodies('direct')).toMatchObject([
      { Event: 's3:TestEvent' },
      {
        Records: [
          { eventName: 'ObjectCreated:Put', s3: { object: { key: 'in/%C3%A4+b%2Bc.log', size: 1 } } },
        ],
      },
      { Records: [{ eventName: 'ObjectRemoved:Delete' }] },
    ]);
    expect(bodies('wrapped').map(({ Type }) => Type)).toEqual([
      'Notification',
      'Notification',
      'Notification',
    ]);
    expect(bodies('raw')).toMatchObject([{ Event: 's3:TestEvent' }, { Records: [{}] }, { Records: [{}] }]);
    expect(bodies('events')).toMatchObject([
      { 'detail-type': 'Object Created', detail: { object: { key: 'in/ä b+c.log' } } },
      { 'detail-type': 'Object Created' },
      { 'detail-type': 'Object Deleted' },
    ]);
  });
});
