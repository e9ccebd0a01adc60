import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectingDecoder } from '../detected.ts';
import { parseCloudfrontFields } from './realtime.ts';

/** The forty fields of 2020. */
const OLD =
  '1604620800.123|192.0.2.183|0.002|200|392|GET|https|www.example.com|/index.html?mobile=true|23|DFW3|SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==|d111111abcdef8.cloudfront.net|0.082|HTTP/2.0|IPv4|Mozilla/5.0%20(X11;%20Linux)|https://example.org/|a=b|mobile=true|Hit|-|TLSv1.3|TLS_AES_128_GCM_SHA256|Hit|-|-|text/html|78|-|-|11040|Hit|US|gzip|*/*|*|host:www.example.com%0Aaccept:*/*|host%0Aaccept|2';
const line = (text: string): string => text.replaceAll('|', '\t');
/** The fields up to `asn`, with the address of the server. */
const NEWER = `${OLD.replace('192.0.2.183|', '2001:db8::1|203.0.113.9|')}|E1EXAMPLE|d1.cloudfront.net|0.001|0.002|16509`;

function decode(text: string, cloudfrontFields?: readonly string[]) {
  return [...detectingDecoder('test', { cloudfrontFields }).line(line(text), 0, 1)];
}

describe('a CloudFront real-time log record', () => {
  it('of all fields is known by its shape, and decoded once', () => {
    expect(decode(OLD)).toMatchObject([
      {
        event: {
          format: 'cloudfront-realtime',
          time: 1_604_620_800_123,
          fields: {
            'c-ip': '192.0.2.183',
            'time-to-first-byte': 0.002,
            'sc-status': 200,
            'cs-host': 'www.example.com',
            'x-host-header': 'd111111abcdef8.cloudfront.net',
            'cs-user-agent': 'Mozilla/5.0 (X11; Linux)',
            'c-port': 11_040,
            'c-country': 'US',
            'cs-headers': 'host:www.example.com\naccept:*/*',
            'cs-headers-count': 2,
          },
        },
      },
    ]);
  });

  it('of the fields that were added since', () => {
    expect(decode(NEWER)).toMatchObject([
      {
        event: {
          fields: {
            'c-ip': '2001:db8::1',
            's-ip': '203.0.113.9',
            'sc-status': 200,
            'origin-lbl': 0.002,
            asn: 16_509,
          },
        },
      },
    ]);
  });

  it('of chosen fields is read as its configuration says', () => {
    const fields = parseCloudfrontFields('timestamp, c-ip sc-status,cs-method cs-uri-stem');
    expect(decode('1604620800.123|192.0.2.183|403|GET|/admin', fields)).toMatchObject([
      { event: { format: 'cloudfront-realtime', fields: { 'sc-status': 403, 'cs-uri-stem': '/admin' } } },
    ]);
  });

  it.each([
    ['of chosen fields, without a configuration', '1604620800.123|192.0.2.183|403|GET|/admin'],
    ['with a field that nobody knows', `${OLD}|x|y|z|1|2|3`],
    ['with a name for an address', OLD.replace('192.0.2.183', 'dead.beef')],
    ['with a date for a time', OLD.replace('1604620800.123', '2020-11-06')],
  ])('%s is not guessed', (_, text) => {
    expect(decode(text)).toMatchObject([{ record: { reason: 'no log format that Cordon knows' } }]);
  });

  it.each([
    ['half a record', OLD.slice(0, 200), /columns where the configuration has 40/],
    ['a status that is none', OLD.replace('|200|', '|ok|'), /sc-status is no whole number/],
    ['no time', OLD.replace('1604620800.123', '-'), /the time cannot be read/],
  ])('%s among others is kept aside', (_, text, reason) => {
    const decoder = detectingDecoder('test');
    const decoded = [OLD, text, OLD].flatMap((one, at) => [...decoder.line(line(one), 0, at + 1)]);
    expect(decoded.map(({ kind }) => kind)).toEqual(['event', 'bad', 'event']);
    expect(decoded[1]).toMatchObject({ record: { reason: expect.stringMatching(reason) } });
  });

  it('never throws, whatever the line and the fields', () => {
    const part = fc.oneof(fc.constantFrom(...OLD.split('|')), fc.string());
    const fields = fc.option(fc.subarray(['timestamp', 'c-ip', 'sc-status', '__proto__']), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 50 }),
        fields,
        (parts, names) => void decode(parts.join('|'), names),
      ),
    );
  });

  it.each(['', 'c-ip', 'timestamp,timestamp', 'timestamp;c-ip', 'Timestamp'])(
    '%j is no list of fields',
    (text) => {
      expect(parseCloudfrontFields(text)).toBeUndefined();
    },
  );
});
