import { COMMON_FIELDS } from '../../model/event.ts';
import type { JsonFormat } from '../format.ts';
import { isoTime, isRecord } from '../json.ts';

/** Source: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)". */
export const SECURITY_HUB_ASFF: JsonFormat = {
  name: 'security-hub-asff',
  title: 'Security Hub finding (ASFF)',
  logsource: { product: 'aws', service: 'securityhub' },
  common: {
    'cloud.account.uid': 'AwsAccountId',
    'cloud.region': 'Region',
    'src_endpoint.ip': 'Network.SourceIpV4',
    'src_endpoint.port': 'Network.SourcePort',
    'dst_endpoint.ip': 'Network.DestinationIpV4',
    'dst_endpoint.port': 'Network.DestinationPort',
    action: 'Types',
    'resource.uid': 'Resources.Id',
  },
  subject: [{ type: 'AWS::SecurityHub::Finding', field: 'Resources.Id' }],
  recognises: ({ SchemaVersion, ProductArn }) =>
    typeof SchemaVersion === 'string' && typeof ProductArn === 'string',
  timeOf: ({ UpdatedAt, CreatedAt }) => isoTime(UpdatedAt ?? CreatedAt),
};

/** Source: AWS Security Hub User Guide, "OCSF findings"; OCSF schema, "Detection Finding". The field names are the common ones. */
export const SECURITY_HUB_OCSF: JsonFormat = {
  name: 'security-hub-ocsf',
  title: 'Security Hub finding (OCSF)',
  logsource: { product: 'aws', service: 'securityhub-ocsf' },
  common: {
    ...Object.fromEntries(COMMON_FIELDS.map((name) => [name, name])),
    action: 'activity_name',
    'resource.uid': 'resources.uid',
  },
  subject: [{ type: 'AWS::SecurityHub::Finding', field: 'resources.uid' }],
  recognises: ({ class_uid, metadata }) => typeof class_uid === 'number' && isRecord(metadata),
  timeOf: ({ time }) => (typeof time === 'number' ? time : Number.NaN),
};
