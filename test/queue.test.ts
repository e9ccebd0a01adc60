import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { poisonedMessages } from '../src/hosts/poison.ts';
import { IN_HAND } from '../src/hosts/queue-source.ts';
import type { Account } from '../src/range/account.ts';
import type { SimulatedBucket, SimulatedObject } from '../src/range/s3/bucket.ts';
import { recordOf } from '../src/range/s3/notifications.ts';
import { deleteObject } from '../src/range/s3/objects.ts';
import { enqueue, inFlight, newQueue } from '../src/range/sqs/queue.ts';
import { parquetFlowLog } from './parquet.ts';
import { type Stage, stage } from './scene.ts';
import { announcedBucket, beacons, counted, gzipped, QUEUE, type Route, stream } from './sources.ts';

function scene(source: object = {}): Promise<Stage> {
  return stage({ mode: 'observe', config: { sources: [{ queue: QUEUE, ...source }] } });
}

const WAIT = { timeout: 10_000, interval: 20 };
const poison = ({ folder }: Stage) => poisonedMessages(join(folder, 'state', 'poison'));
const newest = ({ objects }: SimulatedBucket, key: string): SimulatedObject => {
  const found = objects.get(key)?.at(-1);
  if (found === undefined) throw new Error(`${key} is not there`);
  return found;
};
const announcement = (account: Account, bucket: SimulatedBucket, ...keys: string[]): string =>
  JSON.stringify({
    Records: keys.map((key) => recordOf(account, bucket, newest(bucket, key), 'ObjectCreated:Put')),
  });

