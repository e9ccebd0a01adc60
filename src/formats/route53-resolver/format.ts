import type { JsonFormat } from '../format.ts';
import { isoTime } from '../json.ts';
import { keyLayout } from '../layout.ts';

/** Source: Amazon Route 53 Developer Guide, "Values that appear in VPC Resolver query logs". */
export const ROUTE53_RESOLVER: JsonFormat = {
  name: 'route53-resolver',
  title: 'Route 53 Resolver query log',
  logsource: { product: 'aws', service: 'route53resolver' },
  common: {
    'cloud.account.uid': 'account_id',
    'cloud.region': 'region',
    'src_endpoint.ip': 'srcaddr',
    'src_endpoint.port': 'srcport',
    action: 'query_type',
    'actor.user.uid': 'srcids.instance',
    'resource.uid': 'vpc_id',
  },
  subject: [
    { type: 'AWS::EC2::Instance', field: 'srcids.instance' },
    { type: 'AWS::EC2::VPC', field: 'vpc_id' },
  ],
  // Source: Amazon Route 53 Developer Guide, "AWS resources that you can send VPC Resolver query logs to".
  keys: [
    keyLayout('{resource}_vpcdnsquerylogs_{account}_'),
    keyLayout('AWSLogs/{account}/vpcdnsquerylogs/{resource}/'),
  ],
  recognises: ({ query_name, query_timestamp }) =>
    typeof query_name === 'string' && query_timestamp !== undefined,
  timeOf: ({ query_timestamp }) => isoTime(query_timestamp),
};
