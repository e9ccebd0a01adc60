import { USER } from '../../model/subject.ts';
import type { JsonFormat } from '../format.ts';
import { isoTime } from '../json.ts';
import { keyLayout } from '../layout.ts';
import { principalArn } from '../principal.ts';

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
    principalArn('userIdentity.arn'),
    { type: USER, field: 'userIdentity.principalId' },
    { type: USER, field: 'userIdentity.invokedBy' },
  ],
  // Source: AWS CloudTrail User Guide, "Getting and viewing your CloudTrail log files".
  keys: [
    keyLayout('{account}_CloudTrail(?:-Insight)?_{region}_'),
    keyLayout('AWSLogs/{organization}{account}/CloudTrail(?:-Insight)?/{region}/'),
  ],
  // An Insights event has the names of the API in its details only.
  recognises: ({ eventSource, eventName, eventTime, eventType }) =>
    eventTime !== undefined &&
    ((typeof eventSource === 'string' && typeof eventName === 'string') ||
      eventType === 'AwsCloudTrailInsight'),
  timeOf: ({ eventTime }) => isoTime(eventTime),
};
