import { isIPv6 } from 'node:net';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseRange } from './address.ts';
import { type AddressSet, addressSet, addressSetOf, type SharedAddressSet } from './address-set.ts';
import { formatIpv4, parseIpv4 } from './ipv4.ts';
import { ipv4Lookup } from './ipv4-lookup.ts';
import { parseIpv6 } from './ipv6.ts';
import { addressSetFromText } from './plain-list.ts';

/** What a scan of all entries finds: the most specific that covers the address, of equal ones the first. */
function scan(entries: readonly string[], address: string): string | undefined {
  const wanted = ipaddr.process(address);
  let best: { text: string; bits: number } | undefined;
  for (const text of entries) {
    const [base = '', length] = text.split('/');
    const written = ipaddr.parse(base);
    const mapped = ipaddr.process(base).kind() === 'ipv4' && written.kind() === 'ipv6';
    const whole = written.kind() === 'ipv4' ? 32 : 128;
    const isIpv4 = mapped && Number(length ?? whole) >= 96;
    const network = isIpv4 ? ipaddr.process(base) : written;
    const bits = Number(length ?? whole) - (isIpv4 ? 96 : 0);
    if (network.kind() !== wanted.kind() || !wanted.match(network, bits)) continue;
    if (best === undefined || bits > best.bits) best = { text, bits };
  }
  return best?.text;
}

const octet = fc.constantFrom(0, 1, 2, 127, 128, 254, 255);
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const ipv4Entry = fc.oneof(
  ipv4,
  fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
);
const group = fc.constantFrom('0', '1', '8000', 'ffff', 'db8', '2001');
const ipv6 = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc
    .tuple(fc.array(group, { maxLength: 3 }), fc.array(group, { maxLength: 3 }))
    .map(([front, back]) => `${front.join(':')}::${back.join(':')}`),
);
const ipv6Entry = fc.oneof(
  ipv6,
  fc.tuple(ipv6, fc.integer({ min: 0, max: 128 })).map(([address, bits]) => `${address}/${bits}`),
);

/** Each network's own edges and their neighbours, where a wrong set errs first. */
function edges(entries: readonly string[]): string[] {
  return entries.flatMap((text) => {
    const range = parseRange(text);
    if (range === undefined || range.family === 6) return [];
    return [range.first - 1n, range.first, range.last, range.last + 1n].map((value) =>
      formatIpv4(Number(value)),
    );
  });
}

function ipv6Edges(entries: readonly string[]): string[] {
  const top = (1n << 128n) - 1n;
  return entries.flatMap((text) => {
    const range = parseRange(text);
    if (range === undefined || range.family === 4) return [];
    return [range.first - 1n, range.first, range.last, range.last + 1n].map((value) => {
      const hex = (value & top).toString(16).padStart(32, '0');
      return (hex.match(/.{4}/g) ?? []).join(':');
    });
  });
}

const asText = (entries: readonly string[]): AddressSet =>
  addressSetFromText({ file: 'list.txt', bytes: Buffer.from(entries.join('\n')) }).set;

