import { gzipSync } from 'node:zlib';
import { EVENT_BUS } from '../src/range/delivery.ts';
import { append, newStream, type SimulatedStream } from '../src/range/kinesis/stream.ts';
import { newBucket, type SimulatedBucket } from '../src/range/s3/bucket.ts';
import { putObject } from '../src/range/s3/objects.ts';
import { enqueue, newQueue, type SimulatedQueue } from '../src/range/sqs/queue.ts';
import { flowRecord, type Stage } from './scene.ts';

/** How an announcement reaches the queue. */
export type Route = 's3' | 'sns' | 'sns-raw' | 'eventbridge' | 'eventbridge-sns';

/** A bucket whose new objects are announced in a queue. */
export interface Announced {
  readonly bucket: SimulatedBucket;
  readonly queue: SimulatedQueue;
  put(key: string, content: string | Uint8Array): void;
  send(body: string): void;
}

/** The URL of the queue that {@link announcedBucket} makes. */
export const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/announcements';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:objects';

/** A bucket and a queue in the simulated account. */
export function announcedBucket(
  { range: { account } }: Stage,
  route: Route = 's3',
  { versioned = false } = {},
): Announced {
  const bucket = newBucket(account, 'logs', { versioned });
  const queue = newQueue(account, 'announcements');
  const events = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] as never[];
  if (route === 's3')
    bucket.notifications = { QueueConfigurations: [{ QueueArn: queue.arn, Events: events }] };
  if (route === 'sns' || route === 'sns-raw')
    bucket.notifications = { TopicConfigurations: [{ TopicArn: TOPIC, Events: events }] };
  if (route.startsWith('eventbridge')) bucket.notifications = { EventBridgeConfiguration: {} };
  account.deliveries.push(
    { from: TOPIC, to: queue.arn, raw: route === 'sns-raw' },
    { from: EVENT_BUS, to: route === 'eventbridge-sns' ? TOPIC : queue.arn },
  );
  return {
    bucket,
    queue,
    put: (Key, content) => void putObject(account, { Bucket: bucket.name, Key, Body: content as never }),
    send: (body) => void enqueue(account, queue, body),
  };
}

/** A stream in the simulated account; each text becomes one record. */
export function stream(
  { range: { account } }: Stage,
  shards = 1,
): { stream: SimulatedStream; put(content: string | Uint8Array, partitionKey?: string): string } {
  const made = newStream(account, 'logs', shards);
  return {
    stream: made,
    put: (content, partitionKey = 'key') =>
      append(account, made, partitionKey, Buffer.from(content as never)).shard.id,
  };
}

/** Flow log lines of the honeypot calling a command server, the first of them with its port. */
export function beacons({ honeypot }: Stage, count: number, firstPort = 40_000): string {
  const lines = Array.from({ length: count }, (_, index) =>
    flowRecord({
      eni: honeypot.interfaceId,
      from: [honeypot.address, 1_024 + ((firstPort + index) % 60_000)],
      to: ['192.0.2.99', 4444],
    }),
  );
  return `${lines.join('\n')}\n`;
}

export const gzipped = (text: string): Buffer => gzipSync(text);

/** How many records the findings of all incidents count. */
export async function counted(scene: Stage, ruleId = 'rejected-outbound-traffic'): Promise<number> {
  return scene.inStore(async (store) => {
    const incidents = await store.incidents();
    const findings = (await Promise.all(incidents.map(({ id }) => store.findings(id)))).flat();
    return findings.filter(({ rule }) => rule.id === ruleId).reduce((sum, { count }) => sum + count, 0);
  });
}
