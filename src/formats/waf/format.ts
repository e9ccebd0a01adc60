import type { JsonFormat } from '../format.ts';
import { isRecord } from '../json.ts';

/** Source: AWS WAF Developer Guide, "Log fields for protection pack (web ACL) traffic". */
export const WAF: JsonFormat = {
  name: 'waf',
  title: 'AWS WAF log',
  logsource: { product: 'aws', service: 'waf' },
  common: { 'src_endpoint.ip': 'httpRequest.clientIp', action: 'action', 'resource.uid': 'webaclId' },
  aliases: { src_ip: 'httpRequest.clientIp', 'c-uri': 'httpRequest.uri' },
  subject: [{ type: 'AWS::WAFv2::WebACL', field: 'webaclId' }],
  recognises: ({ webaclId, httpRequest }) => typeof webaclId === 'string' && isRecord(httpRequest),
  timeOf: ({ timestamp }) => (typeof timestamp === 'number' ? timestamp : Number.NaN),
};
