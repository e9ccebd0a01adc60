import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fetched, FetchFailed } from './fetch.ts';
import { listFolder } from './list-folder.ts';
import { sharedListLookup } from './list-lookup.ts';
import type { ListOrigin, ListSettings } from './loaded-list.ts';
import { type ThreatLists, threatLists } from './threat-lists.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 24);
const NEVER = new AbortController().signal;

let folder: string;
let now = START;
/** What each source gives next; an error when it is down. */
let sources: Record<string, string | Error>;
let versions: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-lists-'));
  now = START;
  sources = {};
  versions = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fetched = (name: string): ListOrigin => ({
  type: 'fetched',
  shown: `https://lists.example/${name}`,
  async fetch({ etag }): Promise<Fetched> {
    versions.push(`${name} ${etag ?? 'none'}`);
    const content = sources[name];
    if (content === undefined || content instanceof Error) throw content ?? new FetchFailed('it is down');
    return etag === content
      ? { status: 'unchanged' }
      : { status: 'content', bytes: Buffer.from(content), etag: content };
  },
});
const list = (name: string, more: Partial<ListSettings> = {}): ListSettings => ({
  name,
  origin: fetched(name),
  reserved: 'refuse',
  refresh: HOUR,
  ...more,
});
const open = (...lists: ListSettings[]): ThreatLists =>
  threatLists({
    lists,
    folder: listFolder(join(folder, 'lists')),
    ownNetworks: ['10.0.0.0/8', '198.51.100.0/28'],
    now: () => now,
  });
const addresses = (count: number): string =>
  Array.from({ length: count }, (_, index) => `203.0.113.${index}\n`).join('');

describe('a list that is fetched', () => {
  it('is missing until it comes, and is then known to the next start without its source', async () => {
    const lists = open(list('bad'));
    expect([lists.missing(), lists.lookup(['bad']).find('192.0.2.1')]).toEqual([['bad'], undefined]);
    sources.bad = '192.0.2.1\n';
    expect(await lists.refresh(NEVER)).toMatchObject([{ list: 'bad', outcome: 'updated', entries: 1 }]);
    sources.bad = new FetchFailed('it is down');
    const later = open(list('bad'));
    expect([later.missing(), later.lookup(['bad']).find('192.0.2.1')]).toEqual([[], '192.0.2.1']);
    expect(later.states()).toMatchObject([
      { name: 'bad', kind: 'block', fetchedAt: START, content: { format: 'plain', entries: 1 } },
    ]);
  });

  it('is asked again when it is due, with the version that is known', async () => {
    sources.bad = '192.0.2.1\n';
    const lists = open(list('bad'));
    await lists.refresh(NEVER);
    expect(await lists.refresh(NEVER)).toEqual([]);
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'unchanged' }]);
    expect(versions).toEqual(['bad none', 'bad 192.0.2.1\n']);
    expect(lists.states()[0]).toMatchObject({ fetchedAt: START, checkedAt: START + HOUR });
    expect(lists.nextAt()).toBe(START + 2 * HOUR);
  });

  it('changes under the rules that ask for it', async () => {
    sources.bad = '192.0.2.1\n';
    const lists = open(list('bad'));
    const lookup = lists.lookup(['bad']);
    await lists.refresh(NEVER);
    expect(lookup.hasIpv4(0xc000_0201)).toBe(true);
    sources.bad = '192.0.2.2\n';
    now += HOUR;
    await lists.refresh(NEVER);
    expect([lookup.hasIpv4(0xc000_0201), lookup.hasIpv4(0xc000_0202)]).toEqual([false, true]);
  });

  it('keeps its last good content while the source is down, and is asked again sooner', async () => {
    sources.bad = '192.0.2.1\n';
    const lists = open(list('bad'));
    await lists.refresh(NEVER);
    sources.bad = new FetchFailed('it is down');
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([
      { outcome: 'failed', reason: 'it is down', entries: 1 },
    ]);
    expect(lists.lookup(['bad']).find('192.0.2.1')).toBe('192.0.2.1');
    expect(lists.nextAt()).toBe(now + 300_000);
    expect(lists.states()[0]).toMatchObject({ failure: 'it is down' });
  });

  it('leaves one content and one record on disk, whatever came', async () => {
    const lists = open(list('../bad list'));
    for (const content of ['192.0.2.1\n', '192.0.2.2\n', '192.0.2.3\n']) {
      sources['../bad list'] = content;
      now += HOUR;
      await lists.refresh(NEVER);
    }
    expect(readdirSync(join(folder, 'lists'))).toEqual(['list-..%2Fbad%20list']);
    expect(readdirSync(join(folder, 'lists', 'list-..%2Fbad%20list'))).toEqual([
      expect.stringMatching(/^content-[0-9a-f]{16}$/),
      'record.json',
    ]);
  });

  it('is fetched anew when its copy was changed on disk, or is of another place', async () => {
    sources.bad = '192.0.2.1\n';
    await open(list('bad')).refresh(NEVER);
    const copy = join(folder, 'lists', 'list-bad');
    const content = readdirSync(copy).find((name) => name.startsWith('content-')) ?? '';
    writeFileSync(join(copy, content), '192.0.2.9\n');
    expect(open(list('bad')).missing()).toEqual(['bad']);
    await open(list('bad')).refresh(NEVER);
    const moved = { ...fetched('bad'), shown: 'https://elsewhere.example/' } as ListOrigin;
    expect(open(list('bad', { origin: moved })).missing()).toEqual(['bad']);
  });
});

