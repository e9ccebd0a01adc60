import { ECS_TASK, INSTANCE, LAMBDA_FUNCTION } from '../../model/subject.ts';
import type { JsonFormat } from '../format.ts';
import { isoTime } from '../json.ts';
import { keyLayout } from '../layout.ts';
import { CREDENTIALS } from '../principal.ts';

const CONNECTION = 'service.action.networkConnectionAction';

/** Source: Amazon GuardDuty User Guide, "GuardDuty finding format" and "Finding details". */
export const GUARDDUTY: JsonFormat = {
  name: 'guardduty',
  title: 'GuardDuty finding',
  logsource: { product: 'aws', service: 'guardduty' },
  common: {
    'cloud.account.uid': 'accountId',
    'cloud.region': 'region',
    'src_endpoint.ip': `${CONNECTION}.localIpDetails.ipAddressV4`,
    'src_endpoint.port': `${CONNECTION}.localPortDetails.port`,
    'dst_endpoint.ip': `${CONNECTION}.remoteIpDetails.ipAddressV4`,
    'dst_endpoint.port': `${CONNECTION}.remotePortDetails.port`,
    action: 'type',
    'actor.user.uid': 'resource.accessKeyDetails.principalId',
    'resource.uid': 'resource.instanceDetails.instanceId',
  },
  subject: [
    { type: INSTANCE, field: 'resource.instanceDetails.instanceId' },
    { type: LAMBDA_FUNCTION, field: 'resource.lambdaDetails.functionName' },
    { type: ECS_TASK, field: 'resource.ecsClusterDetails.taskDetails.arn' },
    ...CREDENTIALS,
    { type: 'AWS::GuardDuty::Detector', field: 'service.detectorId' },
  ],
  // Source: Amazon GuardDuty User Guide, "Exporting generated GuardDuty findings to Amazon S3 buckets".
  keys: [keyLayout('AWSLogs/{organization}{account}/GuardDuty/{region}/')],
  recognises: ({ schemaVersion, arn, service, type }) =>
    schemaVersion !== undefined &&
    typeof type === 'string' &&
    ((typeof arn === 'string' && arn.includes(':guardduty:')) ||
      (service as { serviceName?: unknown } | undefined)?.serviceName === 'guardduty'),
  timeOf: ({ updatedAt, createdAt }) => isoTime(updatedAt ?? createdAt),
};
