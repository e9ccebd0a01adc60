import { type Column, decodedRecord } from '../columns.ts';
import { ACCOUNT_OF_KEY, type TextFormat } from '../format.ts';
import { keyLayout } from '../layout.ts';
import { cloudfrontColumn, cloudfrontFields, cloudfrontTime } from './fields.ts';

const FIELDS = '#Fields:';
/** One of them is in every selection of fields that says anything of a request. */
const KNOWN_FIELDS = /(^|\s)(c-ip|x-edge-(location|request-id|result-type)|cs-uri-stem|sc-status)(\s|$)/;

export const CLOUDFRONT: TextFormat = {
  name: 'cloudfront',
  title: 'CloudFront standard log',
  logsource: { product: 'aws', service: 'cloudfront' },
  common: {
    ...ACCOUNT_OF_KEY,
    'src_endpoint.ip': 'c-ip',
    'src_endpoint.port': 'c-port',
    action: 'cs-method',
    'resource.uid': 'cs(Host)',
  },
  subject: [
    { type: 'AWS::CloudFront::Distribution', field: 'distributionid' },
    { type: 'AWS::CloudFront::Distribution', field: 'cs(Host)' },
  ],
  // Source: Amazon CloudFront Developer Guide, "Configure standard logging": the file's name begins with the distribution's id.
  keys: [
    keyLayout(
      'AWSLogs/(?:aws-account-id=)?{account}/CloudFront/(?:[^/]+/)*(?<resource>E[A-Z0-9]{6,})\\.\\d{4}(?:-\\d\\d){3}\\.[^/]+$',
    ),
    keyLayout('(?<resource>E[A-Z0-9]{6,})\\.\\d{4}(?:-\\d\\d){3}\\.'),
    keyLayout('AWSLogs/(?:aws-account-id=)?{account}/CloudFront/'),
  ],
  keyResource: 'distributionid',
  recognises: (line) => /^#Version: \d/.test(line) || (line.startsWith(FIELDS) && KNOWN_FIELDS.test(line)),
  decoder(source) {
    let columns: Column[] = [];
    return {
      *line(text, offset, number) {
        if (text === '') return;
        if (text.startsWith('#')) {
          if (text.startsWith(FIELDS)) {
            columns = text.slice(FIELDS.length).trim().split(/\s+/).map(cloudfrontColumn);
          }
          yield { kind: 'skipped', reason: 'header' };
          return;
        }
        const fields =
          columns.length === 0
            ? 'no #Fields line says what the columns are'
            : cloudfrontFields(text.split('\t'), columns);
        const time = typeof fields === 'string' ? Number.NaN : cloudfrontTime(fields);
        yield decodedRecord(CLOUDFRONT.name, fields, time, text, { source, offset, line: number });
      },
    };
  },
};
