import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { commonValue } from '../detect/common-fields.ts';
import type { CommonField, Event } from '../model/event.ts';
import { type DecodeOptions, detectingDecoder, jsonDecoder } from './detected.ts';

const FLOW =
  '2 123456789012 eni-e1524abb 54.231.168.182 10.20.0.7 80 36533 6 7 2549 1456094854 1456094920 ACCEPT OK';
const CONNECTION =
  '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=amazondomains.com" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Success TID_3180a73013c8ca4b';

function eventOf(line: string, source: string, options: DecodeOptions = {}): Event {
  const [decoded] = detectingDecoder(source, options).line(line, 0, 1);
  if (decoded?.kind !== 'event') throw new Error(JSON.stringify(decoded));
  return decoded.event;
}

function common(event: Event, ...names: CommonField[]): (string | undefined)[] {
  return names.map((name) => commonValue(event, name));
}

describe('what a record leaves out, the name of its object tells', () => {
  it('the region of a flow log of the default format; the account is in the record', () => {
    const event = eventOf(FLOW, 'AWSLogs/999999999999/vpcflowlogs/eu-west-1/2024/x.log.gz');
    expect(common(event, 'cloud.account.uid', 'cloud.region')).toEqual(['123456789012', 'eu-west-1']);
    expect(event.raw).toBe(FLOW);
  });

  it('the load balancer of a connection log, its account and region', () => {
    const event = eventOf(
      CONNECTION,
      'conn_log.123456789012_elasticloadbalancing_us-east-2_app.web.50dc6c495c0c9188_20231004T1705Z_10.0.0.1_abc.log.gz',
    );
    expect(event.format).toBe('alb-connection');
    expect(common(event, 'resource.uid', 'cloud.account.uid', 'cloud.region')).toEqual([
      'app/web/50dc6c495c0c9188',
      '123456789012',
      'us-east-2',
    ]);
    expect(common(eventOf(CONNECTION, 'x.log'), 'resource.uid', 'cloud.region')).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('the distribution of a CloudFront log', () => {
    const decoder = detectingDecoder('EMLARXS9EXAMPLE.2019-11-14-20.RT4KCN4SGK9.gz');
    [...decoder.line('#Fields: date time c-ip cs(Host)', 0, 1)];
    expect([...decoder.line('2019-12-04\t21:02:31\t192.0.2.1\td1.cloudfront.net', 40, 2)]).toMatchObject([
      { event: { fields: { distributionid: 'EMLARXS9EXAMPLE', 'cs(Host)': 'd1.cloudfront.net' } } },
    ]);
  });

  it('the account and region of a WAF log', () => {
    const record = { timestamp: 1, webaclId: 'arn:x', action: 'BLOCK', httpRequest: {} };
    const event = eventOf(JSON.stringify(record), 'AWSLogs/123456789012/WAFLogs/us-east-1/acl/2021/x.log.gz');
    expect(common(event, 'cloud.account.uid', 'cloud.region', 'resource.uid')).toEqual([
      '123456789012',
      'us-east-1',
      'arn:x',
    ]);
    expect(JSON.parse(event.raw)).toEqual(record);
  });

  it('a context that is given counts more than the name', () => {
    const event = eventOf(FLOW, 'AWSLogs/999999999999/vpcflowlogs/eu-west-1/x', {
      context: { region: 'eu-north-1' },
    });
    expect(common(event, 'cloud.region')).toEqual(['eu-north-1']);
  });

  it('a CloudWatch Logs message tells the account', () => {
    const message = {
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: 'g',
      logStream: 's',
      logEvents: [{ id: '1', timestamp: 1, message: '10.0.0.1 10.0.0.2 ACCEPT OK' }],
    };
    const data = gzipSync(JSON.stringify(message)).toString('base64');
    const flowLogFormat = ['srcaddr', 'dstaddr', 'action', 'log-status'];
    const origin = { source: 'test', offset: 0, line: 1 };
    expect([
      ...jsonDecoder('test', { flowLogFormat })(JSON.stringify({ awslogs: { data } }), origin),
    ]).toMatchObject([{ event: { fields: { srcaddr: '10.0.0.1', 'account-id': '123456789012' } } }]);
  });
});

describe('a format that the name tells', () => {
  const key = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2024/x.log.gz';

  it('is taken where the content tells none, so that the reason is about it', () => {
    expect([...detectingDecoder(key).line('10.0.0.1 10.0.0.2 ACCEPT', 0, 1)]).toMatchObject([
      { record: { reason: '3 columns where the format has 14' } },
    ]);
  });

  it('does not count against the content', () => {
    expect(eventOf(CONNECTION, key).format).toBe('alb-connection');
  });

  it('keeps the columns of flow logs away from other logs', () => {
    const source = '123456789012_elasticloadbalancing_us-east-2_web_20140215T2340Z_1.log';
    const line =
      '2015-05-13T23:39:43.945958Z web 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -';
    expect(eventOf(line, source, { flowLogFormat: ['srcaddr'] }).format).toBe('clb-access');
  });
});

describe('Parquet that comes as a stream', () => {
  it('is one bad record', () => {
    const decoder = detectingDecoder('stdin');
    const lines = ['PAR1\u0015\u0004', '\ufffd\u0000', 'PAR1'];
    expect(lines.flatMap((line, at) => [...decoder.line(line, 0, at + 1)])).toMatchObject([
      { record: { reason: 'Parquet is read from a file, not from a stream' } },
    ]);
  });
});

describe('files of CloudTrail that are no events', () => {
  it('a digest is passed over', () => {
    const digest = {
      awsAccountId: '1',
      digestEndTime: '2024-05-01T10:00:00Z',
      digestS3Object: 'x',
      logFiles: [],
    };
    expect([...detectingDecoder('x').line(JSON.stringify(digest), 0, 1)]).toEqual([
      { kind: 'skipped', reason: 'CloudTrail digest' },
    ]);
  });

  it('an Insights event is an event', () => {
    const insight = {
      eventVersion: '1.08',
      eventTime: '2024-05-01T10:00:00Z',
      awsRegion: 'us-east-1',
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: '123456789012',
      insightDetails: {
        state: 'Start',
        eventSource: 'ssm.amazonaws.com',
        eventName: 'UpdateInstanceInformation',
      },
      eventCategory: 'Insight',
    };
    const event = eventOf(JSON.stringify(insight), 'x');
    expect(event.format).toBe('cloudtrail');
    expect(common(event, 'cloud.account.uid', 'cloud.region')).toEqual(['123456789012', 'us-east-1']);
  });
});
