// biome-ignore-all lint/suspicious/noTemplateCurlyInString: AWS writes the names of columns so
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../test/decode.ts';
import type { Decoded } from './decoder.ts';
import { detectingDecoder, jsonDecoder } from './detected.ts';
import { flowLogDecoder } from './vpc-flow/decoder.ts';
import { parseLogFormat } from './vpc-flow/fields.ts';

const origin = { source: 'test', offset: 0, line: 1 };
const decodeJson = jsonDecoder('test');
const ACCEPTED =
  '2 123456789012 eni-e1524abb 54.231.168.182 10.20.0.7 80 36533 6 7 2549 1456094854 1456094920 ACCEPT OK';

function decodeLine(line: string): Decoded | undefined {
  return [...flowLogDecoder('test').line(line, 0, 2)][0];
}

describe('a VPC flow log record of the default format', () => {
  it('becomes an event with typed fields, its time and the raw line', () => {
    expect(decodeLine(ACCEPTED)).toMatchObject({
      kind: 'event',
      event: {
        format: 'vpc-flow',
        time: 1_456_094_854_000,
        raw: ACCEPTED,
        fields: {
          srcaddr: '54.231.168.182',
          srcport: 80,
          dstport: 36_533,
          action: 'ACCEPT',
          'account-id': '123456789012',
        },
      },
    });
  });

  it('may be IPv6', () => {
    const line =
      '2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK';
    expect(decodeLine(line)).toMatchObject({ kind: 'event', event: { fields: { dstport: 22 } } });
  });

  it.each(['NODATA', 'SKIPDATA'])('%s is right, and no traffic', (status) => {
    const line = `2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - ${status}`;
    expect(decodeLine(line)).toEqual({ kind: 'skipped', reason: status });
  });

  it('leaves out a field that is "-"', () => {
    const line = '2 unknown eni-1 10.0.0.1 10.0.0.2 - - 1 1 84 1431280876 1431280934 ACCEPT OK';
    const decoded = decodeLine(line);
    if (decoded?.kind !== 'event') throw new Error('not an event');
    expect(Object.keys(decoded.event.fields)).not.toContain('srcport');
  });

  it.each([
    ['half a line', ACCEPTED.slice(0, 60), /columns/],
    ['a column too many', `${ACCEPTED} x`, /15 columns where the format has 14/],
    ['a port that is none', ACCEPTED.replace(' 80 ', ' 80808 '), /srcport is no port/],
    ['a negative number', ACCEPTED.replace(' 2549 ', ' -5 '), /bytes is not a whole number/],
    ['an address that is none', ACCEPTED.replace('54.231', '54.2310'), /srcaddr is no IP address/],
    ['an unknown action', ACCEPTED.replace('ACCEPT', 'MAYBE'), /action/],
    ['garbage bytes', '\u0000\ufffd\u001b[2J', /columns/],
  ])('%s is kept aside with the reason', (_, line, reason) => {
    expect(decodeLine(line)).toMatchObject({
      kind: 'bad',
      record: { reason: expect.stringMatching(reason) },
    });
  });

  it('never throws, whatever the line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void decodeLine(line)));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('-', '2', 'OK', 'x', '', '99999999999999999'), {
          minLength: 14,
          maxLength: 14,
        }),
        (columns) => void decodeLine(columns.join(' ')),
      ),
    );
  });
});

describe('a flow log file with a header line', () => {
  it('is read by the columns that the header names', () => {
    const decoder = flowLogDecoder('test');
    expect([
      ...decoder.line('srcaddr dstaddr dstport tcp-flags flow-direction action log-status', 0, 1),
    ]).toEqual([{ kind: 'skipped', reason: 'header' }]);
    expect([...decoder.line('10.0.0.1 10.0.0.2 22 2 egress REJECT OK', 90, 2)]).toMatchObject([
      {
        kind: 'event',
        event: { fields: { 'tcp-flags': 2, 'flow-direction': 'egress' }, origin: { offset: 90, line: 2 } },
      },
    ]);
  });
});