describe('a suspicious content does not replace the last good one', () => {
  it.each([
    ['', 'it is empty'],
    ['# only a comment\n', 'it is empty'],
    ['<html><body>404</body></html>\n', 'nothing in it is understood'],
    [`${addresses(3)}a b\nc d\ne f\ng h\n`, '4 of 7 entries are not understood'],
    [addresses(10), 'it shrank from 100 to 10 entries'],
    [`${addresses(90)}10.1.2.3\n`, 'it contains 10.1.2.3, a private or reserved network'],
    [`${addresses(90)}127.0.0.1\n`, 'it contains 127.0.0.1, a private or reserved network'],
    [`${addresses(90)}fe80::1\n`, 'it contains fe80::1, a private or reserved network'],
    [
      `${addresses(90)}172.0.0.0/8\n`,
      'it contains 172.0.0.0/8, which has 172.16.0.0/12 in it, a private or reserved network',
    ],
    [`${addresses(90)}198.51.100.3\n`, 'it contains 198.51.100.3, an address of your own'],
    [
      `${addresses(90)}198.51.100.0/24\n`,
      'it contains 198.51.100.0/24, which has 198.51.100.0/28 in it, an address of your own',
    ],
    [
      `${addresses(90)}192.0.2.0/24\n`,
      'it contains 192.0.2.0/24, which has 192.0.2.8/29 in it, an allow-listed network',
    ],
    [`${addresses(90)}0.0.0.0/0\n`, 'it contains 0.0.0.0/0, more of the internet than anybody has'],
    [`${addresses(90)}64.0.0.0/7\n`, 'it contains 64.0.0.0/7, more of the internet than anybody has'],
    [`${addresses(90)}2000::/3\n`, 'it contains 2000::/3, more of the internet than anybody has'],
  ])('%j', async (content, reason) => {
    const allowed = list('ours', { origin: { type: 'values', values: ['192.0.2.8/29'] }, kind: 'exclude' });
    const lists = open(list('bad'), allowed);
    sources.bad = addresses(100);
    await lists.refresh(NEVER);
    sources.bad = content;
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'refused', reason, entries: 100 }]);
    expect(lists.lookup(['bad']).find('203.0.113.99')).toBe('203.0.113.99');
    expect(open(list('bad'), allowed).states()[0]).toMatchObject({ content: { entries: 100 } });
  });

  it('but an allowed address in it is only excluded', async () => {
    const allowed = list('ours', { origin: { type: 'values', values: ['192.0.2.8/29'] }, kind: 'exclude' });
    const lists = open(list('bad'), allowed);
    sources.bad = '192.0.2.9\n192.0.2.1\n';
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'updated' }]);
    expect(['192.0.2.9', '192.0.2.1'].map(lists.lookup(['bad']).find)).toEqual([undefined, '192.0.2.1']);
  });

  it('and reserved networks that are known to be in it are never matched', async () => {
    const lists = open(list('firehol', { reserved: 'ignore' }));
    sources.firehol = '0.0.0.0/8\n10.0.0.0/8\n224.0.0.0/3\n192.0.2.0/24\n';
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'updated', entries: 4 }]);
    const lookup = lists.lookup(['firehol']);
    expect(['10.1.2.3', '240.0.0.1', '192.0.2.1'].map(lookup.find)).toEqual([
      undefined,
      undefined,
      '192.0.2.0/24',
    ]);
    expect(lookup.hasIpv4(0x0a01_0203)).toBe(false);
    expect(lists.check('10.1.2.3')).toMatchObject({ listed: false, hits: [] });
  });
});