describe('a set of addresses finds what a scan of all entries finds', () => {
  it.each([
    ['entries', addressSet],
    ['the bytes of a list', asText],
  ])('IPv4, from %s', (_, build) => {
    fc.assert(
      fc.property(
        fc.array(ipv4Entry, { maxLength: 12 }),
        fc.array(ipv4, { maxLength: 10 }),
        (entries, some) => {
          const set = build(entries);
          for (const address of [...some, ...edges(entries)]) {
            const expected = scan(entries, address);
            expect(set.find(address), address).toBe(expected);
            const number = parseIpv4(address) ?? 0;
            expect(set.findIpv4(number)).toBe(expected);
            expect(set.hasIpv4(number)).toBe(expected !== undefined);
            expect(set.hasIpv4(number | 0)).toBe(expected !== undefined);
            expect(set.find(`::ffff:${address}`)).toBe(expected);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['entries', addressSet],
    ['the bytes of a list', asText],
  ])('IPv6, from %s', (_, build) => {
    fc.assert(
      fc.property(
        fc.array(ipv6Entry, { maxLength: 12 }),
        fc.array(ipv6, { maxLength: 10 }),
        (entries, some) => {
          const set = build(entries);
          for (const address of [...some, ...ipv6Edges(entries)]) {
            expect(set.find(address), address).toBe(scan(entries, address));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([20, 2_000, 100_000])('of %i random entries, whose filter and pages are finer', (count) => {
    let state = 88_172_645;
    const random = (): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state >>> 0;
    };
    const addresses = new Set<number>();
    const networks = new Map<number, number>();
    const entries: string[] = [];
    for (let index = 0; index < count; index++) {
      const address = random();
      if (index % 10 === 0) {
        const start = (address & -4096) >>> 0;
        networks.set(start, 20);
        entries.push(`${formatIpv4(start)}/20`);
      } else {
        addresses.add(address);
        entries.push(formatIpv4(address));
      }
    }
    const set = asText(entries);
    expect(set.size).toBe(addresses.size + networks.size);
    const asked = [...addresses].slice(0, 5_000).flatMap((address) => [address - 1, address, address + 1]);
    for (let index = 0; index < 20_000; index++) asked.push(random());
    for (const start of networks.keys()) asked.push(start - 1, start, start + 4095, start + 4096);
    const wrong = asked.filter((address) => {
      const unsigned = address >>> 0;
      const expected = addresses.has(unsigned) || networks.has((unsigned & -4096) >>> 0);
      return set.hasIpv4(address) !== expected || (set.findIpv4(address) !== undefined) !== expected;
    });
    expect(wrong).toEqual([]);
    const addressColumn = Int32Array.from(asked);
    const rows = Int32Array.from(asked.keys()).toReversed();
    const kept = new Int32Array(rows.length);
    const found = ipv4Lookup(set.toShared().ipv4).keep(addressColumn, rows, rows.length, kept);
    expect([...kept.subarray(0, found)]).toEqual(
      [...rows].filter((row) => set.hasIpv4(addressColumn[row] ?? 0)),
    );
  });
});

describe('a set of addresses', () => {
  const nested = addressSet([
    '198.51.100.0/24',
    '198.51.100.7',
    '10.0.0.0/8',
    '2001:db8::/32',
    '0.0.0.0/32',
    '255.255.255.255',
  ]);

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.8', '198.51.100.0/24'],
    ['198.51.101.0', undefined],
    ['10.255.255.255', '10.0.0.0/8'],
    ['11.0.0.0', undefined],
    ['0.0.0.0', '0.0.0.0/32'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:db8:1::1', '2001:db8::/32'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db9::', undefined],
    ['', undefined],
    ['not an address', undefined],
    ['1.2.3', undefined],
    ['0x0a.0.0.1', undefined],
  ])('%s is covered by %s', (address, entry) => {
    expect(nested.find(address)).toBe(entry);
  });

  it.each([
    ['0.0.0.0/0', ['0.0.0.0', '127.255.255.255', '128.0.0.0', '255.255.255.255'], []],
    ['255.255.255.255', ['255.255.255.255'], ['255.255.255.254', '0.0.0.0']],
    ['0.0.0.0', ['0.0.0.0'], ['0.0.0.1', '255.255.255.255']],
    ['128.0.0.0/1', ['128.0.0.0', '255.255.255.255'], ['127.255.255.255', '0.0.0.0']],
    ['::/0', ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'], ['1.2.3.4']],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', ['FFFF:ffff:ffff:ffff:ffff:ffff:ffff:ffff'], ['::']],
    ['::ffff:192.0.2.0/120', ['192.0.2.0', '::ffff:192.0.2.255', '::ffff:c000:201'], ['192.0.3.0']],
  ])('of %s has %j and not %j', (entry, inside, outside) => {
    const set = addressSet([entry]);
    expect(inside.map(set.find)).toEqual(inside.map(() => entry));
    expect(outside.map(set.find)).toEqual(outside.map(() => undefined));
  });

  it('is empty without entries', () => {
    const set = addressSet([]);
    expect([set.size, set.find('0.0.0.0'), set.find('::'), set.hasIpv4(0)]).toEqual([
      0,
      undefined,
      undefined,
      false,
    ]);
  });

  it.each(['192.0.2.77/24', '192.0.2.0/024', '192.0.2.1/32', '2001:DB8:0::/32'])(
    'answers %s as the list writes it',
    (entry) => {
      const address = entry.includes(':') ? '2001:db8::1' : '192.0.2.1';
      expect(addressSet([entry]).find(address)).toBe(entry);
      expect(asText([entry]).find(address)).toBe(entry);
    },
  );

  it('counts an entry once however it is written', () => {
    expect(
      addressSet(['192.0.2.1', '192.0.2.1/32', '192.0.2.1', '192.0.2.0/24', '::1', '0::1/128']).size,
    ).toBe(3);
  });

  it('is the same set in another thread, in the same memory', () => {
    const set = addressSet(['192.0.2.0/24', '198.51.100.7/16', '2001:db8::/32']);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(set.toShared());
    const { message } = receiveMessageOnPort(port2) as { message: SharedAddressSet };
    port1.close();
    const there = addressSetOf(message);
    for (const address of ['192.0.2.9', '198.51.3.3', '2001:db8::9', '10.0.0.1']) {
      expect(there.find(address)).toBe(set.find(address));
    }
    // One sees what the other writes: nothing was copied.
    message.ipv4.filter.fill(0);
    expect(set.hasIpv4(parseIpv4('192.0.2.9') ?? 0)).toBe(false);
  });
});

describe('an IPv6 address', () => {
  const words = new Uint32Array(4);
  const value = (): string => Buffer.from(words.slice().map(swap).buffer).toString('hex');
  const swap = (word: number): number => Buffer.from(Uint32Array.of(word).buffer).readUInt32BE(0);

  it('is what Node takes for one', () => {
    const piece = fc.constantFrom('0', '1', 'db8', 'FfFf', '12345', 'g', '', ':', '::', '1.2.3.4');
    const zone = fc.constantFrom('', '', '%eth0', '%', '%a b');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 10 }),
        fc.constantFrom(':', ''),
        zone,
        (pieces, joint, end) => {
          const text = pieces.join(joint) + end;
          expect(parseIpv6(text, words), text).toBe(isIPv6(text));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('has the value that the library reads', () => {
    fc.assert(
      fc.property(fc.oneof(ipv6, fc.ipV6()), (text) => {
        expect(parseIpv6(text, words)).toBe(true);
        // To the library `::1.2.3.4` is `::ffff:1.2.3.4`; RFC 4291 (2.5.5.1) knows it as another address.
        if (/^::\d+\./.test(text)) return;
        expect(value()).toBe(Buffer.from(ipaddr.IPv6.parse(text).toByteArray()).toString('hex'));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the bytes of a plain list', () => {
  it('may have comments, blanks, Windows line ends, a byte order mark and no last newline', () => {
    const text = '\uFEFF# list\r\n 192.0.2.1\t; one\r\n\r\n198.51.100.0/24#two\n;\n2001:db8::/32 # three';
    const { set, problems } = addressSetFromText({ file: 'list.txt', bytes: Buffer.from(text) });
    expect(problems).toEqual([]);
    expect(set.size).toBe(3);
  });

  it('tell the first bad lines with place and frame, and count the others', () => {
    const lines = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? '192.0.2.1' : `  bad\u001b${index}`,
    );
    const { set, problems, badLines } = addressSetFromText({
      file: 'list.txt',
      bytes: Buffer.from(lines.join('\n')),
    });
    expect([set.size, problems.length, badLines]).toEqual([1, 20, 25]);
    expect(problems[1]).toMatchObject({ file: 'list.txt', line: 4, column: 3, length: 5 });
    expect(problems[1]?.frame).toBe('> 4 |   bad\\u{1b}3\n    |   ^^^^^');
  });

  it('are read as the entries one by one, whatever they are', () => {
    const line = fc.oneof(
      ipv4Entry,
      ipv6Entry,
      fc.constantFrom(
        '',
        '#',
        '1.2.3',
        '1.2.3.4.5',
        '01.2.3.4',
        '1.2.3.4/33',
        '1.2.3.4/',
        '256.0.0.1',
        '1.2.3.4 x',
      ),
      fc.string({ unit: 'binary' }).map((text) => text.replace(/[\n#;]/g, '')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const read = asText(lines);
        const built = addressSet(lines.map((text) => text.replace(/^[ \t\r]+|[ \t\r]+$/g, '')));
        expect(read.size).toBe(built.size);
        for (const address of edges(lines.filter((text) => parseRange(text) !== undefined))) {
          expect(read.find(address)).toBe(built.find(address));
        }
      }),
      { numRuns: 50 },
    );
  });
});