describe.concurrent('an object that is announced', { timeout: 60_000 }, () => {
  it.each<[Route, boolean]>([
    ['s3', false],
    ['s3', true],
    ['sns', false],
    ['sns-raw', false],
    ['eventbridge', true],
    ['eventbridge-sns', false],
  ])('by %s is read (versions: %s), and its message deleted', async (route, versioned) => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world, route, { versioned });
    put('AWSLogs/ä b+c.log', beacons(world, 3));
    put('AWSLogs/z.log.gz', gzipped(beacons(world, 4, 41_000)));
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
    expect(queue.messages).toEqual([]);
    const [sample] = await world.inStore(async (store) =>
      store.samples((await store.incidents())[0]?.id ?? ''),
    );
    expect(sample?.origin.source).toMatch(/^s3:\/\/logs\/AWSLogs\/(ä b\+c|z)\.log/);
  });

  it('is read once, however often and in whatever order it is announced', async () => {
    await using world = await scene();
    const { put, queue, bucket, send } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    put('b.log', beacons(world, 4));
    const both = announcement(world.range.account, bucket, 'a.log', 'b.log', 'a.log');
    for (let time = 0; time < 12; time++) send(both);
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
    send(both);
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
    expect(queue.messages).toEqual([]);
    // What is known to be read is not even fetched.
    expect(world.made('GetObject')).toBeLessThanOrEqual(4);
  });

  it('is read beside others and beside files: none gets into the way of another', async () => {
    await using world = await stage({
      mode: 'observe',
      config: { sources: [{ queue: QUEUE }, { files: 'logs' }, { kinesis: 'logs' }] },
    });
    const { put } = announcedBucket(world);
    const { put: send } = stream(world);
    for (let number = 0; number < 6; number++)
      put(`${number}.log.gz`, gzipped(beacons(world, 3_001 - 600 * number)));
    // While one waits to hear whose the interface is, the others would go on.
    world.range.faults.add({
      operation: 'DescribeNetworkInterfaces',
      fault: { kind: 'slow', ms: 300 },
      times: 9,
    });
    world.log('a.log', beacons(world, 5_000).trim().split('\n'));
    for (let number = 0; number < 4; number++) send(gzipped(beacons(world, 2_000)));
    await world.watchOnce();
    expect(await counted(world)).toBe(6 + 600 * 15 + 5_000 + 8_000);
  });

  it('is read again when it has another content', async () => {
    await using world = await scene();
    const { put } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    await world.watchOnce();
    put('a.log', beacons(world, 5, 50_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(8);
  });

  it('is the version that was announced, in a bucket with versions', async () => {
    await using world = await scene();
    const { put } = announcedBucket(world, 's3', { versioned: true });
    put('a.log', beacons(world, 3));
    put('a.log', beacons(world, 5, 50_000));
    await world.watchOnce();
    expect(await counted(world)).toBe(8);
  });

  it('is left alone when the configuration does not want it', async () => {
    await using world = await scene({ buckets: ['logs'], prefix: 'AWSLogs/', suffix: '.log' });
    const { put, queue, send } = announcedBucket(world);
    put('AWSLogs/a.log', beacons(world, 1));
    put('AWSLogs/', '');
    put('AWSLogs/a.txt', beacons(world, 10));
    put('other/a.log', beacons(world, 100));
    send(JSON.stringify({ s3Bucket: 'elsewhere', s3ObjectKey: ['AWSLogs/a.log'] }));
    await world.watchOnce();
    expect(await counted(world)).toBe(1);
    expect(queue.messages).toEqual([]);
    expect(world.made('GetObject')).toBe(1);
  });

  it('may be Parquet, and is read by ranges then', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    put('flow.log.parquet', parquetFlowLog(3_000));
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 3 }, skip: 2 });
    await world.watchOnce();
    expect([queue.messages, poison(world), world.notices]).toEqual([[], [], []]);
    const ranges = world.range.calls.flatMap(({ operation, input }) =>
      operation === 'GetObject' ? [(input as { Range?: string }).Range] : [],
    );
    expect(ranges[0]).toBeUndefined();
    expect(ranges.length).toBeGreaterThan(3);
    expect(ranges.slice(1)).toEqual(ranges.slice(1).map(() => expect.stringMatching(/^bytes=\d+-\d+$/)));
    const { etag } = newest(world.range.account.buckets.get('logs') as SimulatedBucket, 'flow.log.parquet');
    await world.inStore(async (store) => {
      expect(await store.processed(`s3://logs/flow.log.parquet#${etag.replaceAll('"', '')}`)).toBe(true);
      expect((await store.badRecords(1)).total).toBe(0);
    });
  });

  it('may be empty, removed, or only a test of S3', async () => {
    await using world = await scene();
    const { put, queue, send, bucket } = announcedBucket(world);
    put('empty.log', '');
    put('gone.log', 'x');
    queue.messages.pop();
    deleteObject(world.range.account, { Bucket: bucket.name, Key: 'gone.log' });
    send(JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' }));
    await world.watchOnce();
    expect([queue.messages, poison(world), world.notices]).toEqual([[], [], []]);
  });
});

