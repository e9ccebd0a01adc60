import * as kinesis from '@aws-sdk/client-kinesis';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as records from './records.ts';
import * as streams from './streams.ts';

export const KINESIS: Service = {
  name: 'kinesis',
  protocol: awsJson('1.1', 'com.amazonaws.kinesis'),
  serves: servesTarget('Kinesis_20131202'),
  faults: {
    throttle: () => new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded for shard.'),
    'internal-error': () => new AwsError('InternalFailure', 'An internal failure occurred.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateStream: operation(kinesis.CreateStream$, streams.createStream),
    DescribeStreamSummary: operation(kinesis.DescribeStreamSummary$, streams.describeStreamSummary),
    GetRecords: operation(kinesis.GetRecords$, records.getRecords),
    GetShardIterator: operation(kinesis.GetShardIterator$, records.getShardIterator),
    ListShards: operation(kinesis.ListShards$, streams.listShards),
    MergeShards: operation(kinesis.MergeShards$, streams.mergeShards),
    PutRecord: operation(kinesis.PutRecord$, records.putRecord),
    PutRecords: operation(kinesis.PutRecords$, records.putRecords),
    SplitShard: operation(kinesis.SplitShard$, streams.splitShard),
  },
};
