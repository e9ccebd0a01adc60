import { createHash } from 'node:crypto';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedStream {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly retentionHours: number;
  readonly shards: SimulatedShard[];
  /** Counts what the stream was given: sequence numbers grow in all shards alike. */
  sequence: bigint;
}

export interface SimulatedShard {
  readonly id: string;
  readonly parents: readonly string[];
  /** Both included. */
  readonly hashKeys: readonly [first: bigint, last: bigint];
  readonly startingSequenceNumber: string;
  /** Set when the shard was split or merged: it takes no more records. */
  endingSequenceNumber?: string;
  records: SimulatedRecord[];
}

interface SimulatedRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAt: number;
}

export const LAST_HASH_KEY = 2n ** 128n - 1n;
const HOUR = 3_600_000;
/** Real ones have 56 digits; they grow and leave gaps. */
const FIRST_SEQUENCE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;
const SEQUENCE_STEP = 10_007n;

export function newStream(account: Account, name: string, shardCount = 1): SimulatedStream {
  const stream: SimulatedStream = {
    name,
    arn: `arn:aws:kinesis:${account.region}:${account.id}:stream/${name}`,
    createdAt: account.clock.now(),
    retentionHours: 24,
    shards: [],
    sequence: FIRST_SEQUENCE,
  };
  const width = (LAST_HASH_KEY + 1n) / BigInt(shardCount);
  for (let index = 0; index < shardCount; index++) {
    const first = BigInt(index) * width;
    openShard(stream, [], [first, index === shardCount - 1 ? LAST_HASH_KEY : first + width - 1n]);
  }
  account.streams.set(name, stream);
  return stream;
}

export function openShard(
  stream: SimulatedStream,
  parents: readonly string[],
  hashKeys: readonly [bigint, bigint],
): SimulatedShard {
  const shard = {
    id: `shardId-${String(stream.shards.length).padStart(12, '0')}`,
    parents,
    hashKeys,
    startingSequenceNumber: nextSequence(stream),
    records: [],
  };
  stream.shards.push(shard);
  return shard;
}

export function closeShard(stream: SimulatedStream, shard: SimulatedShard): void {
  shard.endingSequenceNumber = nextSequence(stream);
}

function nextSequence(stream: SimulatedStream): string {
  stream.sequence += SEQUENCE_STEP;
  return String(stream.sequence);
}

/** The open shard that a partition key belongs to. Source: Kinesis Data Streams API Reference, "PutRecord". */
export function append(
  account: Account,
  stream: SimulatedStream,
  partitionKey: string,
  data: Uint8Array,
  explicitHashKey?: string,
): { shard: SimulatedShard; record: SimulatedRecord } {
  const digest = createHash('md5').update(partitionKey).digest('hex');
  const key = BigInt(explicitHashKey ?? `0x${digest}`);
  const shard = stream.shards.find(
    ({ hashKeys: [first, last], endingSequenceNumber }) =>
      endingSequenceNumber === undefined && first <= key && key <= last,
  );
  if (shard === undefined)
    throw new AwsError('InvalidArgumentException', 'The hash key is in no open shard.');
  const record = {
    sequenceNumber: nextSequence(stream),
    partitionKey,
    data: Uint8Array.from(data),
    arrivedAt: account.clock.now(),
  };
  shard.records.push(record);
  return { shard, record };
}

/** Forgets what is older than the stream keeps. */
export function trim(account: Account, stream: SimulatedStream): void {
  const oldest = account.clock.now() - stream.retentionHours * HOUR;
  for (const shard of stream.shards)
    shard.records = shard.records.filter(({ arrivedAt }) => arrivedAt >= oldest);
}

/** The stream that a call names, by name or ARN; AWS's error when there is none. */
export function streamOf(
  account: Account,
  { StreamName, StreamARN }: { StreamName?: string | undefined; StreamARN?: string | undefined },
): SimulatedStream {
  const name = StreamARN === undefined ? (StreamName ?? '') : StreamARN.slice(StreamARN.indexOf('/') + 1);
  const stream = account.streams.get(name);
  if (stream === undefined)
    throw new AwsError('ResourceNotFoundException', `Stream ${name} under account ${account.id} not found.`);
  return stream;
}

export function shardOf(stream: SimulatedStream, id: string | undefined): SimulatedShard {
  const shard = stream.shards.find((one) => one.id === id);
  if (shard === undefined)
    throw new AwsError('ResourceNotFoundException', `Shard ${id} in stream ${stream.name} not found.`);
  return shard;
}
