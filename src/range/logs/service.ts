import * as logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as groups from './groups.ts';

export const LOGS: Service = {
  name: 'logs',
  protocol: awsJson('1.1', 'com.amazonaws.cloudwatchlogs'),
  serves: servesTarget('Logs_20140328'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'We encountered an internal error.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    AssociateKmsKey: operation(logs.AssociateKmsKey$, groups.associateKmsKey),
    CreateLogGroup: operation(logs.CreateLogGroup$, groups.createLogGroup),
    DeleteLogGroup: operation(logs.DeleteLogGroup$, groups.deleteLogGroup),
    DeleteRetentionPolicy: operation(logs.DeleteRetentionPolicy$, groups.deleteRetentionPolicy),
    DescribeLogGroups: operation(logs.DescribeLogGroups$, groups.describeLogGroups),
    DisassociateKmsKey: operation(logs.DisassociateKmsKey$, groups.disassociateKmsKey),
    ListTagsForResource: operation(logs.ListTagsForResource$, groups.listTagsForResource),
    PutRetentionPolicy: operation(logs.PutRetentionPolicy$, groups.putRetentionPolicy),
    TagResource: operation(logs.TagResource$, groups.tagResource),
    UntagResource: operation(logs.UntagResource$, groups.untagResource),
  },
};
