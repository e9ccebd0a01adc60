import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../test/decode.ts';

const TRAIL = {
  eventVersion: '1.09',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ada', userName: 'ada' },
  eventTime: '2024-05-01T10:00:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'AuthorizeSecurityGroupIngress',
  awsRegion: 'us-east-1',
  sourceIPAddress: '192.0.2.7',
  recipientAccountId: '123456789012',
};
const WAF = {
  timestamp: 1_714_557_600_000,
  webaclId: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/w/1',
  action: 'BLOCK',
  httpRequest: { clientIp: '192.0.2.7', uri: '/admin' },
};
const DNS = {
  version: '1.100000',
  account_id: '123456789012',
  region: 'us-east-1',
  vpc_id: 'vpc-1',
  query_timestamp: '2024-05-01T10:00:00Z',
  query_name: 'evil.example.',
  query_type: 'A',
  srcaddr: '10.0.0.5',
  srcport: '53411',
  srcids: { instance: 'i-0123456789abcdef0' },
};
const GUARDDUTY = {
  schemaVersion: '2.0',
  accountId: '123456789012',
  region: 'us-east-1',
  type: 'Backdoor:EC2/C&CActivity.B',
  arn: 'arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/f',
  service: { serviceName: 'guardduty', detectorId: 'd' },
  resource: { instanceDetails: { instanceId: 'i-1' } },
  updatedAt: '2024-05-01T10:00:00Z',
};
const ASFF = {
  SchemaVersion: '2018-10-08',
  ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/guardduty',
  AwsAccountId: '123456789012',
  UpdatedAt: '2024-05-01T10:00:00Z',
  Resources: [{ Id: 'arn:x' }],
};
const OCSF = {
  class_uid: 2004,
  metadata: { version: '1.6.0' },
  time: 1_714_557_600_000,
  cloud: { account: { uid: '123456789012' } },
};
const S3 = {
  schema_version_id: 'V_1_0',
  bucket_arn: 'arn:aws:s3:::amzn-s3-demo-bucket',
  bucket_name: 'amzn-s3-demo-bucket',
  request_time: '2024-05-01T10:00:00.000Z',
  bucket_owner_id: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be',
  remote_ip: '192.0.2.3',
  requester: null,
};
const CLOUDFRONT = {
  date: '2024-05-01',
  time: '10:00:00',
  'x-edge-location': 'SOF50-P2',
  asn: '16509',
  'timestamp(ms)': '1714557600000',
  'x-host-header': 'd111111abcdef8.cloudfront.net',
};
const envelope = (type: string, detail: unknown) => ({
  version: '0',
  id: '1',
  'detail-type': type,
  source: 'aws',
  account: '1',
  time: '2024-05-01T10:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail,
});

const decode = (value: unknown) => decodeLines(JSON.stringify(value));

describe('JSON records', () => {
  it.each<[string, unknown, string]>([
    ['a CloudTrail event', TRAIL, 'cloudtrail'],
    ['a WAF record', WAF, 'waf'],
    ['a Resolver query', DNS, 'route53-resolver'],
    ['a GuardDuty finding', GUARDDUTY, 'guardduty'],
    ['a Security Hub finding', ASFF, 'security-hub-asff'],
    ['a Security Hub finding in OCSF', OCSF, 'security-hub-ocsf'],
    ['an S3 server access log through CloudWatch Logs', S3, 's3-access-json'],
    ['a CloudFront log of chosen fields', CLOUDFRONT, 'cloudfront'],
    ['CloudTrail from EventBridge', envelope('AWS API Call via CloudTrail', TRAIL), 'cloudtrail'],
    ['GuardDuty from EventBridge', envelope('GuardDuty Finding', GUARDDUTY), 'guardduty'],
    [
      'Security Hub from EventBridge',
      envelope('Security Hub Findings - Imported', { findings: [ASFF] }),
      'security-hub-asff',
    ],
  ])('%s is %s', (_, value, format) => {
    expect(decode(value)).toMatchObject({ events: [{ format, time: 1_714_557_600_000 }], badRecords: [] });
  });

  it('a CloudTrail file has its records in one document', () => {
    const { events } = decode({ Records: [TRAIL, { ...TRAIL, eventName: 'RunInstances' }] });
    expect(events.map(({ fields, origin }) => [fields.eventName, origin.line])).toEqual([
      ['AuthorizeSecurityGroupIngress', 1],
      ['RunInstances', 2],
    ]);
  });

  it('a CloudWatch Logs message may carry any of them', () => {
    const message = {
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logGroup: 'g',
      logStream: 's',
      logEvents: [{ id: '1', timestamp: 1, message: JSON.stringify(TRAIL) }],
    };
    expect(decode(message).events).toMatchObject([{ format: 'cloudtrail' }]);
  });

  it('one that is wrong is kept aside, the others are read', () => {
    const { events, badRecords } = decode({
      Records: [TRAIL, 7, { hello: 'world' }, { ...TRAIL, eventTime: 'soon' }, TRAIL],
    });
    expect(events).toHaveLength(2);
    expect(badRecords.map(({ reason, origin }) => [origin.line, reason])).toEqual([
      [2, 'not a JSON object'],
      [3, 'no log format that Cordon knows'],
      [4, 'the time cannot be read'],
    ]);
  });

  it('any JSON is events or bad records, never an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        decode(value);
        decode({ Records: value });
        decode({ ...TRAIL, userIdentity: value });
        decode(envelope('x', value));
      }),
    );
  });

  it('any lines are events or bad records, never an exception', () => {
    const word = fc.constantFrom(
      '"',
      '[',
      ']',
      ' ',
      '-',
      '\t',
      '\\',
      'GET',
      '2',
      '10.0.0.1:80',
      '#Fields:',
      'https',
      '2018-07-02T22:23:00Z',
      '{',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.string()), { maxLength: 40 }),
        (words) => void decodeLines(words.join('')),
      ),
    );
  });
});
