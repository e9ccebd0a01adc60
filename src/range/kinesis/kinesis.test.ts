import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type ShardIteratorType,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';
import { LAST_HASH_KEY } from './stream.ts';

const StreamName = 's';
let clock: ReturnType<typeof simulatedClock>;
let world: Range;
let client: KinesisClient;

beforeEach(async () => {
  clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
  world = await startRange({ clock });
  client = new KinesisClient({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
});
afterEach(async () => {
  client.destroy();
  await world.close();
});

const put = (text: string) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey: text, Data: Buffer.from(text) }));
const iteratorOf = async (ShardId: string, type: ShardIteratorType, more: object = {}) => {
  const input = { StreamName, ShardId, ShardIteratorType: type, ...more };
  return (await client.send(new GetShardIteratorCommand(input))).ShardIterator;
};
const read = async (ShardIterator: string | undefined, more: object = {}) => {
  const answer = await client.send(new GetRecordsCommand({ ShardIterator, ...more }));
  const texts = (answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString());
  return { ...answer, texts };
};
const FIRST = 'shardId-000000000000';

describe('Kinesis, through the real SDK', () => {
  it('gives records in order, from where the iterator says', async () => {
    const { SequenceNumber } = await put('a');
    clock.advance(1_000);
    const between = new Date(clock.now());
    await client.send(
      new PutRecordsCommand({
        StreamName,
        Records: ['b', 'c'].map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
      }),
    );
    expect((await read(await iteratorOf(FIRST, 'TRIM_HORIZON'))).texts).toEqual(['a', 'b', 'c']);
    expect((await read(await iteratorOf(FIRST, 'LATEST'))).texts).toEqual([]);
    const after = { StartingSequenceNumber: SequenceNumber };
    expect((await read(await iteratorOf(FIRST, 'AFTER_SEQUENCE_NUMBER', after))).texts).toEqual(['b', 'c']);
    expect((await read(await iteratorOf(FIRST, 'AT_SEQUENCE_NUMBER', after))).texts).toEqual(['a', 'b', 'c']);
    const at = { Timestamp: between };
    expect((await read(await iteratorOf(FIRST, 'AT_TIMESTAMP', at))).texts).toEqual(['b', 'c']);
    const page = await read(await iteratorOf(FIRST, 'TRIM_HORIZON'), { Limit: 2 });
    expect(page).toMatchObject({ texts: ['a', 'b'], MillisBehindLatest: expect.any(Number) });
    expect(await read(page.NextShardIterator)).toMatchObject({ texts: ['c'], MillisBehindLatest: 0 });
  });

  it('splits and merges: a closed shard ends and names its children', async () => {
    await put('a');
    const middle = String((LAST_HASH_KEY + 1n) / 2n);
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: middle }));
    const last = await read(await iteratorOf(FIRST, 'TRIM_HORIZON'));
    expect(last.texts).toEqual(['a']);
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards?.map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    await client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    );
    const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
    expect(Shards).toMatchObject([
      { ShardId: FIRST, SequenceNumberRange: { EndingSequenceNumber: expect.any(String) } },
      { ParentShardId: FIRST },
      { ParentShardId: FIRST },
      { ParentShardId: 'shardId-000000000001', AdjacentParentShardId: 'shardId-000000000002' },
    ]);
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(summary.StreamDescriptionSummary?.OpenShardCount).toBe(1);
  });

  it('lists shards in pages', async () => {
    await client.send(new CreateStreamCommand({ StreamName: 'wide', ShardCount: 5 }));
    const first = await client.send(new ListShardsCommand({ StreamName: 'wide', MaxResults: 3 }));
    const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken }));
    expect([first.Shards?.length, second.Shards?.length, second.NextToken]).toEqual([3, 2, undefined]);
  });

  it('forgets what is older than a day, and iterators after five minutes', async () => {
    await put('old');
    const iterator = await iteratorOf(FIRST, 'TRIM_HORIZON');
    clock.advance(5 * 60_000 + 1);
    await expect(read(iterator)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    clock.advance(24 * 3_600_000);
    await put('new');
    expect((await read(await iteratorOf(FIRST, 'TRIM_HORIZON'))).texts).toEqual(['new']);
  });

  it.each([
    ['throttle', 'ProvisionedThroughputExceededException'],
    ['internal-error', 'InternalFailure'],
    ['unauthorized', 'AccessDeniedException'],
  ] as const)('%s is answered as %s', async (kind, name) => {
    world.faults.add({ operation: 'ListShards', fault: { kind } });
    await expect(client.send(new ListShardsCommand({ StreamName }))).rejects.toMatchObject({ name });
  });

  it('does not know what is not there', async () => {
    await expect(client.send(new ListShardsCommand({ StreamName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
