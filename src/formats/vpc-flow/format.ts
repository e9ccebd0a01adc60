import { NETWORK_INTERFACE } from '../../model/subject.ts';
import type { TextFormat } from '../format.ts';
import { flowLogDecoder } from './decoder.ts';
import { DEFAULT_FORMAT, FIELD_ALIASES, isHeader } from './fields.ts';
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
  aliases: FIELD_ALIASES,
  subject: [{ type: NETWORK_INTERFACE, field: 'interface-id' }],
  recognises: (line) => isHeader(line) || DEFAULT_RECORD.test(line),
  decoder: (source, line) => flowLogDecoder(source, isHeader(line) ? line.trim().split(' ') : DEFAULT_FORMAT),
};
