import type {
  GetRecordsCommandInput,
  GetShardIteratorCommandInput,
  PutRecordCommandInput,
  PutRecordsCommandInput,
} from '@aws-sdk/client-kinesis';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { append, type SimulatedShard, shardOf, streamOf, trim } from './stream.ts';

/** Source: Kinesis Data Streams API Reference, "GetRecords". */
const RECORD_LIMIT = 10_000;
const BYTE_LIMIT = 10 * 1024 * 1024;
const ITERATOR_LIFE = 5 * 60_000;
/** Source: Kinesis Data Streams Developer Guide, "Quotas and limits". */
const RECORD_BYTES = 10 * 1024 * 1024;

/** Where the reading of a shard goes on: behind a sequence number. */
interface Iterator {
  readonly stream: string;
  readonly shard: string;
  /** Empty for the beginning of the shard. */
  readonly after: string;
  readonly issuedAt: number;
}

export function putRecord(account: Account, input: PutRecordCommandInput): object {
  const stream = streamOf(account, input);
  return put(account, stream.name, input);
}

export function putRecords(account: Account, input: PutRecordsCommandInput): object {
  const stream = streamOf(account, input);
  const records = (input.Records ?? []).map((entry) => put(account, stream.name, entry));
  return { FailedRecordCount: 0, Records: records };
}

function put(
  account: Account,
  name: string,
  {
    Data,
    PartitionKey = '',
    ExplicitHashKey,
  }: Pick<PutRecordCommandInput, 'Data' | 'PartitionKey' | 'ExplicitHashKey'>,
): { ShardId: string; SequenceNumber: string } {
  const data = Data ?? new Uint8Array();
  if (data.length > RECORD_BYTES) throw new AwsError('ValidationException', 'The record is too large.');
  const { shard, record } = append(
    account,
    streamOf(account, { StreamName: name }),
    PartitionKey,
    data,
    ExplicitHashKey,
  );
  return { ShardId: shard.id, SequenceNumber: record.sequenceNumber };
}

/** Source: Kinesis Data Streams API Reference, "GetShardIterator". */
export function getShardIterator(
  account: Account,
  input: GetShardIteratorCommandInput,
): { ShardIterator: string } {
  const stream = streamOf(account, input);
  const shard = shardOf(stream, input.ShardId);
  return { ShardIterator: writeIterator(account, stream.name, shard.id, startOf(account, shard, input)) };
}

function startOf(account: Account, shard: SimulatedShard, input: GetShardIteratorCommandInput): string {
  const before = (index: number): string =>
    index <= 0 ? '' : (shard.records[index - 1]?.sequenceNumber ?? '');
  const { ShardIteratorType: type, StartingSequenceNumber: number, Timestamp } = input;
  switch (type) {
    case 'TRIM_HORIZON':
      return '';
    case 'LATEST':
      return before(shard.records.length);
    case 'AFTER_SEQUENCE_NUMBER':
      return sequenceNumber(number);
    case 'AT_SEQUENCE_NUMBER':
      return String(BigInt(sequenceNumber(number)) - 1n);
    case 'AT_TIMESTAMP': {
      const at = Timestamp?.getTime() ?? 0;
      if (at > account.clock.now())
        throw new AwsError('InvalidArgumentException', 'The timestamp cannot be in the future.');
      const index = shard.records.findIndex(({ arrivedAt }) => arrivedAt >= at);
      return before(index === -1 ? shard.records.length : index);
    }
    default:
      throw new AwsError('InvalidArgumentException', `There is no shard iterator type ${String(type)}.`);
  }
}

function sequenceNumber(text: string | undefined): string {
  if (!/^\d+$/.test(text ?? ''))
    throw new AwsError('InvalidArgumentException', `StartingSequenceNumber ${text} is not valid.`);
  return text ?? '';
}

export function getRecords(account: Account, input: GetRecordsCommandInput): object {
  const { stream: name, shard: id, after } = readIterator(account, input.ShardIterator);
  const stream = streamOf(account, { StreamName: name });
  trim(account, stream);
  const shard = shardOf(stream, id);
  const limit = input.Limit ?? RECORD_LIMIT;
  if (limit < 1 || limit > RECORD_LIMIT)
    throw new AwsError('ValidationException', 'Limit must be between 1 and 10000.');
  const rest = shard.records.filter((one) => after === '' || BigInt(one.sequenceNumber) > BigInt(after));
  const taken: typeof rest = [];
  let bytes = 0;
  for (const record of rest) {
    bytes += record.data.length;
    if (taken.length === limit || (bytes > BYTE_LIMIT && taken.length > 0)) break;
    taken.push(record);
  }
  const next = rest[taken.length];
  const now = account.clock.now();
  const ended = next === undefined && shard.endingSequenceNumber !== undefined;
  const last = taken.at(-1)?.sequenceNumber ?? after;
  const children = stream.shards.filter(({ parents }) => parents.includes(id));
  return {
    Records: taken.map(({ sequenceNumber: SequenceNumber, partitionKey, data, arrivedAt }) => ({
      SequenceNumber,
      PartitionKey: partitionKey,
      Data: data,
      ApproximateArrivalTimestamp: new Date(arrivedAt),
    })),
    MillisBehindLatest: next === undefined ? 0 : Math.max(1, now - next.arrivedAt),
    ...(ended
      ? {
          ChildShards: children.map(({ id: ShardId, parents, hashKeys }) => ({
            ShardId,
            ParentShards: parents,
            HashKeyRange: { StartingHashKey: String(hashKeys[0]), EndingHashKey: String(hashKeys[1]) },
          })),
        }
      : { NextShardIterator: writeIterator(account, name, id, last) }),
  };
}

function writeIterator(account: Account, stream: string, shard: string, after: string): string {
  const iterator: Iterator = { stream, shard, after, issuedAt: account.clock.now() };
  return Buffer.from(JSON.stringify(iterator)).toString('base64');
}

function readIterator(account: Account, text: string | undefined): Iterator {
  let iterator: Iterator;
  try {
    iterator = JSON.parse(Buffer.from(text ?? '', 'base64').toString('utf8')) as Iterator;
  } catch {
    throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
  }
  if (account.clock.now() - iterator.issuedAt > ITERATOR_LIFE)
    throw new AwsError('ExpiredIteratorException', 'Iterator expired. It is more than 300 seconds old.');
  return iterator;
}