describe.concurrent('a message that holds events', { timeout: 60_000 }, () => {
  const call = (sourceIPAddress: string) => ({
    eventVersion: '1.08',
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    eventTime: '2026-11-24T20:00:00Z',
    awsRegion: 'us-east-1',
    recipientAccountId: '123456789012',
    sourceIPAddress,
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/eve' },
  });
  const RULE = `title: A user is made
id: user-made
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateUser }
  condition: selection
level: high
`;
  const event = (id: string, type: string, detail: object) =>
    JSON.stringify({ version: '0', id, 'detail-type': type, source: 'aws.iam', region: 'us-east-1', detail });

  it('is judged once for each event: EventBridge may send an event twice', async () => {
    await using world = await stage({ config: { sources: [{ queue: QUEUE }], rules: ['rule.yml'] } });
    world.write('rule.yml', RULE);
    const queue = newQueue(world.range.account, 'announcements');
    const send = (body: string) => enqueue(world.range.account, queue, body);
    const first = event('e-1', 'AWS API Call via CloudTrail', call('192.0.2.1'));
    send(first);
    send(first);
    send(event('e-2', 'AWS API Call via CloudTrail', call('192.0.2.2')));
    send(JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:t', Message: first }));
    await world.watchOnce();
    expect(await counted(world, 'user-made')).toBe(2);
    expect(queue.messages).toEqual([]);
  });

  it('may be a finding of GuardDuty or several of Security Hub', async () => {
    await using world = await stage({ config: { sources: [{ queue: QUEUE }], rules: ['rules'] } });
    for (const [service, field] of [
      ['guardduty', 'severity|gte: 7'],
      ['securityhub', 'Severity.Label: HIGH'],
    ]) {
      world.write(
        `rules/${service}.yml`,
        `title: Serious\nid: serious-${service}\nlogsource: { product: aws, service: ${service} }\ndetection:\n  selection: { ${field} }\n  condition: selection\nlevel: high\n`,
      );
    }
    const queue = newQueue(world.range.account, 'announcements');
    const guardDuty = (severity: number) => ({
      schemaVersion: '2.0',
      accountId: '123456789012',
      region: 'us-east-1',
      arn: 'arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/f',
      type: 'UnauthorizedAccess:EC2/SSHBruteForce',
      severity,
      service: { serviceName: 'guardduty', detectorId: 'd' },
      resource: { instanceDetails: { instanceId: world.honeypot.instanceId } },
      updatedAt: '2026-11-24T20:00:00Z',
    });
    const securityHub = (Label: string) => ({
      SchemaVersion: '2018-10-08',
      ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/inspector',
      AwsAccountId: '123456789012',
      Resources: [{ Type: 'AwsEc2Instance', Id: 'arn:aws:ec2:us-east-1:123456789012:instance/i-1' }],
      Severity: { Label },
      UpdatedAt: '2026-11-24T20:00:00Z',
    });
    const findings = ['HIGH', 'LOW', 'HIGH'].map(securityHub);
    for (const body of [
      event('g-1', 'GuardDuty Finding', guardDuty(8)),
      event('g-2', 'GuardDuty Finding', guardDuty(2)),
      event('h-1', 'Security Hub Findings - Imported', { findings }),
    ])
      enqueue(world.range.account, queue, body);
    await world.watchOnce();
    expect([await counted(world, 'serious-guardduty'), await counted(world, 'serious-securityhub')]).toEqual([
      1, 2,
    ]);
  });

  it('is put together with what files and streams hold, also across a restart', async () => {
    const sources = [{ queue: QUEUE }, { files: 'logs' }, { kinesis: 'logs' }];
    await using world = await stage({ config: { sources, rules: ['rule.yml'] } });
    world.write(
      'rule.yml',
      `${RULE}---
title: Many users are made
id: many-users
correlation:
  type: event_count
  rules: [user-made]
  group-by: [sourceIPAddress]
  timespan: 1h
  condition: { gte: 4 }
level: critical
`,
    );
    const queue = newQueue(world.range.account, 'announcements');
    const { put } = stream(world);
    const send = (id: string, address = '192.0.2.1'): void =>
      void enqueue(world.range.account, queue, event(id, 'AWS API Call via CloudTrail', call(address)));
    send('e-1');
    send('e-2', '192.0.2.2');
    put(JSON.stringify(call('192.0.2.1')));
    await world.watchOnce();
    expect(await counted(world, 'many-users')).toBe(0);
    world.log('trail.json', [JSON.stringify(call('192.0.2.1'))]);
    send('e-1');
    await world.watchOnce();
    expect(await counted(world, 'many-users')).toBe(0);
    send('e-3');
    await world.watchOnce();
    expect(await counted(world, 'many-users')).toBe(1);
  });

  it('holds flow logs as CloudWatch Logs sends them, in the envelope of a function and in base64', async () => {
    await using world = await scene();
    const queue = newQueue(world.range.account, 'announcements');
    const message = (ports: number) =>
      gzipped(
        JSON.stringify({
          messageType: 'DATA_MESSAGE',
          owner: '123456789012',
          logGroup: 'flow',
          logStream: 'eni-all',
          subscriptionFilters: ['all'],
          logEvents: beacons(world, 2, ports)
            .trim()
            .split('\n')
            .map((line, id) => ({ id: String(id), timestamp: 1_795_500_000_000, message: line })),
        }),
      ).toString('base64');
    enqueue(world.range.account, queue, JSON.stringify({ awslogs: { data: message(40_000) } }));
    enqueue(world.range.account, queue, message(41_000));
    enqueue(world.range.account, queue, beacons(world, 3, 42_000));
    enqueue(world.range.account, queue, gzipped('{"messageType":"CONTROL_MESSAGE"}').toString('base64'));
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
    expect(poison(world)).toEqual([]);
  });
});

describe.concurrent('a connection to S3', { timeout: 60_000 }, () => {
  it('is opened again where it broke, for the same content only', async () => {
    await using world = await scene();
    const { put } = announcedBucket(world);
    const content = beacons(world, 3_000);
    put('a.log', content);
    for (const bytes of [0, 1, 70_000, 30_000])
      world.range.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes } });
    await world.watchOnce();
    expect(await counted(world)).toBe(3_000);
    const inputs = world.range.calls.flatMap(({ operation, input }) =>
      operation === 'GetObject' ? [input] : [],
    );
    expect(inputs).toMatchObject([
      {},
      { Range: 'bytes=0-', IfMatch: expect.any(String) },
      { Range: 'bytes=1-' },
      { Range: 'bytes=70001-' },
      { Range: 'bytes=100001-' },
    ]);
    expect(world.notices).toEqual([]);
  });

  it('that fails again and again leaves the message in the queue, and what was read is not read again', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    const content = beacons(world, 25_000);
    put('a.log', content);
    const lineBytes = content.length / 25_000;
    world.range.faults.add({
      operation: 'GetObject',
      fault: { kind: 'cut', bytes: Math.floor(lineBytes * 21_000) },
    });
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'throttle' }, times: 3 });
    await world.watchOnce();
    expect(world.notices).toMatchObject([{ kind: 'trouble', source: 's3://logs/a.log' }]);
    expect([await counted(world), queue.messages]).toEqual([25_000, []]);
    await world.inStore(async (store) => {
      expect(await store.positions('s3://')).toEqual([]);
    });
  });

  it('may find an object replaced in the middle: the new one is read from its beginning', async () => {
    await using world = await scene();
    const { put } = announcedBucket(world);
    put('a.log', beacons(world, 2_000));
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 1_000 } });
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'slow', ms: 300 } });
    const watch = world.watchOnce();
    await new Promise((resolve) => setTimeout(resolve, 250));
    put('a.log', beacons(world, 500, 50_000));
    await watch;
    expect(await counted(world)).toBe(500);
  });

  it.each(['throttle', 'internal-error', 'drop-before', 'drop-after'] as const)(
    'that has %s for a while sets nothing aside, however often the message comes',
    async (kind) => {
      await using world = await scene({ receives: 1 });
      const { put, queue } = announcedBucket(world);
      put('a.log', beacons(world, 3));
      world.range.faults.add({ operation: 'GetObject', fault: { kind }, times: 7 });
      await world.watchOnce();
      expect([await counted(world), poison(world), queue.messages]).toEqual([3, [], []]);
      expect(world.notices).toMatchObject([{ kind: 'trouble' }, { kind: 'trouble' }]);
    },
  );
});

