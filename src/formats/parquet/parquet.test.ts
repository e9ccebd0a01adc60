import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { decodeLines } from '../../../test/decode.ts';
import type { Decoded } from '../decoder.ts';
import { parquetBatches, parquetEvents } from './events.ts';
import type { RandomAccess } from './random-access.ts';
import { deltaBlocksFit, runsFit } from './runs.ts';
import { endOfStruct } from './thrift.ts';

type Codec = 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' | 'BROTLI' | 'ZSTD';
type Row = Readonly<Record<string, string | number | bigint | undefined>>;

const NUMBERS = /^(version|srcport|dstport|protocol|packets|bytes|start|end|tcp_flags|encryption_status)$/;
const LONG = /^(packets|bytes|start|end)$/;
const compressors = {
  GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
  BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)),
  ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)),
};

interface TableOptions {
  readonly codec?: Codec;
  readonly rowGroupSize?: number;
  readonly pageSize?: number;
}

/** A Parquet file as AWS writes it: 32 and 64 bit numbers, and texts. */
function table(
  rows: readonly Row[],
  { codec = 'SNAPPY', rowGroupSize = 1_000, pageSize }: TableOptions = {},
) {
  const columnData = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    data: rows.map((row) =>
      LONG.test(name) && row[name] !== undefined ? BigInt(row[name] ?? 0) : row[name],
    ),
    type: LONG.test(name)
      ? ('INT64' as const)
      : NUMBERS.test(name)
        ? ('INT32' as const)
        : ('STRING' as const),
  }));
  return parquetWriteBuffer({
    columnData,
    codec,
    compressors,
    rowGroupSize,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
}

function inMemory(buffer: ArrayBuffer): RandomAccess {
  return { byteLength: buffer.byteLength, slice: async (start, end) => buffer.slice(start, end) };
}

async function read(buffer: ArrayBuffer, source = 'test'): Promise<Decoded[]> {
  const all: Decoded[] = [];
  for await (const batch of parquetEvents(inMemory(buffer), source)) all.push(...batch);
  return all;
}

function reasons(decoded: readonly Decoded[]): string[] {
  return decoded.flatMap((one) => (one.kind === 'bad' ? [one.record.reason] : []));
}

const FLOW: Row = {
  version: 2,
  account_id: '123456789012',
  interface_id: 'eni-e1524abb',
  srcaddr: '54.231.168.182',
  dstaddr: '10.20.0.7',
  srcport: 80,
  dstport: 36_533,
  protocol: 6,
  packets: 7n,
  bytes: 2_549n,
  start: 1_456_094_854n,
  end: 1_456_094_920n,
  action: 'ACCEPT',
  log_status: 'OK',
};
const NO_DATA: Row = {
  ...Object.fromEntries(Object.keys(FLOW).map((name) => [name, undefined])),
  version: 2,
  account_id: '123456789012',
  interface_id: 'eni-e1524abb',
  start: 1_456_094_854n,
  end: 1_456_094_920n,
  log_status: 'NODATA',
};

describe('a VPC flow log in Parquet', () => {
  it('gives the events of its text twin; the row stands for the line', async () => {
    const [first, second, third] = await read(table([FLOW, NO_DATA, { ...FLOW, srcaddr: '2001:db8::1' }]));
    const [twin] = decodeLines(
      '2 123456789012 eni-e1524abb 54.231.168.182 10.20.0.7 80 36533 6 7 2549 1456094854 1456094920 ACCEPT OK',
    ).events;
    expect(first).toEqual({
      kind: 'event',
      event: {
        ...twin,
        raw: '{"version":2,"account_id":"123456789012","interface_id":"eni-e1524abb","srcaddr":"54.231.168.182","dstaddr":"10.20.0.7","srcport":80,"dstport":36533,"protocol":6,"packets":7,"bytes":2549,"start":1456094854,"end":1456094920,"action":"ACCEPT","log_status":"OK"}',
        origin: { source: 'test', offset: 0, line: 1 },
      },
    });
    expect(second).toEqual({ kind: 'skipped', reason: 'NODATA' });
    expect(third).toMatchObject({
      event: { fields: { srcaddr: '2001:db8::1' }, origin: { offset: 2, line: 3 } },
    });
  });

  it('of any version has the names of the text log, and tags with spaces', async () => {
    const row = {
      ...FLOW,
      tcp_flags: 2,
      pkt_srcaddr: '10.0.0.1',
      encryption_status: 1,
      instance_tag_2: 'web server',
    };
    expect(await read(table([row]))).toMatchObject([
      {
        event: {
          fields: {
            'tcp-flags': 2,
            'pkt-srcaddr': '10.0.0.1',
            'encryption-status': 1,
            'instance-tag-2': 'web server',
          },
        },
      },
    ]);
  });

  it('its name says the region where no column does', async () => {
    const key =
      'AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2024/x.parquet';
    expect(await read(table([FLOW]), key)).toMatchObject([{ event: { fields: { region: 'us-east-1' } } }]);
  });

  it.each<Codec>(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'])(
    'is read with %s, whatever the rows, pages and row groups',
    async (codec) => {
      const row = fc.record({
        eni: fc.constantFrom('eni-1', 'eni-2', 'eni-3'),
        address: fc.ipV4(),
        port: fc.option(fc.nat(65_535), { nil: undefined }),
        bytes: fc.nat(2 ** 31 - 1),
        action: fc.constantFrom('ACCEPT', 'REJECT', 'MAYBE', undefined),
        status: fc.constantFrom('OK', 'OK', 'OK', 'NODATA', 'BROKEN'),
      });
      const sizes = fc.record({
        rowGroupSize: fc.integer({ min: 1, max: 60 }),
        pageSize: fc.integer({ min: 1, max: 400 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 100 }), sizes, async (rows, options) => {
          const given = rows.map(({ eni, address, port, bytes, action, status }) => ({
            ...FLOW,
            interface_id: eni,
            srcaddr: address,
            srcport: port,
            bytes,
            action,
            log_status: status,
          }));
          const header = Object.keys(FLOW).join(' ').replaceAll('_', '-');
          const lines = given.map((one) =>
            Object.values(one)
              .map((value) => value ?? '-')
              .join(' '),
          );
          const text = decodeLines([header, ...lines].join('\n'));
          const decoded = await read(table(given, { codec, ...options }));
          expect(decoded.flatMap((one) => (one.kind === 'event' ? [one.event.fields] : []))).toEqual(
            text.events.map(({ fields }) => fields),
          );
          expect(reasons(decoded)).toEqual(text.badRecords.map(({ reason }) => reason));
          expect(decoded).toHaveLength(rows.length);
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each([
    ['SNAPPY', 'V1'],
    ['ZSTD', 'V2'],
    ['GZIP', 'V1'],
    ['UNCOMPRESSED', 'V2'],
  ])('as another writer has it: DuckDB with %s, %s', async (codec, version) => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-parquet-'));
    const path = join(folder, 'flow.parquet');
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (
      SELECT 2 AS version, '123456789012' AS account_id, 'eni-' || (range % 7) AS interface_id,
        '10.0.' || (range // 256) || '.' || (range % 256) AS srcaddr, '192.0.2.9' AS dstaddr,
        CASE WHEN range % 5 = 0 THEN NULL ELSE range::INTEGER END AS srcport, 443 AS dstport,
        range * 1000 AS bytes, 1795500000 + range AS start,
        CASE WHEN range % 2 = 0 THEN 'REJECT' ELSE 'ACCEPT' END AS action, 'OK' AS log_status
      FROM range(30000)) TO '${path}' (FORMAT parquet, CODEC '${codec}', PARQUET_VERSION '${version}', ROW_GROUP_SIZE 10000)`);
    connection.closeSync();
    const bytes = new Uint8Array(readFileSync(path));
    rmSync(folder, { recursive: true });
    const decoded = await read(bytes.buffer);
    expect(reasons(decoded)).toEqual([]);
    expect(decoded).toHaveLength(30_000);
    expect(decoded[29_999]).toMatchObject({
      event: { fields: { srcaddr: '10.0.117.47', srcport: 29_999, bytes: 29_999_000, action: 'ACCEPT' } },
    });
    expect((decoded[25_000] as { event: { fields: object } }).event.fields).not.toHaveProperty('srcport');
  });

  it('is never all in memory at once, and goes on behind the rows that were read before', async () => {
    const buffer = table(
      Array.from({ length: 7_000 }, (_, at) => ({ ...FLOW, dstport: at })),
      { rowGroupSize: 3_000 },
    );
    const sizes: number[] = [];
    for await (const batch of parquetEvents(inMemory(buffer), 'test')) sizes.push(batch.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
    const ports: unknown[] = [];
    for await (const { decoded, rows } of parquetBatches(inMemory(buffer), 'test', { from: 6_997 })) {
      for (const one of decoded) ports.push(one.kind === 'event' && one.event.fields.dstport, rows);
    }
    expect(ports).toEqual([6_997, 7_000, 6_998, 7_000, 6_999, 7_000]);
  });
});

describe('a CloudFront log in Parquet', () => {
  const COLUMNS =
    'date time x_edge_location sc_bytes c_ip cs_method cs_host cs_uri_stem sc_status cs_referer cs_user_agent cs_uri_query cs_cookie c_port time_taken asn';
  const VALUES =
    '2019-12-04 21:02:31 LAX1 392 192.0.2.100 GET d111111abcdef8.cloudfront.net /index.html 200 - Mozilla/5.0%20(X11) q=a%2520b - 11040 0.001 16509';
  const names = COLUMNS.split(' ');
  const row = Object.fromEntries(VALUES.split(' ').map((value, at) => [names[at] ?? '', value]));

  it('gives the events of its text twin', async () => {
    const header =
      '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) c-port time-taken asn';
    const [twin] = decodeLines(`${header}\n${VALUES.replaceAll(' ', '\t')}`).events;
    expect(twin?.fields).toMatchObject({
      'cs(User-Agent)': 'Mozilla/5.0 (X11)',
      'sc-status': 200,
      asn: 16_509,
    });
    expect(await read(table([row]))).toMatchObject([
      { event: { format: 'cloudfront', time: twin?.time, fields: twin?.fields ?? {} } },
    ]);
  });

  it.each([
    ['a status that is none', { sc_status: 'ok' }, /sc-status is no whole number/],
    ['a day that is none', { date: 'today' }, /the time cannot be read/],
  ])('%s is kept aside, the others are read', async (_, change, reason) => {
    const decoded = await read(table([row, { ...row, ...change }, row]));
    expect(decoded.map(({ kind }) => kind)).toEqual(['event', 'bad', 'event']);
    expect(reasons(decoded)).toEqual([expect.stringMatching(reason)]);
  });
});

describe('a Parquet file that is not right', () => {
  const good = table([FLOW, NO_DATA, FLOW]);
  const bytes = new Uint8Array(good);
  const changed = (change: (bytes: Uint8Array) => void): ArrayBuffer => {
    const copy = bytes.slice();
    change(copy);
    return copy.buffer;
  };

  it.each<[string, ArrayBuffer, RegExp]>([
    ['nothing behind the magic bytes', bytes.slice(0, 4).buffer, /ends in the middle/],
    ['truncated', bytes.slice(0, 200).buffer, /ends in the middle: it has no footer/],
    [
      'a footer that is longer than the file',
      changed((copy) => new DataView(copy.buffer).setUint32(copy.length - 8, 2 ** 31, true)),
      /footer is said to be longer/,
    ],
    [
      'a footer that is none',
      changed((copy) => copy.fill(0xff, copy.length - 60, copy.length - 8)),
      /footer is damaged|damaged/,
    ],
    ['a page that is none', changed((copy) => copy.fill(0xff, 4, 40)), /damaged|longer than/],
    ['columns of no log', table([{ a: 'x', b: 'y' }]), /no log format .* a, b/],
    [
      'texts for numbers',
      table([
        { ...FLOW, srcport: undefined, dstport: undefined, sport: 'x', tcp_flags: undefined, bytes: -5n },
      ]),
      /bytes is not a whole number/,
    ],
  ])('%s gives a bad record with the reason', async (_, buffer, reason) => {
    expect(reasons(await read(buffer))).toEqual([expect.stringMatching(reason)]);
  });

  it('costs the rest of its row group only', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ ...FLOW, dstport: at }));
    const groups = new Uint8Array(table(rows, { rowGroupSize: 10, codec: 'UNCOMPRESSED' }));
    const second = Buffer.from(groups).indexOf(
      'eni-e1524abb',
      Buffer.from(groups).indexOf('eni-e1524abb') + 40,
    );
    groups.fill(0xff, second - 30, second);
    const decoded = await read(groups.buffer);
    expect(reasons(decoded)).toHaveLength(1);
    expect(decoded.filter(({ kind }) => kind === 'event')).toHaveLength(20);
    expect(decoded.at(-1)).toMatchObject({ event: { fields: { dstport: 29 }, origin: { line: 30 } } });
  });

  it('gives every row before the place that cannot be read', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => ({
      ...FLOW,
      srcaddr: `10.0.${at >> 8}.${at & 255}`,
    }));
    const buffer = table(rows, { codec: 'UNCOMPRESSED', rowGroupSize: 3_000, pageSize: 1_000 });
    const marker = Buffer.from(buffer).indexOf('10.0.8.10');
    const copy = new Uint8Array(buffer.slice(0));
    copy.fill(0xff, marker - 400, marker + 400);
    const decoded = await read(copy.buffer);
    const at = decoded.findIndex(({ kind }) => kind === 'bad');
    expect(at).toBeGreaterThan(1_900);
    expect(at).toBeLessThan(2_058);
    expect(decoded[at]).toMatchObject({ record: { origin: { offset: at } } });
    expect(decoded).toHaveLength(at + 1);
  });

  it('never throws, wherever it is cut and whichever bytes are wrong', async () => {
    const place = fc.nat(bytes.length - 1);
    const flips = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, fc.option(place, { nil: bytes.length }), async (wrong, end) => {
        const copy = bytes.slice();
        for (const [at, byte] of wrong) copy[at] = byte;
        for (const one of await read(copy.slice(0, end).buffer))
          expect(one.kind).toMatch(/event|bad|skipped/);
      }),
      { numRuns: 1_500 },
    );
  });

  it('a file that cannot be read any more is a bad record as well', async () => {
    const failing: RandomAccess = {
      byteLength: 1_000,
      slice: async () => {
        throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
      },
    };
    for await (const batch of parquetEvents(failing, 'test')) {
      expect(reasons([...batch])).toEqual(['Parquet: cannot be read: EIO']);
    }
  });
});

describe('what some bytes claim is not believed', () => {
  it.each<[string, number[], number | undefined]>([
    ['a field of a number', [0x15, 0x02, 0x00], 3],
    ['a list of two numbers', [0x19, 0x25, 0x02, 0x04, 0x00], 5],
    ['a list of two thousand million numbers', [0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00], undefined],
    ['a text longer than the rest', [0x18, 0x7f, 0x41, 0x00], undefined],
    ['a number without an end', [0x16, ...Array(20).fill(0xff), 0x00], undefined],
    ['a hundred lists in each other', [0x19, ...Array(100).fill(0x19), 0x00], undefined],
    ['a structure without an end', [0x15, 0x02], undefined],
  ])('Thrift: %s', (_, bytes, end) => {
    expect(endOfStruct(Uint8Array.from(bytes), 0)).toBe(end);
  });

  const runs = (bytes: number[], width: number, values: number, whole = true) =>
    runsFit(Uint8Array.from(bytes), { from: 0, to: bytes.length, width, values, whole });

  it.each<[string, boolean, boolean]>([
    ['one value ten times', runs([20, 1], 1, 10), true],
    ['eight values of a bit, two of them padding', runs([3, 0xff], 1, 6), true],
    ['a run of a thousand million', runs([0xfe, 0xff, 0xff, 0xff, 0x07, 1], 1, 10), false],
    [
      'whole groups behind the last value, as some writers fill up',
      runs([0x7f, ...Array(63).fill(0)], 1, 10),
      true,
    ],
    ['more groups than bytes', runs([0x7f, 0, 0], 1, 10), false],
    ['packed numbers of no width', runs([3], 0, 2), true],
    ['a thousand million packed numbers of no width', runs([0xff, 0xff, 0xff, 0xff, 0x07], 0, 2), false],
    ['fewer values than rows', runs([8, 1], 1, 10), false],
    ['fewer values, where some may be absent', runs([8, 1], 1, 10, false), true],
    ['a width of two hundred bits', runs([20, 1], 200, 10), false],
  ])('runs: %s', (_, fits, expected) => {
    expect(fits).toBe(expected);
  });

  it.each<[string, number[], boolean]>([
    ['a block of 128 values in four parts', [0x80, 0x01, 0x04, 0x05, 0x02], true],
    ['a block in no parts', [0x80, 0x01, 0x00], false],
    ['a block in more parts than values', [0x80, 0x01, 0xff, 0xff, 0xff, 0x07], false],
  ])('deltas: %s', (_, bytes, fits) => {
    expect(deltaBlocksFit(Uint8Array.from(bytes), 0)).toBe(fits);
  });
});
