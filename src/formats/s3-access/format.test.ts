import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../../test/decode.ts';

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const START = `${OWNER} logs-example [06/Feb/2019:00:00:38 +0000] 192.0.2.3 ${OWNER} 3E57427F3EXAMPLE`;
const NEWEST = `${START} REST.GET.VERSIONING - "GET /logs-example?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader logs-example.s3.us-west-1.amazonaws.com TLSV1.2 arn:aws:s3:us-west-1:123456789012:accesspoint/example-AP Yes us-east-1`;

const fieldsOf = (line: string) => decodeLines(line).events[0]?.fields;

describe('an S3 server access log record', () => {
  it('has named and typed fields, and its time', () => {
    const { events } = decodeLines(NEWEST);
    expect(events).toMatchObject([
      {
        format: 's3-access',
        time: Date.parse('2019-02-06T00:00:38Z'),
        raw: NEWEST,
        fields: {
          bucket: 'logs-example',
          remote_ip: '192.0.2.3',
          operation: 'REST.GET.VERSIONING',
          request_uri: 'GET /logs-example?versioning HTTP/1.1',
          http_status: 200,
          bytes_sent: 113,
          user_agent: 'S3Console/0.4',
          tls_version: 'TLSV1.2',
          acl_required: 'Yes',
          source_region: 'us-east-1',
        },
      },
    ]);
    expect(events[0]?.fields).not.toHaveProperty('key');
    expect(events[0]?.fields).not.toHaveProperty('referer');
  });

  it('of the first years ends with the user agent', () => {
    const old = `${START} REST.GET.OBJECT a.txt "GET /a.txt HTTP/1.1" 404 NoSuchKey 297 - 38 - "-" "curl/7"`;
    expect(fieldsOf(old)).toMatchObject({ key: 'a.txt', error_code: 'NoSuchKey', user_agent: 'curl/7' });
  });

  it('may have columns that nobody knows yet', () => {
    expect(fieldsOf(`${NEWEST} something-new and-more`)).toMatchObject({ acl_required: 'Yes' });
  });

  it.each([
    ['quotes and spaces', `Mozilla "quoted" (X11; Linux)`],
    ['quotes that are not in pairs', `curl" --evil`],
    ['a bracket', 'a [b] c'],
  ])('has a user agent with %s', (_, agent) => {
    expect(fieldsOf(NEWEST.replace('S3Console/0.4', agent))).toMatchObject({
      user_agent: agent,
      tls_version: 'TLSV1.2',
    });
  });

  it('has a key as the client wrote it', () => {
    const key = (text: string) => fieldsOf(NEWEST.replace('VERSIONING - ', `VERSIONING ${text} `))?.key;
    expect(key('photos/2019%2520summer.jpg')).toBe('photos/2019 summer.jpg');
    expect(key('broken%ZZ')).toBe('broken%ZZ');
  });

  it.each([
    ['half a line', NEWEST.slice(0, 160), /columns/],
    ['a status that is none', NEWEST.replace(' 200 ', ' OK '), /http_status is no whole number/],
    ['a time that is none', NEWEST.replace('06/Feb/2019', '99/Foo/2019'), /the time cannot be read/],
  ])('%s is kept aside', (_, line, reason) => {
    const { events, badRecords } = decodeLines(`${NEWEST}\n${line}\n${NEWEST}`);
    expect(events).toHaveLength(2);
    expect(badRecords).toMatchObject([{ reason: expect.stringMatching(reason), origin: { line: 2 } }]);
  });
});
