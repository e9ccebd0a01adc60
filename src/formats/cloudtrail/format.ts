import type { JsonFormat } from '../format.ts';
import { isoTime } from '../json.ts';

/** Source: AWS CloudTrail User Guide, "CloudTrail record contents". */
export const CLOUDTRAIL: JsonFormat = {
  name: 'cloudtrail',
  title: 'CloudTrail event',
  logsource: { product: 'aws', service: 'cloudtrail' },
  common: {
    'cloud.account.uid': 'recipientAccountId',
    'cloud.region': 'awsRegion',
    'src_endpoint.ip': 'sourceIPAddress',
    action: 'eventName',
    'actor.user.uid': 'userIdentity.arn',
    'resource.uid': 'resources.ARN',
  },
  subject: [
    { type: 'AWS::IAM::User', field: 'userIdentity.arn' },
    { type: 'AWS::IAM::User', field: 'userIdentity.principalId' },
    { type: 'AWS::IAM::User', field: 'userIdentity.invokedBy' },
  ],
  recognises: ({ eventSource, eventName, eventTime }) =>
    typeof eventSource === 'string' && typeof eventName === 'string' && eventTime !== undefined,
  timeOf: ({ eventTime }) => isoTime(eventTime),
};
