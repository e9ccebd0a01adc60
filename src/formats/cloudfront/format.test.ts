import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../../test/decode.ts';

const HEADER = `#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end`;
const RECORD =
  '2019-12-04	21:02:31	LAX1	392	192.0.2.100	GET	d111111abcdef8.cloudfront.net	/index.html	200	-	Mozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)	q=a%2520b	-	Hit	SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==	d111111abcdef8.cloudfront.net	https	23	0.001	-	TLSv1.2	ECDHE-RSA-AES128-GCM-SHA256	Hit	HTTP/2.0	-	-	11040	0.001	Hit	text/html	78	-	-';

describe('a CloudFront standard log', () => {
  it('has the columns that its header names, decoded once', () => {
    const { events, badRecords } = decodeLines(`${HEADER}\n${RECORD}\n`);
    expect(badRecords).toEqual([]);
    expect(events).toMatchObject([
      {
        format: 'cloudfront',
        time: Date.parse('2019-12-04T21:02:31Z'),
        fields: {
          'c-ip': '192.0.2.100',
          'c-port': 11_040,
          'sc-status': 200,
          'time-taken': 0.001,
          'cs(User-Agent)': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
          'cs-uri-query': 'q=a%20b',
        },
      },
    ]);
    expect(events[0]?.fields).not.toHaveProperty('cs(Cookie)');
  });

  it('of standard logging v2 may have fewer columns, and a timestamp', () => {
    const { events } = decodeLines(
      '#Version: 1.0\n#Fields: timestamp c-ip sc-status\n1575493351	192.0.2.1	403\n',
    );
    expect(events).toMatchObject([{ time: 1_575_493_351_000, fields: { 'sc-status': 403 } }]);
  });

  it('of standard logging v2 may be JSON', () => {
    const { events } = decodeLines(
      '{"date":"2024-11-13","time":"22:36:27","c-ip":"192.0.2.1","sc-status":"403","cs-method":"GET"}',
    );
    expect(events).toMatchObject([{ format: 'cloudfront', time: Date.parse('2024-11-13T22:36:27Z') }]);
  });

  it('without its header is no format', () => {
    expect(decodeLines(RECORD).badRecords).toMatchObject([{ reason: 'no log format that Cordon knows' }]);
  });

  it.each([
    ['half a line', RECORD.slice(0, 120), /columns/],
    ['a status that is none', RECORD.replace('\t200\t', '\tok\t'), /sc-status/],
    ['a broken encoding is left as it is', RECORD.replace('%20(Windows', '%2(Windows'), undefined],
  ])('%s', (_, line, reason) => {
    const { events, badRecords } = decodeLines(`${HEADER}\n${line}`);
    expect(events).toHaveLength(reason === undefined ? 1 : 0);
    if (reason !== undefined) expect(badRecords[0]?.reason).toMatch(reason);
  });
});
