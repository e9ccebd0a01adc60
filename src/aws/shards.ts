import type {
  KinesisClient,
  _Record as KinesisRecord,
  Shard,
  ShardIteratorType,
} from '@aws-sdk/client-kinesis';

/** A shard and where it comes from. */
export interface ShardLineage {
  readonly id: string;
  /** The shards that it was split or merged from, as far as AWS still lists them. */
  readonly parents: readonly string[];
}

/** Records of a shard, in their order. */
export interface ShardPage {
  readonly records: readonly KinesisRecord[];
  /** Absent when the shard is closed and has been read to its end. */
  readonly next: string | undefined;
  /** How far behind the newest record this page is, milliseconds. */
  readonly behind: number;
}

/** Where the reading of a shard begins. */
export type ShardStart =
  | { readonly type: 'oldest' }
  | { readonly type: 'after'; readonly sequenceNumber: string }
  | { readonly type: 'at'; readonly time: number };

export interface Stream {
  /** Tells a stream from an earlier one of the same name. */
  createdAt(): Promise<string>;
  shards(): Promise<ShardLineage[]>;
  iterator(shardId: string, start: ShardStart): Promise<string>;
  /** Throws AWS's `ExpiredIteratorException` for an iterator of more than five minutes ago. */
  records(iterator: string, limit: number): Promise<ShardPage>;
}

/** The region in a stream's ARN; nothing for a name. */
export function regionOfStream(stream: string): string | undefined {
  return stream.startsWith('arn:') ? stream.split(':')[3] : undefined;
}

export function streamNameOf(stream: string): string {
  return stream.slice(stream.lastIndexOf('/') + 1);
}

/** A stream by its name or ARN. */
export async function openStream(
  kinesis: KinesisClient,
  stream: string,
  signal: AbortSignal,
): Promise<Stream> {
  const { DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } =
    await import('@aws-sdk/client-kinesis');
  const named = stream.startsWith('arn:') ? { StreamARN: stream } : { StreamName: stream };
  const options = { abortSignal: signal };
  return {
    async createdAt() {
      const answer = await kinesis.send(new DescribeStreamSummaryCommand(named), options);
      return answer.StreamDescriptionSummary?.StreamCreationTimestamp?.toISOString() ?? '';
    },
    async shards() {
      const shards: Shard[] = [];
      let token: string | undefined;
      do {
        const input = token === undefined ? named : { NextToken: token };
        const page = await kinesis.send(new ListShardsCommand(input), options);
        shards.push(...(page.Shards ?? []));
        token = page.NextToken;
      } while (token !== undefined);
      return lineages(shards);
    },
    async iterator(ShardId, start) {
      const { ShardIterator = '' } = await kinesis.send(
        new GetShardIteratorCommand({ ...named, ShardId, ...iteratorInput(start) }),
        options,
      );
      return ShardIterator;
    },
    async records(iterator, limit) {
      const arn = 'StreamARN' in named ? named : {};
      const answer = await kinesis.send(
        new GetRecordsCommand({ ...arn, ShardIterator: iterator, Limit: limit }),
        options,
      );
      return {
        records: answer.Records ?? [],
        next: answer.NextShardIterator,
        behind: answer.MillisBehindLatest ?? 0,
      };
    },
  };
}

function iteratorInput(start: ShardStart): {
  ShardIteratorType: ShardIteratorType;
  StartingSequenceNumber?: string;
  Timestamp?: Date;
} {
  switch (start.type) {
    case 'oldest':
      return { ShardIteratorType: 'TRIM_HORIZON' };
    case 'after':
      return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: start.sequenceNumber };
    case 'at':
      return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(start.time) };
  }
}

function lineages(shards: readonly Shard[]): ShardLineage[] {
  const listed = new Set(shards.map(({ ShardId }) => ShardId));
  return shards.map(({ ShardId = '', ParentShardId, AdjacentParentShardId }) => ({
    id: ShardId,
    parents: [ParentShardId, AdjacentParentShardId].filter(
      (id) => id !== undefined && listed.has(id),
    ) as string[],
  }));
}

/**
 * The shards that may be read now: not ended, and every parent ended, so that the records of a
 * partition key keep their order when a stream is split or merged.
 */
export function readableShards(shards: readonly ShardLineage[], ended: ReadonlySet<string>): ShardLineage[] {
  return shards.filter(({ id, parents }) => !ended.has(id) && parents.every((parent) => ended.has(parent)));
}