describe('what is excluded', () => {
  const values = (...texts: string[]): ListOrigin => ({ type: 'values', values: texts });

  it('is not found, whichever entry is the larger', () => {
    const lists = open(
      list('bad', { origin: values('192.0.2.0/24', '198.51.100.99', 'evil.example', '2001:db8::/32') }),
      list('fine', { origin: values('192.0.2.7', '198.51.100.0/24', 'cdn.evil.example'), kind: 'exclude' }),
    );
    const lookup = lists.lookup(['bad']);
    const found = [
      '192.0.2.7',
      '192.0.2.8',
      '198.51.100.99',
      'evil.example',
      'a.cdn.evil.example',
      '2001:db8::1',
    ];
    expect(found.map(lookup.find)).toEqual([
      undefined,
      '192.0.2.0/24',
      undefined,
      'evil.example',
      undefined,
      '2001:db8::/32',
    ]);
    expect([lookup.hasIpv4(0xc000_0207), lookup.hasIpv4(0xc000_0208)]).toEqual([false, true]);
    const columns = Int32Array.of(0xc000_0208, 0xc000_0207, 1, 0xc000_0209);
    const out = new Int32Array(4);
    expect([...out.subarray(0, lookup.keepIpv4(columns, Int32Array.of(3, 1, 2, 0), 4, out))]).toEqual([3, 0]);
  });

  it('is named by check, with the list and entry that excludes', () => {
    const lists = open(
      list('bad', { origin: values('192.0.2.0/24'), confidence: 60 }),
      list('fine', { origin: values('192.0.2.7'), kind: 'exclude' }),
    );
    expect(lists.check('192.0.2.7')).toEqual({
      value: '192.0.2.7',
      listed: false,
      hits: [
        {
          list: 'bad',
          kind: 'block',
          origin: 'the configuration',
          entry: '192.0.2.0/24',
          attributes: { confidence: 60 },
        },
      ],
      excludedBy: [
        { list: 'fine', kind: 'exclude', origin: 'the configuration', entry: '192.0.2.7', attributes: {} },
      ],
    });
  });

  it('is on the excluding list itself when a rule asks for that', () => {
    const lists = open(list('fine', { origin: values('192.0.2.7'), kind: 'exclude' }));
    expect(lists.lookup(['fine']).find('192.0.2.7')).toBe('192.0.2.7');
  });

  it('comes from a MISP warning list without a word', async () => {
    sources.dns = '{"name":"x","type":"cidr","version":1,"description":"d","list":["192.0.2.7"]}';
    const lists = open(list('bad', { origin: values('192.0.2.7') }), list('dns'));
    await lists.refresh(NEVER);
    expect(lists.states().map(({ name, kind }) => [name, kind])).toEqual([
      ['bad', 'block'],
      ['dns', 'exclude'],
    ]);
    expect(lists.lookup(['bad']).find('192.0.2.7')).toBeUndefined();
  });

  it('holds in another thread as well', () => {
    const lists = open(
      list('bad', { origin: values('192.0.2.0/24', 'evil.example') }),
      list('fine', { origin: values('192.0.2.7'), kind: 'exclude' }),
    );
    const there = sharedListLookup(structuredClone(lists.lookup(['bad']).toShared()));
    expect(['192.0.2.7', '192.0.2.8', 'a.evil.example'].map(there.find)).toEqual([
      undefined,
      '192.0.2.0/24',
      'evil.example',
    ]);
    expect([there.hasIpv4(0xc000_0207), there.hasIpv4(0xc000_0208)]).toEqual([false, true]);
  });
});

describe('several lists as one', () => {
  it('find what is on any of them', () => {
    const lists = open(
      list('a', { origin: { type: 'values', values: ['192.0.2.1'] } }),
      list('b', { origin: { type: 'values', values: ['192.0.2.2'] } }),
    );
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(lists.lookup(['a', 'b']).find)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      undefined,
    ]);
  });
});

describe('a list in a file', () => {
  const path = (): string => join(folder, 'mine.txt');
  const mine = (): ListSettings => list('mine', { origin: { type: 'file', path: path() } });

  it('may name what it likes, and is read again when it changed', async () => {
    writeFileSync(path(), '10.0.0.66\n');
    const lists = open(mine());
    expect([lists.problems, lists.missing()]).toEqual([[], []]);
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'unchanged' }]);
    writeFileSync(path(), '10.0.0.67\n10.0.0.68\n');
    utimesSync(path(), 1, 1);
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome: 'updated', entries: 2, entriesBefore: 1 }]);
    expect(lists.lookup(['mine']).find('10.0.0.67')).toBe('10.0.0.67');
  });

  it.each([
    ['', 'refused', 'it is empty'],
    ['10.0.0.67\nhalf a li', 'refused', '1 of its lines are not understood'],
    [undefined, 'failed', 'ENOENT'],
  ])('keeps its last good content when it becomes %j', async (content, outcome, reason) => {
    writeFileSync(path(), '10.0.0.66\n');
    const lists = open(mine());
    rmSync(path());
    if (content !== undefined) writeFileSync(path(), content);
    if (content !== undefined) utimesSync(path(), 1, 1);
    now += HOUR;
    expect(await lists.refresh(NEVER)).toMatchObject([{ outcome, reason, entries: 1 }]);
    expect(lists.lookup(['mine']).find('10.0.0.66')).toBe('10.0.0.66');
  });

  it('is a problem at the start when it is not there, or has a line that is no entry', () => {
    expect(open(mine()).problems.map(({ message }) => message)).toEqual(['cannot be read: ENOENT']);
    writeFileSync(path(), '10.0.0.66\n10.0.0.999\n');
    expect(open(mine()).problems.map(({ line, message }) => [line, message])).toEqual([
      [2, 'no address, network, domain or URL'],
    ]);
  });
});
