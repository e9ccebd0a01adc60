import { ACCOUNT_OF_KEY, type JsonFormat, REGION_OF_KEY } from '../format.ts';
import { isRecord } from '../json.ts';
import { keyLayout } from '../layout.ts';

/** Source: AWS WAF Developer Guide, "Log fields for protection pack (web ACL) traffic". */
export const WAF: JsonFormat = {
  name: 'waf',
  title: 'AWS WAF log',
  logsource: { product: 'aws', service: 'waf' },
  common: {
    ...ACCOUNT_OF_KEY,
    ...REGION_OF_KEY,
    'src_endpoint.ip': 'httpRequest.clientIp',
    action: 'action',
    'resource.uid': 'webaclId',
  },
  subject: [{ type: 'AWS::WAFv2::WebACL', field: 'webaclId' }],
  // Source: AWS WAF Developer Guide, "Sending protection pack (web ACL) traffic logs to an Amazon S3 bucket".
  keys: [
    keyLayout('{account}_waflogs_(?:cloudfront|{region})_{resource}_{time}_'),
    keyLayout('AWSLogs/{account}/WAFLogs/(?:cloudfront|{region})/{resource}/'),
  ],
  recognises: ({ webaclId, httpRequest }) => typeof webaclId === 'string' && isRecord(httpRequest),
  timeOf: ({ timestamp }) => (typeof timestamp === 'number' ? timestamp : Number.NaN),
};
