import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as alarms from './alarms.ts';

export const CLOUDWATCH: Service = {
  name: 'cloudwatch',
  protocol: awsJson('1.0', 'com.amazonaws.cloudwatch'),
  serves: servesTarget('GraniteServiceVersion20100801'),
  faults: {
    throttle: () => new AwsError('Throttling', 'Rate exceeded', 400, 'Throttling'),
    'internal-error': () => new AwsError('InternalServiceFault', 'Internal service fault', 500),
    unauthorized: () =>
      new AwsError('AccessDenied', 'User is not authorized to perform this operation', 403, 'AccessDenied'),
  },
  operations: {
    DeleteAlarms: operation(cloudwatch.DeleteAlarms$, alarms.deleteAlarms),
    DescribeAlarms: operation(cloudwatch.DescribeAlarms$, alarms.describeAlarms),
    DisableAlarmActions: operation(cloudwatch.DisableAlarmActions$, alarms.setActions(false)),
    EnableAlarmActions: operation(cloudwatch.EnableAlarmActions$, alarms.setActions(true)),
    ListTagsForResource: operation(cloudwatch.ListTagsForResource$, alarms.listTagsForResource),
    PutMetricAlarm: operation(cloudwatch.PutMetricAlarm$, alarms.putMetricAlarm),
  },
};
