import { describe, expect, it } from 'vitest';
import { LAST_HASH_KEY } from '../src/range/kinesis/stream.ts';
import { mergeShards, splitShard } from '../src/range/kinesis/streams.ts';
import { aggregate } from './aggregate.ts';
import { type Stage, stage } from './scene.ts';
import { beacons, counted, gzipped, stream } from './sources.ts';

const STREAM = { kinesis: 'logs' };
const FIRST = 'shardId-000000000000';
const HALF = String((LAST_HASH_KEY + 1n) / 2n);

function scene(source: object = STREAM): Promise<Stage> {
  return stage({ mode: 'observe', config: { sources: [source as typeof STREAM] } });
}

const split = ({ range: { account } }: Stage, ShardToSplit = FIRST, NewStartingHashKey = HALF) =>
  splitShard(account, { StreamName: 'logs', ShardToSplit, NewStartingHashKey });
const subscription = (lines: string): Buffer =>
  gzipped(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: 'flow',
      logStream: 'eni-all',
      logEvents: lines
        .trim()
        .split('\n')
        .map((message, id) => ({ id: String(id), timestamp: 1_795_500_000_000, message })),
    }),
  );

describe.concurrent('the records of a stream', { timeout: 60_000 }, () => {
  it('may be lines, packed lines, messages of CloudWatch Logs and aggregates of these', async () => {
    await using world = await scene();
    const { put } = stream(world);
    put(beacons(world, 2));
    put(gzipped(beacons(world, 3)));
    put(subscription(beacons(world, 4)));
    put(aggregate([Buffer.from(beacons(world, 5)), subscription(beacons(world, 6))]));
    await world.watchOnce();
    expect(await counted(world)).toBe(20);
    const origins = await world.inStore(async (store) =>
      (await store.samples((await store.incidents())[0]?.id ?? '')).map(({ origin }) => origin.source),
    );
    expect(new Set(origins).size).toBe(5);
    expect(origins[0]).toMatch(/^kinesis:\/\/logs\/shardId-000000000000\/\d{56}$/);
  });

  it('may be JSON events', async () => {
    await using world = await stage({ config: { sources: [STREAM], rules: ['rule.yml'] } });
    world.write(
      'rule.yml',
      `title: A user is made
id: user-made
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateUser }
  condition: selection
level: high
`,
    );
    const { put } = stream(world);
    const event = {
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      eventTime: '2026-11-24T20:00:00Z',
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/eve' },
    };
    put(JSON.stringify(event));
    put(JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.iam', detail: event }));
    await world.watchOnce();
    expect(await counted(world, 'user-made')).toBe(2);
  });

  it('may be CloudFront real-time logs, whose fields the configuration names', async () => {
    const cloudfrontFields = ['timestamp', 'c-ip', 'sc-status', 'cs-method', 'cs-host', 'cs-uri-stem'];
    await using world = await stage({
      config: { sources: [{ ...STREAM, cloudfrontFields }], rules: ['rule.yml'] },
    });
    world.write(
      'rule.yml',
      `title: Somebody looks for secrets
id: secrets
logsource: { product: aws, service: cloudfront-realtime }
detection:
  selection: { cs-uri-stem: /.env }
  condition: selection
level: low
`,
    );
    const { put } = stream(world);
    put('1795500000.123\t192.0.2.7\t404\tGET\texample.com\t/.env\n');
    put('1795500001.456\t192.0.2.7\t200\tGET\texample.com\t/\n');
    await world.watchOnce();
    expect(await counted(world, 'secrets')).toBe(1);
  });

  it('that cannot be read are counted and kept aside, and the rest goes on', async () => {
    await using world = await scene();
    const { put } = stream(world);
    put('rubbish');
    put(new Uint8Array([0x1f, 0x8b, 1, 2, 3]));
    put(aggregate([Buffer.from('more rubbish'), Buffer.from(beacons(world, 1))]));
    await world.watchOnce();
    expect(await counted(world)).toBe(1);
    const { total, records } = await world.inStore((store) => store.badRecords(10));
    expect(total).toBe(3);
    expect(records.map(({ origin, reason }) => `${origin.source}:${origin.offset} ${reason}`)).toEqual([
      expect.stringMatching(
        /^kinesis:\/\/logs\/shardId-0{12}:0 no log format that Cordon knows \(sequence number \d+\)$/,
      ),
      expect.stringMatching(/:1 gzip is damaged \(sequence number/),
      expect.stringMatching(/:2 no log format/),
    ]);
  });
});

describe.concurrent('a stream', { timeout: 60_000 }, () => {
  it('goes on where it was', async () => {
    await using world = await scene();
    const { put } = stream(world, 3);
    for (let key = 0; key < 30; key++) put(beacons(world, 1, 40_000 + key), String(key));
    await world.watchOnce();
    await world.watchOnce();
    expect(await counted(world)).toBe(30);
    for (let key = 0; key < 30; key++) put(beacons(world, 1, 41_000 + key), String(key));
    await world.watchOnce();
    expect(await counted(world)).toBe(60);
  });

  it('that was split and merged is read parents first, every record once', async () => {
    await using world = await scene();
    const { put } = stream(world);
    put(beacons(world, 3));
    split(world);
    put(beacons(world, 4, 41_000));
    mergeShards(world.range.account, {
      StreamName: 'logs',
      ShardToMerge: 'shardId-000000000001',
      AdjacentShardToMerge: 'shardId-000000000002',
    });
    expect(put(beacons(world, 5, 42_000))).toBe('shardId-000000000003');
    await world.watchOnce();
    expect(await counted(world)).toBe(12);
    const read = world.range.calls.flatMap(({ operation, input }) =>
      operation === 'GetShardIterator' ? [(input as { ShardId: string }).ShardId.at(-1)] : [],
    );
    expect(read[0]).toBe('0');
    expect(read.slice(1, 3).sort()).toEqual(['1', '2']);
    expect(read[3]).toBe('3');
    split(world, 'shardId-000000000003');
    put(beacons(world, 6, 43_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(18);
  });

  it('begins with what comes from now on when it is told so, and then leaves nothing out', async () => {
    await using world = await scene({ ...STREAM, from: 'latest' });
    const { put } = stream(world);
    put(beacons(world, 3));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.watchOnce();
    expect(await counted(world)).toBe(0);
    put(beacons(world, 4, 41_000));
    split(world);
    put(beacons(world, 5, 42_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(9);
  });

  it('begins at a time when it is told so', async () => {
    const time = new Date(Date.now() + 60_000).toISOString();
    await using world = await scene({ ...STREAM, from: time });
    const { put } = stream(world);
    put(beacons(world, 3));
    world.range.account.clock.advance(120_000);
    put(beacons(world, 4, 41_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(4);
  });

  it('that was made anew under its name is read from its beginning', async () => {
    await using world = await scene();
    stream(world).put(beacons(world, 3));
    split(world);
    await world.watchOnce();
    world.range.account.clock.advance(1_000);
    stream(world).put(beacons(world, 4, 41_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
  });

  it.each(['ListShards', 'GetShardIterator', 'GetRecords'])(
    'that is throttled and fails is read all the same (%s)',
    async (operation) => {
      await using world = await scene();
      stream(world).put(beacons(world, 3));
      world.range.faults.add({ operation, fault: { kind: 'throttle' } });
      world.range.faults.add({ operation, fault: { kind: 'internal-error' }, times: 2 });
      world.range.faults.add({ operation, fault: { kind: 'drop-after' } });
      await world.watchOnce();
      expect(await counted(world)).toBe(3);
      expect(world.notices).toMatchObject([{ kind: 'trouble' }]);
    },
  );

  it('whose iterator expires, or whose answer breaks, goes on behind what is stored', async () => {
    await using world = await scene();
    const { put } = stream(world);
    put(beacons(world, 3));
    const expired = { kind: 'error', code: 'ExpiredIteratorException', message: 'old', status: 400 } as const;
    world.range.faults.add({ operation: 'GetRecords', fault: expired });
    world.range.faults.add({ operation: 'GetRecords', fault: { kind: 'cut', bytes: 100 } });
    await world.watchOnce();
    put(beacons(world, 4, 41_000));
    world.range.faults.add({ operation: 'GetRecords', fault: expired });
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
  });

  it('whose checkpoint is forgotten is read from the oldest record on', async () => {
    await using world = await scene();
    const { put } = stream(world);
    put(beacons(world, 3));
    await world.watchOnce();
    put(beacons(world, 4, 41_000));
    const invalid = {
      kind: 'error',
      code: 'InvalidArgumentException',
      message: 'too old',
      status: 400,
    } as const;
    world.range.faults.add({ operation: 'GetShardIterator', fault: invalid });
    for (const shard of world.range.account.streams.get('logs')?.shards ?? []) shard.records.shift();
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
  });

  it('that is not there, or may not be read, ends the watch at once', async () => {
    await using world = await scene();
    await expect(world.watchOnce()).rejects.toThrow('kinesis://logs: ResourceNotFoundException');
    stream(world);
    world.range.faults.add({ operation: 'ListShards', fault: { kind: 'unauthorized' } });
    await expect(world.watchOnce()).rejects.toThrow('kinesis://logs: AccessDeniedException');
  });
});