describe('a CloudWatch Logs subscription message', () => {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: 'flow-logs',
    logStream: 'eni-e1524abb-all',
    subscriptionFilters: ['all'],
    logEvents: [
      {
        id: '1',
        timestamp: 1_456_094_854_000,
        message: ACCEPTED,
        extractedFields: { srcaddr: '54.231.168.182' },
      },
      { id: '2', timestamp: 1_456_094_854_000, message: `${ACCEPTED}\n` },
    ],
  };
  const wrapped = (inner: unknown) =>
    JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(inner)).toString('base64') } });

  it('is read decoded and as the Lambda envelope, with and without extractedFields', () => {
    for (const text of [JSON.stringify(message), wrapped(message)]) {
      expect(
        [...decodeJson(text, origin)].map((decoded) => decoded.kind === 'event' && decoded.event.raw),
      ).toEqual([ACCEPTED, ACCEPTED]);
    }
  });

  it('is skipped when it is a control message', () => {
    const control = {
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      subscriptionFilters: [],
      logEvents: [
        {
          id: '',
          timestamp: 1,
          message: 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.',
        },
      ],
    };
    expect([...decodeJson(wrapped(control), origin)]).toEqual([
      { kind: 'skipped', reason: 'CONTROL_MESSAGE' },
    ]);
  });

  it.each([
    ['not JSON', '{'],
    ['no message', '{"hello":1}'],
    ['data that is no gzip', '{"awslogs":{"data":"aGVsbG8="}}'],
    [
      'truncated gzip',
      JSON.stringify({
        awslogs: { data: gzipSync(JSON.stringify(message)).subarray(0, 40).toString('base64') },
      }),
    ],
  ])('is kept aside when it is %s', (_, text) => {
    expect([...decodeJson(text, origin)]).toMatchObject([{ kind: 'bad' }]);
  });

  it('keeps a wrong entry aside and reads the others', () => {
    const mixed = { ...message, logEvents: [{ id: 5 }, ...message.logEvents, null] };
    expect([...decodeJson(JSON.stringify(mixed), origin)].map(({ kind }) => kind)).toEqual([
      'bad',
      'event',
      'event',
      'bad',
    ]);
  });
});

describe('flow logs of other formats', () => {
  const decode = (text: string) => decodeLines(text).events[0];

  it('a Transit Gateway flow log is known by its header', () => {
    const names =
      'version resource-type account-id tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status packets-lost-no-route tcp-flags flow-direction';
    const line =
      '6 TransitGateway 123456789012 tgw-1 tgw-attach-1 10.1.0.4 10.2.0.5 40000 443 6 3 180 1795500000 1795500060 OK 2 2 ingress';
    expect(decode(`${names}\n${line}`)?.fields).toMatchObject({
      'tgw-id': 'tgw-1',
      'packets-lost-no-route': 2,
      dstport: 443,
    });
  });

  it('has the fields of version 11, whose names have digits', () => {
    const names =
      'version srcaddr dstaddr action start encryption-status instance-tag-2 asg-tag next-hop-interface-id';
    expect(decode(`${names}\n11 10.0.0.1 10.0.0.2 ACCEPT 1795500000 1 web blue eni-2`)?.fields).toEqual({
      version: 11,
      srcaddr: '10.0.0.1',
      dstaddr: '10.0.0.2',
      action: 'ACCEPT',
      start: 1_795_500_000,
      'encryption-status': 1,
      'instance-tag-2': 'web',
      'asg-tag': 'blue',
      'next-hop-interface-id': 'eni-2',
    });
    expect(parseLogFormat('${version} ${instance-tag-2}')).toEqual(['version', 'instance-tag-2']);
  });

  it('a field that Cordon does not know yet is kept as text', () => {
    const event = decode(
      'version srcaddr dstaddr action start brand-new\n9 10.0.0.1 10.0.0.2 ACCEPT 1795500000 42',
    );
    expect(event).toMatchObject({ time: 1_795_500_000_000, fields: { 'brand-new': '42' } });
  });

  it('without a header the columns are told, as CreateFlowLogs was', () => {
    const flowLogFormat = parseLogFormat('${version} ${srcaddr}  ${dstport} ${action} ${start}');
    const decoder = detectingDecoder('test', { flowLogFormat });
    expect([...decoder.line('5 10.0.0.1 443 REJECT 1795500000', 0, 1)]).toMatchObject([
      { kind: 'event', event: { fields: { srcaddr: '10.0.0.1', dstport: 443, action: 'REJECT' } } },
    ]);
  });

  it.each(['', 'version srcaddr', '${version} and ${srcaddr}', '${Version}'])(
    '%j is no LogFormat',
    (text) => {
      expect(parseLogFormat(text)).toBeUndefined();
    },
  );
});
