import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IndicatorSet, indicatorSetOf } from './indicators.ts';
import { detectFormat, LIST_FORMATS, type ReadList, type ReadListOptions, readList } from './read-list.ts';

const read = (text: string, options: ReadListOptions = {}): ReadList & { set: IndicatorSet } => {
  const list = readList({ file: 'list', bytes: Buffer.from(text) }, options);
  return { ...list, set: indicatorSetOf(list.writer.build()) };
};
const utc = (text: string): number => Date.parse(text);

const FEODO = `################################################################
# abuse.ch Feodo Tracker Botnet C2 IP Blocklist (CSV)          #
# Last updated: 2026-11-24 14:28:39 UTC                        #
################################################################
#
"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"
"2022-06-04 21:24:53","162.243.103.246","8080","offline","2026-03-07","Emotet"
"2025-12-30 13:56:31","50.16.16.211","443","online","2026-03-12","QakBot"
# END (2 entries)
`;

const URLHAUS = `################################################################
# abuse.ch URLhaus Database Dump (CSV - recent URLs only)      #
################################################################
#
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"3786237","2026-02-26 12:05:20","http://182.126.120.150:58801/i","online","2026-02-26 12:05:20","malware_download","32-bit,elf,mips,Mozi","https://urlhaus.abuse.ch/url/3786237/","geenensp"
"3786238","2026-02-26 12:06:00","https://files.example.net/a/b.exe?x=1","offline","","malware_download","exe","https://urlhaus.abuse.ch/url/3786238/","someone"
`;

const THREATFOX = `################################################################\r
# ThreatFox IOCs: recent additions - CSV format                #\r
#\r
# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","last_seen_utc","confidence_level","is_compromised","reference","tags","anonymous","reporter"\r
"2026-07-04 22:19:04", "1844855", "bad.example.net", "domain", "payload_delivery", "win.x", "", "SocGholish", "", "100", "False", "", "x", "0", "r"\r
"2026-07-04 22:20:00", "1844856", "203.0.113.9:443", "ip:port", "botnet_cc", "win.y", "", "Cobalt ""Strike""", "2026-07-05 01:00:00", "50", "False", "", "", "0", "r"\r
"2026-07-04 22:21:00", "1844857", "d41d8cd98f00b204e9800998ecf8427e", "md5_hash", "payload", "win.z", "", "Z", "", "75", "False", "", "", "0", "r"\r
`;

const FIREEYE_HEADER =
  'reportId, title, threatScape, audience, intelligenceType, publishDate, reportLink, webLink, emailIdentifier, senderAddress, senderName, sourceDomain, sourceIp, subject, recipient, emailLanguage, fileName, fileSize, fuzzyHash, fileIdentifier, md5, sha1, sha256, description, fileType, packer, userAgent, registry, fileCompilationDateTime, filePath, asn, cidr, domain, domainTimeOfLookup, networkIdentifier, ip, port, protocol, registrantEmail, registrantName, networkType, url, malwareFamily, malwareFamilyId, actor, actorId, observationTime';
const FIREEYE = `${FIREEYE_HEADER}

01-00000001, Example, Test, Operational, threat, 1494944400, https://www.example.com/report/01-00000001, https://www.example.com/report/01-00000001, , , , , , , , , , , , , , , , , , , , , , , , 192.0.2.0/24, , , Related, , , , , , network, , Ursnif, 21a14673-0d94-46d3-89ab-8281a0466099, , , 1494944400

01-00000002, Malicious domain observed in test, Test, Operational, threat, 1494944400, https://www.example.com/report/01-00000002,https://www.example.com/report/01-00000002,,,,,,,,,,,,,,,,,,,,,,,, 203.0.113.0/24, example.com,, Related, 203.0.113.0, 8080, UDP,,, network,, Ursnif, fc13984c-c767-40c9-8329-f4c59557f73b,,, 1494944400
`;

