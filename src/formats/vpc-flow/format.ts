import { NETWORK_INTERFACE } from '../../model/subject.ts';
import type { TextFormat } from '../format.ts';
import { keyLayout } from '../layout.ts';
import { flowLogDecoder } from './decoder.ts';
import { DEFAULT_FORMAT, isHeader } from './fields.ts';
import { VPC_FLOW } from './record.ts';

const DEFAULT_RECORD = /^\d (\d{12}|unknown) \S+ (\S+ ){9}\S+ (OK|NODATA|SKIPDATA)\r?$/;

export const VPC_FLOW_LOG: TextFormat = {
  name: VPC_FLOW,
  title: 'VPC flow log',
  logsource: { product: 'aws', service: 'vpcflow' },
  common: {
    'cloud.account.uid': 'account-id',
    'cloud.region': 'region',
    'src_endpoint.ip': 'srcaddr',
    'src_endpoint.port': 'srcport',
    'dst_endpoint.ip': 'dstaddr',
    'dst_endpoint.port': 'dstport',
    action: 'action',
    'resource.uid': 'interface-id',
  },
  subject: [
    { type: NETWORK_INTERFACE, field: 'interface-id' },
    // Of a Transit Gateway flow log.
    { type: 'AWS::EC2::TransitGatewayAttachment', field: 'tgw-attachment-id' },
  ],
  // Source: Amazon VPC User Guide, "Flow log files"; with Hive-compatible prefixes the folders are `name=value`.
  keys: [
    keyLayout('{account}_vpcflowlogs_{region}_'),
    keyLayout('AWSLogs/{account}/vpcflowlogs/{region}/'),
    keyLayout('aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/'),
  ],
  recognises: (line, { flowLogFormat, context }) =>
    isHeader(line) ||
    DEFAULT_RECORD.test(line) ||
    (flowLogFormat !== undefined && (context?.format ?? VPC_FLOW) === VPC_FLOW),
  decoder: (source, line, { flowLogFormat = DEFAULT_FORMAT }) =>
    flowLogDecoder(source, isHeader(line) ? line.trim().split(' ') : flowLogFormat),
};