describe.concurrent('a message that nobody can deal with', { timeout: 60_000 }, () => {
  it.each([
    ['{"Records": [', /^not JSON$/],
    ['{"some": "thing"}', /^no log format that Cordon knows$/],
    ['hello', /^no log format that Cordon knows$/],
    [JSON.stringify({ s3Bucket: 'logs', s3ObjectKey: ['none'] }), /^s3:\/\/logs\/none: NoSuchKey/],
    [JSON.stringify({ s3Bucket: 'none', s3ObjectKey: ['a'] }), /^s3:\/\/none\/a: NoSuchBucket/],
  ])('is set aside at once and acknowledged: %s', async (body, reason) => {
    await using world = await scene();
    const { queue, send } = announcedBucket(world);
    send(body);
    await world.watchOnce();
    expect(queue.messages).toEqual([]);
    expect(poison(world)).toMatchObject([
      { source: QUEUE, reason: expect.stringMatching(reason), receiveCount: 1, sentAt: expect.any(Number) },
    ]);
    expect(readFileSync(poison(world)[0]?.file ?? '', 'utf8')).toBe(body);
    expect(world.notices).toMatchObject([{ kind: 'set-aside' }]);
  });

  it('is set aside when access is denied as often as it may be received', async () => {
    await using world = await scene({ receives: 3 });
    const { put, queue } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'unauthorized' }, times: 3 });
    await world.watchOnce();
    expect(poison(world)).toMatchObject([
      { reason: 's3://logs/a.log: AccessDenied: Access Denied', receiveCount: 3 },
    ]);
    expect(queue.messages).toEqual([]);
    expect(world.made('GetObject')).toBe(0);
  });

  it('is read after all when access is given in time', async () => {
    await using world = await scene({ receives: 3 });
    const { put } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'unauthorized' }, times: 2 });
    await world.watchOnce();
    expect([await counted(world), poison(world)]).toEqual([3, []]);
  });

  it('is set aside when its object is damaged; what can be read of it is judged, once', async () => {
    await using world = await scene({ receives: 2 });
    const { put, queue } = announcedBucket(world);
    const packed = gzipped(beacons(world, 30_000));
    put('cut.log.gz', packed.subarray(0, -2_000));
    put('whole.log.gz', gzipped(beacons(world, 5, 50_000)));
    await world.watchOnce();
    expect(queue.messages).toEqual([]);
    expect(poison(world)).toMatchObject([
      { reason: 's3://logs/cut.log.gz: gzip ends in the middle', receiveCount: 2 },
    ]);
    const count = await counted(world);
    expect(count).toBeGreaterThan(10_000);
    expect(count).toBeLessThan(30_005);
    const first = announcement(
      world.range.account,
      world.range.account.buckets.get('logs') as SimulatedBucket,
      'cut.log.gz',
    );
    enqueue(world.range.account, queue, first);
    await world.watchOnce();
    expect(await counted(world)).toBe(count);
  });

  it('is set aside when nothing of its object is a log', async () => {
    await using world = await scene({ receives: 1 });
    const { put } = announcedBucket(world);
    put('holiday.jpg', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 10, 10]));
    put('a.parquet', 'PAR1....');
    await world.watchOnce();
    expect(
      poison(world)
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual([
      's3://logs/a.parquet: Parquet: the file ends in the middle',
      's3://logs/holiday.jpg: no log format that Cordon knows',
    ]);
    await world.inStore(async (store) => expect((await store.badRecords(10)).total).toBe(0));
  });

  it('does not hold up the other objects of the message', async () => {
    await using world = await scene();
    const { put, bucket, queue } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    put('b.log', beacons(world, 4));
    const both = announcement(world.range.account, bucket, 'a.log', 'b.log');
    bucket.objects.delete('a.log');
    queue.messages.length = 0;
    enqueue(world.range.account, queue, both);
    await world.watchOnce();
    expect(await counted(world)).toBe(4);
    expect(poison(world)).toMatchObject([{ reason: expect.stringContaining('s3://logs/a.log: NoSuchKey') }]);
  });

  it('goes to another queue where one is named', async () => {
    const url = QUEUE.replace('announcements', 'poison');
    await using world = await scene({ poison: { queue: url } });
    const { send, queue } = announcedBucket(world);
    const other = newQueue(world.range.account, 'poison');
    send('{"some": "thing"}');
    await world.watchOnce();
    expect(queue.messages).toEqual([]);
    expect(other.messages).toMatchObject([
      {
        body: '{"some": "thing"}',
        attributes: {
          'cordon-source': { StringValue: QUEUE },
          'cordon-reason': { StringValue: 'no log format that Cordon knows' },
          'cordon-receive-count': { StringValue: '1' },
        },
      },
    ]);
    expect(existsSync(join(world.folder, 'state', 'poison'))).toBe(false);
  });

  it('goes to the state folder when it is too long for the other queue', async () => {
    const url = QUEUE.replace('announcements', 'poison');
    await using world = await scene({ poison: { queue: url } });
    const { send } = announcedBucket(world);
    newQueue(world.range.account, 'poison', { MaximumMessageSize: '1024' });
    send(JSON.stringify({ some: 'x'.repeat(2_000) }));
    await world.watchOnce();
    expect(poison(world)).toHaveLength(1);
  });

  it('stays in its queue while the other one cannot be reached', async () => {
    const url = QUEUE.replace('announcements', 'poison');
    await using world = await scene({ poison: { queue: url } });
    const { send } = announcedBucket(world);
    const other = newQueue(world.range.account, 'poison');
    send('{"some": "thing"}');
    world.range.faults.add({ operation: 'SendMessage', fault: { kind: 'unauthorized' }, times: 2 });
    await world.watchOnce();
    expect(other.messages).toHaveLength(1);
    expect(other.messages[0]?.attributes).toMatchObject({ 'cordon-receive-count': { StringValue: '3' } });
  });
});