const STIX1 = `<stix:STIX_Package version="1.2"><stix:Observables>
<cybox:Properties xsi:type="AddressObject:AddressObjectType" category="ipv4-addr">
<AddressObject:Address_Value condition="InclusiveBetween">192.0.2.0##comma##192.0.2.255</AddressObject:Address_Value>
<AddressObject:Address_Value>198.51.100.1</AddressObject:Address_Value>
<DomainNameObj:Value>Evil.example.org</DomainNameObj:Value><URIObj:Value>http://evil.example/?a=1&amp;b=2</URIObj:Value>
</stix:Observables></stix:STIX_Package>`;

describe('the format of a list is found from its content, and every value in it', () => {
  it.each([
    ['plain', '# FireHOL\n# ipset\n192.0.2.0/24\n198.51.100.7\n', { '192.0.2.9': '192.0.2.0/24' }],
    ['plain', '; Spamhaus DROP List\n1.10.16.0/20 ; SBL256894\n', { '1.10.17.1': '1.10.16.0/20' }],
    [
      'plain',
      'evil.example\n*.bad.example.org\n',
      { 'www.evil.example': 'evil.example', 'bad.example.org': 'bad.example.org' },
    ],
    [
      'plain',
      '127.0.0.1 localhost\n0.0.0.0 ads.example.net\n',
      { 'ads.example.net': 'ads.example.net', '0.0.0.0': undefined },
    ],
    ['plain', '192.0.2.0 - 192.0.2.127\n', { '192.0.2.127': '192.0.2.0/25', '192.0.2.128': undefined }],
    [
      'spamhaus-json',
      '{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}\n{"type":"metadata","records":1}\n',
      { '1.10.16.1': '1.10.16.0/20' },
    ],
    ['feodo-csv', FEODO, { '50.16.16.211': '50.16.16.211', '162.243.103.246': '162.243.103.246' }],
    [
      'urlhaus-csv',
      URLHAUS,
      {
        'http://182.126.120.150:58801/i': 'http://182.126.120.150:58801/i',
        '182.126.120.150': '182.126.120.150',
        'files.example.net': undefined,
      },
    ],
    ['threatfox-csv', THREATFOX, { 'a.bad.example.net': 'bad.example.net', '203.0.113.9': '203.0.113.9' }],
    [
      'otx-csv',
      'Indicator type, Indicator, Description\nCIDR, 192.0.2.0/24, example\nIPv4, 198.51.100.1, example\nDomain name, example.net, example\nFileHash-MD5, d41d8cd98f00b204e9800998ecf8427e, x\n',
      { '192.0.2.1': '192.0.2.0/24', 'example.net': 'example.net' },
    ],
    [
      'proofpoint-csv',
      'ip, category, score, first_seen, last_seen, ports (|)\n198.51.100.1, 1, 127, 2000-01-01, 2000-01-01,\n203.0.113.1, 1, 64, 2000-01-01, 2000-01-02, 80|81\n',
      { '203.0.113.1': '203.0.113.1' },
    ],
    [
      'proofpoint-csv',
      'domain, category, score, first_seen, last_seen, ports (|)\nevil.example, 1, 100, 2000-01-01, 2000-01-01,\n',
      { 'evil.example': 'evil.example' },
    ],
    [
      'fireeye-csv',
      FIREEYE,
      {
        '192.0.2.7': '192.0.2.0/24',
        'example.com': 'example.com',
        '203.0.113.0': '203.0.113.0',
        '203.0.113.7': '203.0.113.0/24',
      },
    ],
    [
      'alienvault',
      '192.0.2.1#4#2#Malicious Host#KR##37.5111999512,126.974098206#3\nwww.test.org#4#2#Malicious Host#CA#Brossard#45.46,-73.48#3\n',
      { '192.0.2.1': '192.0.2.1', 'www.test.org': 'www.test.org' },
    ],
    [
      'stix1-xml',
      STIX1,
      {
        '192.0.2.200': '192.0.2.0/24',
        '198.51.100.1': '198.51.100.1',
        'evil.example.org': 'evil.example.org',
        'http://evil.example/?a=1&b=2': 'http://evil.example/?a=1&b=2',
      },
    ],
    [
      'misp-warninglist',
      '{"name":"x","type":"cidr","version":1,"description":"d","list":["8.8.8.8","2001:db8::/32"],"matching_attributes":["ip-src","ip-dst"]}',
      { '8.8.8.8': '8.8.8.8', '2001:db8::1': '2001:db8::/32' },
    ],
    [
      'misp-warninglist',
      '{"name":"x","type":"hostname","version":1,"list":["google.com"]}',
      { 'mail.google.com': 'google.com' },
    ],
    [
      'misp-warninglist',
      '{"name":"x","type":"string","version":1,"list":["google.com","d41d8cd98f00b204e9800998ecf8427e"]}',
      { 'google.com': 'google.com', 'mail.google.com': undefined },
    ],
  ])('%s: %s', (format, text, expected) => {
    const list = read(text);
    expect([list.format, list.faults]).toEqual([format, 0]);
    expect(
      Object.fromEntries(Object.keys(expected).map((value) => [value, list.set.findEntry(value)])),
    ).toEqual(expected);
  });

  it('has addresses with ports', () => {
    const { set } = read(
      '"first_seen_utc","ioc_value","ioc_type"\n"2026-01-01","[2001:db8::7]:443","ip:port"\n',
    );
    expect(set.findEntry('2001:db8::7')).toBe('2001:db8::7');
  });

  it('has no line that costs more than its length', () => {
    const hostile = `<${'<a:Value'.repeat(200_000)}`;
    const begun = performance.now();
    read(`<STIX_Package>${hostile}`, { format: 'stix1-xml' });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('an indicator keeps what its list says of it', () => {
  it('from Feodo, URLhaus and ThreatFox', () => {
    expect(read(FEODO).set.find('50.16.16.211')?.attributes).toEqual({
      firstSeen: utc('2025-12-30T13:56:31Z'),
      lastSeen: utc('2026-03-12T00:00:00Z'),
      label: 'QakBot, online',
    });
    expect(read(URLHAUS).set.find('https://files.example.net/a/b.exe?x=1')?.attributes).toEqual({
      firstSeen: utc('2026-02-26T12:06:00Z'),
      label: 'malware_download, offline',
    });
    const threatFox = read(THREATFOX);
    expect(threatFox.skipped).toBe(1);
    expect(threatFox.set.find('203.0.113.9')?.attributes).toEqual({
      firstSeen: utc('2026-07-04T22:20:00Z'),
      lastSeen: utc('2026-07-05T01:00:00Z'),
      confidence: 50,
      label: 'Cobalt "Strike", botnet_cc',
    });
  });

  it('as confidence from 0 to 100, whatever the scale of the list', () => {
    const proofpoint =
      'ip, category, score, first_seen, last_seen, ports (|)\n198.51.100.1, 1, 127, 2000-01-01, 2000-01-01,\n';
    expect(read(proofpoint).set.find('198.51.100.1')?.attributes.confidence).toBe(100);
    expect(
      read('192.0.2.1#4#2#Malicious Host#KR##1,2#3\n').set.find('192.0.2.1')?.attributes.confidence,
    ).toBe(40);
  });

  it('and is left out when the list is less sure than asked', () => {
    const { set, doubtful } = read(THREATFOX, { minConfidence: 75 });
    expect([set.findEntry('203.0.113.9'), set.findEntry('bad.example.net'), doubtful]).toEqual([
      undefined,
      'bad.example.net',
      1,
    ]);
  });
});

describe('what is not understood', () => {
  it('is told with its place and left out', () => {
    const list = read('192.0.2.1\nnot an entry\n198.51.100.0/40\nlocalhost\n');
    expect(list.set.size).toBe(1);
    expect(list.problems.map(({ line, message }) => [line, message])).toEqual([
      [2, 'no address, network, domain or URL'],
      [3, 'no address, network, domain or URL'],
      [4, 'no address, network, domain or URL'],
    ]);
  });

  it.each([
    [
      '{"name":"x","type":"regex","version":1,"list":["/a/"]}',
      'a warning list of type regex is not understood',
    ],
    ['{"type":"bundle","objects":7}', 'no STIX bundle'],
    ['{"cidr"', 'no STIX bundle'],
    [`${FIREEYE_HEADER}\n01, x, y\n`, 'no address, domain or URL in any of its columns'],
  ])('%s', (text, message) => {
    expect(read(text).problems[0]?.message).toBe(message);
  });

  it('never throws, whatever the bytes and the format are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .constantFrom(FEODO, URLHAUS, THREATFOX, STIX1)
        .chain((text) =>
          fc.integer({ min: 0, max: text.length }).map((at) => Buffer.from(text.slice(at, at + 300))),
        ),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(undefined, ...LIST_FORMATS), (content, format) => {
        const list = readList({ file: 'x', bytes: content }, { format });
        indicatorSetOf(list.writer.build()).find('192.0.2.1');
        expect(LIST_FORMATS).toContain(detectFormat(content));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('expiry', () => {
  const bundle = (...objects: object[]): string =>
    JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });
  const indicator = (id: number, pattern: string, more: object = {}): object => ({
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${id}`,
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-01T00:00:00Z',
    pattern,
    pattern_type: 'stix',
    valid_from: '2026-01-01T00:00:00Z',
    ...more,
  });

  it('ends an indicator, and the larger one around it holds on', () => {
    const { set } = read(
      bundle(
        indicator(1, "[ipv4-addr:value = '192.0.2.7']", { valid_until: '2026-02-01T00:00:00Z' }),
        indicator(2, "[ipv4-addr:value = '192.0.2.0/24']", {
          valid_until: '2026-03-01T00:00:00Z',
          confidence: 80,
        }),
      ),
    );
    expect(set.find('192.0.2.7', utc('2026-01-15T00:00:00Z'))?.entry).toBe('192.0.2.7');
    expect(set.find('192.0.2.7', utc('2026-02-15T00:00:00Z'))).toEqual({
      entry: '192.0.2.0/24',
      attributes: {
        confidence: 80,
        firstSeen: utc('2026-01-01T00:00:00Z'),
        expires: utc('2026-03-01T00:00:00Z'),
      },
    });
    expect(set.find('192.0.2.7', utc('2026-03-01T00:00:00Z'))).toBeUndefined();
    expect(set.hasIpv4(0xc000_0207)).toBe(false);
  });

  it('the same address twice lasts as long as the longer of both', () => {
    const ends = ['2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    for (const order of [ends, ends.toReversed()]) {
      const { set } = read(
        bundle(
          ...order.map((until, id) =>
            indicator(id, "[ipv4-addr:value = '192.0.2.7']", { valid_until: until }),
          ),
        ),
      );
      expect(set.find('192.0.2.7', utc('2026-02-15T00:00:00Z'))?.entry).toBe('192.0.2.7');
    }
  });

  it('of versions of an object the newest counts, and a revoked one not at all', () => {
    const { set, skipped } = read(
      bundle(
        indicator(1, "[domain-name:value = 'new.example.org']", { modified: '2026-02-01T00:00:00Z' }),
        indicator(1, "[domain-name:value = 'old.example.org']"),
        indicator(2, "[url:value = 'http://evil.example/a']", { revoked: true }),
        { type: 'malware', id: 'malware--1', name: 'x' },
      ),
    );
    expect(
      ['new.example.org', 'old.example.org', 'http://evil.example/a'].map((value) => set.findEntry(value)),
    ).toEqual(['new.example.org', undefined, undefined]);
    expect(skipped).toBe(1);
  });

  it('an indicator that is not understood is told by its id', () => {
    const { problems, set } = read(
      bundle(indicator(1, "[file:name = 'x']"), indicator(2, "[ipv6-addr:value = '2001:db8::1']")),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'indicator--1: file:name is not an address, a domain or a URL',
    ]);
    expect(set.findEntry('2001:db8::1')).toBe('2001:db8::1');
  });
});
