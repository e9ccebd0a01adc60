import { ACCOUNT_OF_KEY, type JsonFormat, REGION_OF_KEY } from '../format.ts';
import { isoTime } from '../json.ts';

/**
 * S3 server access logs that are delivered through CloudWatch Logs: JSON, with names of their own.
 * Source: Amazon S3 User Guide, "Log format in CloudWatch Logs".
 */
export const S3_ACCESS_JSON: JsonFormat = {
  name: 's3-access-json',
  title: 'S3 server access log (CloudWatch Logs)',
  logsource: { product: 'aws', service: 's3access-json' },
  common: {
    ...ACCOUNT_OF_KEY,
    ...REGION_OF_KEY,
    'src_endpoint.ip': 'remote_ip',
    action: 'operation',
    'actor.user.uid': 'requester',
    'resource.uid': 'bucket_name',
  },
  subject: [{ type: 'AWS::S3::Bucket', field: 'bucket_name' }],
  recognises: ({ bucket_arn, bucket_owner_id, request_time }) =>
    typeof bucket_arn === 'string' && typeof bucket_owner_id === 'string' && request_time !== undefined,
  timeOf: ({ request_time }) => isoTime(request_time),
};