describe.concurrent('the queue itself', { timeout: 60_000 }, () => {
  it('that is not there, or may not be read, ends the watch at once', async () => {
    await using world = await scene();
    await expect(world.watchOnce()).rejects.toThrow(`${QUEUE}: AWS.SimpleQueueService.NonExistentQueue`);
    announcedBucket(world);
    world.range.faults.add({ operation: 'ReceiveMessage', fault: { kind: 'unauthorized' } });
    await expect(world.watchOnce()).rejects.toThrow(`${QUEUE}: AccessDenied`);
  });

  it('that loses an answer sends the message again, and it changes nothing', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    world.range.faults.add({ operation: 'DeleteMessage', fault: { kind: 'drop-before' }, times: 3 });
    await world.watchOnce();
    expect(queue.messages).toHaveLength(1);
    for (const message of queue.messages) message.visibleAt = 0;
    await world.watchOnce();
    expect([await counted(world), queue.messages]).toEqual([3, []]);
  });

  it('waits while nobody can say whose an interface is', async () => {
    await using world = await scene({ receives: 1 });
    const { put, queue } = announcedBucket(world);
    put('a.log', beacons(world, 3));
    world.range.faults.add({
      operation: 'DescribeNetworkInterfaces',
      fault: { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    });
    await world.watchOnce();
    expect([await counted(world), queue.messages, poison(world)]).toEqual([3, [], []]);
    expect(world.notices).toMatchObject([{ kind: 'trouble', reason: 'UnauthorizedOperation: no' }]);
  });

  it('is not emptied faster than what it announces is read', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    for (let number = 0; number < 60; number++) put(`${number}.log`, beacons(world, 1, 40_000 + number));
    // Asking whose the interface is takes long: what is read piles up before it.
    world.range.faults.add({ operation: 'DescribeNetworkInterfaces', fault: { kind: 'slow', ms: 400 } });
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, inFlight(world.range.account, queue));
    }, 5);
    await world.watchOnce();
    clearInterval(look);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(IN_HAND);
    expect(await counted(world)).toBe(60);
  });

  it('gets back at once what is in hand when the watch is stopped', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    for (let number = 0; number < 3; number++) put(`${number}.log`, beacons(world, 1, 40_000 + number));
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'hang' }, times: 3 });
    const stop = new AbortController();
    const watch = world.watch(stop.signal);
    await vi.waitFor(
      () => expect(world.range.calls.filter(({ operation }) => operation === 'GetObject')).toHaveLength(3),
      WAIT,
    );
    const begun = performance.now();
    stop.abort();
    await watch;
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(world.notices).toEqual([]);
    await vi.waitFor(() => expect(inFlight(world.range.account, queue)).toBe(0), WAIT);
    world.range.faults.clear();
    await world.watchOnce();
    expect(await counted(world)).toBe(3);
  });

  it('is waited for: what is announced while a watch runs is read at once', async () => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world);
    const stop = new AbortController();
    const watch = world.watch(stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    put('a.log', beacons(world, 1));
    await vi.waitFor(async () => expect(await counted(world)).toBe(1), WAIT);
    await vi.waitFor(() => expect(queue.messages).toEqual([]), WAIT);
    stop.abort();
    await watch;
  });
});
