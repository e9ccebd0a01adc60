import type {
  CreateStreamCommandInput,
  DescribeStreamSummaryCommandInput,
  ListShardsCommandInput,
  MergeShardsCommandInput,
  Shard,
  SplitShardCommandInput,
} from '@aws-sdk/client-kinesis';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { closeShard, newStream, openShard, type SimulatedShard, shardOf, streamOf } from './stream.ts';

const PAGE = 1_000;

export function createStream(
  account: Account,
  { StreamName = '', ShardCount }: CreateStreamCommandInput,
): object {
  if (account.streams.has(StreamName))
    throw new AwsError(
      'ResourceInUseException',
      `Stream ${StreamName} under account ${account.id} already exists.`,
    );
  newStream(account, StreamName, ShardCount);
  return {};
}

export function describeStreamSummary(account: Account, input: DescribeStreamSummaryCommandInput): object {
  const { name, arn, createdAt, retentionHours, shards } = streamOf(account, input);
  return {
    StreamDescriptionSummary: {
      StreamName: name,
      StreamARN: arn,
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: retentionHours,
      StreamCreationTimestamp: new Date(createdAt),
      EnhancedMonitoring: [],
      OpenShardCount: shards.filter(isOpen).length,
    },
  };
}

/** Source: Kinesis Data Streams API Reference, "ListShards": a call has a stream or a token, not both. */
export function listShards(account: Account, input: ListShardsCommandInput): object {
  if (input.NextToken !== undefined && (input.StreamName ?? input.StreamARN) !== undefined)
    throw new AwsError('InvalidArgumentException', 'NextToken and StreamName cannot be provided together.');
  const token = input.NextToken === undefined ? undefined : readToken(input.NextToken);
  const stream = streamOf(account, token === undefined ? input : { StreamName: token.stream });
  const from = token?.from ?? 0;
  const shards = stream.shards.slice(from, from + (input.MaxResults ?? PAGE));
  const to = from + shards.length;
  const more = to < stream.shards.length;
  return {
    Shards: shards.map(described),
    ...(more
      ? { NextToken: Buffer.from(JSON.stringify({ stream: stream.name, from: to })).toString('base64') }
      : {}),
  };
}

export function splitShard(account: Account, input: SplitShardCommandInput): object {
  const stream = streamOf(account, input);
  const shard = shardOf(stream, input.ShardToSplit);
  const [first, last] = shard.hashKeys;
  const middle = BigInt(input.NewStartingHashKey ?? '0');
  if (!isOpen(shard) || middle <= first || middle > last)
    throw new AwsError('InvalidArgumentException', 'The shard cannot be split there.');
  closeShard(stream, shard);
  openShard(stream, [shard.id], [first, middle - 1n]);
  openShard(stream, [shard.id], [middle, last]);
  return {};
}

export function mergeShards(account: Account, input: MergeShardsCommandInput): object {
  const stream = streamOf(account, input);
  const shards = [shardOf(stream, input.ShardToMerge), shardOf(stream, input.AdjacentShardToMerge)];
  const [lower, upper] = shards.sort((a, b) => (a.hashKeys[0] < b.hashKeys[0] ? -1 : 1));
  if (
    lower === undefined ||
    upper === undefined ||
    lower.hashKeys[1] + 1n !== upper.hashKeys[0] ||
    !shards.every(isOpen)
  )
    throw new AwsError('InvalidArgumentException', 'The shards are not adjacent and open.');
  for (const shard of shards) closeShard(stream, shard);
  const parents = [input.ShardToMerge ?? '', input.AdjacentShardToMerge ?? ''];
  openShard(stream, parents, [lower.hashKeys[0], upper.hashKeys[1]]);
  return {};
}

function described({
  id,
  parents,
  hashKeys,
  startingSequenceNumber,
  endingSequenceNumber,
}: SimulatedShard): Shard {
  const [parent, adjacent] = parents;
  return {
    ShardId: id,
    ...(parent === undefined ? {} : { ParentShardId: parent }),
    ...(adjacent === undefined ? {} : { AdjacentParentShardId: adjacent }),
    HashKeyRange: { StartingHashKey: String(hashKeys[0]), EndingHashKey: String(hashKeys[1]) },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      ...(endingSequenceNumber === undefined ? {} : { EndingSequenceNumber: endingSequenceNumber }),
    },
  };
}

function isOpen({ endingSequenceNumber }: SimulatedShard): boolean {
  return endingSequenceNumber === undefined;
}

function readToken(text: string): { stream: string; from: number } {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as { stream: string; from: number };
  } catch {
    throw new AwsError('ExpiredNextTokenException', 'The pagination token is invalid.');
  }
}
