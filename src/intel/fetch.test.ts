import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dripping,
  endless,
  type ListServer,
  listServer,
  serveTaxii,
  status,
  type TaxiiContent,
  truncated,
  versioned,
} from '../../test/list-server.ts';
import { credentialHeaders, type Fetched, httpFetcher, type KnownContent, shownUrl } from './fetch.ts';
import { taxiiFetcher } from './taxii.ts';

let server: ListServer;
let elsewhere: ListServer;
beforeAll(async () => {
  server = await listServer();
  elsewhere = await listServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

const NOTHING: KnownContent = { bytes: () => undefined };
const LIMITS = { bytes: 100_000, timeout: 500 };
const get = (path: string, known = NOTHING): Promise<Fetched> =>
  httpFetcher(`${server.url}${path}`, undefined, LIMITS)(known, new AbortController().signal);
const textOf = (fetched: Fetched): string =>
  fetched.status === 'content' ? Buffer.from(fetched.bytes).toString() : fetched.status;

describe('a list behind a URL', () => {
  it('comes with its version, and is not sent again while it is the same', async () => {
    server.at('/list', versioned('192.0.2.1\n', '"one"'));
    const first = await get('/list');
    expect(first).toMatchObject({ status: 'content', etag: '"one"' });
    expect(await get('/list', { ...NOTHING, etag: '"one"' })).toEqual({ status: 'unchanged' });
    server.at('/list', versioned('192.0.2.2\n', '"two"'));
    expect(textOf(await get('/list', { ...NOTHING, etag: '"one"' }))).toBe('192.0.2.2\n');
  });

  it('by the time of its last change, where there is no tag', async () => {
    const changed = 'Tue, 24 Nov 2026 10:00:00 GMT';
    server.at('/dated', ({ headers }, response) => {
      if (headers['if-modified-since'] === changed) response.writeHead(304).end();
      else response.writeHead(200, { 'last-modified': changed }).end('192.0.2.1\n');
    });
    expect(await get('/dated')).toMatchObject({ lastModified: changed });
    expect(await get('/dated', { ...NOTHING, lastModified: changed })).toEqual({ status: 'unchanged' });
  });

  it('may be a gzip file', async () => {
    server.at('/list.gz', versioned(gzipSync('192.0.2.1\n'), '"gz"'));
    expect(textOf(await get('/list.gz'))).toBe('192.0.2.1\n');
  });

  it('may have moved', async () => {
    server.at('/moved', status(301, { location: '/list' }));
    server.at('/list', versioned('192.0.2.1\n', '"one"'));
    expect(textOf(await get('/moved'))).toBe('192.0.2.1\n');
  });

  it.each([
    ['an error', () => status(500), /\/bad answers 500$/],
    ['a truncated answer', () => truncated('192.0.2.1\n'), /\/bad: /],
    ['an answer that never ends', () => endless(), /^it is larger than 0 MiB$/],
    ['an answer that comes too slowly', () => dripping(), /\/bad did not answer within 0.5 s$/],
    ['no answer', () => () => {}, /\/bad did not answer within 0.5 s$/],
    ['a size beyond the limit', () => versioned(Buffer.alloc(200_000, '1'), '"x"'), /^it is larger than/],
    ['a gzip bomb', () => versioned(gzipSync(Buffer.alloc(10_000_000)), '"x"'), /^it is no whole gzip file/],
    ['half a gzip file', () => versioned(gzipSync('192.0.2.1\n').subarray(0, -8), '"x"'), /gzip/],
    ['a circle of redirects', () => status(302, { location: '/bad' }), /redirects more than 5 times$/],
    [
      'a redirect to a file',
      () => status(302, { location: 'file:///etc/passwd' }),
      /redirects to file:, which is not followed$/,
    ],
    ['a redirect to nowhere', () => status(302), /redirects to nowhere$/],
  ])('fails with a reason for %s', async (_, answer, reason) => {
    server.at('/bad', answer());
    await expect(get('/bad')).rejects.toThrow(reason);
  });

  it('fails with a reason when nobody listens', async () => {
    await expect(
      httpFetcher('http://127.0.0.1:1/', undefined, LIMITS)(NOTHING, AbortSignal.timeout(5_000)),
    ).rejects.toThrow(/^http:\/\/127\.0\.0\.1:1\/: /);
  });
});

describe('a secret', () => {
  it('comes from the environment, as a bearer token, a header or a password', () => {
    const environment = { KEY: 's3cret' };
    expect(credentialHeaders({ tokenEnv: 'KEY' }, environment)).toEqual({ authorization: 'Bearer s3cret' });
    expect(credentialHeaders({ tokenEnv: 'KEY', header: 'Auth-Key' }, environment)).toEqual({
      'Auth-Key': 's3cret',
    });
    expect(credentialHeaders({ username: 'me', passwordEnv: 'KEY' }, environment)).toEqual({
      authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
    });
    expect(() => credentialHeaders({ tokenEnv: 'OTHER' }, environment)).toThrow(
      'the environment has no OTHER',
    );
  });

  it('is not sent to whom the server redirects', async () => {
    server.at('/away', status(302, { location: `${elsewhere.url}/list` }));
    elsewhere.at('/list', versioned('192.0.2.1\n', '"x"'));
    process.env.CORDON_TEST_TOKEN = 's3cret';
    try {
      await httpFetcher(
        `${server.url}/away`,
        { tokenEnv: 'CORDON_TEST_TOKEN' },
        LIMITS,
      )(NOTHING, AbortSignal.timeout(5_000));
    } finally {
      delete process.env.CORDON_TEST_TOKEN;
    }
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer s3cret');
    expect(elsewhere.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('is not shown with a URL', () => {
    expect(shownUrl('https://me:pw@example.org/list?key=1')).toBe('https://example.org/list?…');
  });
});

describe('a TAXII collection', () => {
  const ID = '91a7b528-80eb-42ed-a74d-c6fbd5a26116';
  const indicator = (id: number, more: object = {}): TaxiiContent['objects'][number] => ({
    added: `2026-01-${String(id).padStart(2, '0')}T00:00:00.000000Z`,
    object: {
      type: 'indicator',
      id: `indicator--${id}`,
      modified: '2026-01-01T00:00:00Z',
      pattern: `[ipv4-addr:value = '192.0.2.${id}']`,
      pattern_type: 'stix',
      ...more,
    },
  });
  let content: TaxiiContent = {
    collections: [
      { id: ID, title: 'High Value', alias: 'high', can_read: true },
      { id: 'other', title: 'Closed', can_read: false },
    ],
    objects: Array.from({ length: 7 }, (_, index) => indicator(index + 1)),
    pageSize: 3,
    authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}`,
  };
  const collect = async (
    collection: string,
    known = NOTHING,
    url = `${server.url}/taxii2/`,
  ): Promise<Fetched> => {
    process.env.CORDON_TEST_PASSWORD = 's3cret';
    try {
      const auth = { username: 'me', passwordEnv: 'CORDON_TEST_PASSWORD' };
      return await taxiiFetcher({ url, collection, auth }, { bytes: 100_000, timeout: 2_000 })(
        known,
        AbortSignal.timeout(10_000),
      );
    } finally {
      delete process.env.CORDON_TEST_PASSWORD;
    }
  };
  const idsOf = (fetched: Fetched): string[] =>
    (JSON.parse(textOf(fetched)) as { objects: { id: string }[] }).objects.map(({ id }) => id);

  beforeAll(() => serveTaxii(server, () => content));

  it.each([[ID], ['High Value'], ['high']])('is found as %s and read page by page', async (name) => {
    const fetched = await collect(name);
    expect(idsOf(fetched)).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => `indicator--${id}`));
    expect(fetched).toMatchObject({ cursor: '2026-01-07T00:00:00.000000Z' });
  });

  it('is found below an API root as well', async () => {
    expect(idsOf(await collect('high', NOTHING, `${server.url}/api1`))).toHaveLength(7);
  });

  it('is asked for what was added since, which joins what is known', async () => {
    const before = await collect('high');
    if (before.status !== 'content') throw new Error('nothing came');
    const known = { cursor: before.cursor, bytes: () => before.bytes };
    expect(await collect('high', known)).toEqual({ status: 'unchanged' });
    content = {
      ...content,
      objects: [
        ...content.objects,
        indicator(8),
        {
          ...indicator(2, { modified: '2026-01-09T00:00:00Z', revoked: true }),
          added: '2026-01-09T00:00:00.000000Z',
        },
        {
          ...indicator(3, { modified: '2026-01-09T00:00:00Z', valid_until: '2026-01-10T00:00:00Z' }),
          added: '2026-01-09T00:00:00.000000Z',
        },
      ],
    };
    const after = await collect('high', known);
    expect(idsOf(after)).toEqual([1, 4, 5, 6, 7, 8].map((id) => `indicator--${id}`));
    expect(server.requests.at(-1)?.url).toContain('added_after=2026-01-07');
  });

  it.each([
    ['Closed', /may not be read/],
    ['Unknown', /has no collection Unknown; it has High Value, Closed$/],
  ])('%s fails with a reason', async (name, reason) => {
    await expect(collect(name)).rejects.toThrow(reason);
  });

  it('fails when the password is wrong, and does not tell it', async () => {
    content = { ...content, authorization: 'Basic other' };
    const failure = await collect('high').catch((error: Error) => error.message);
    expect(failure).toMatch(/taxii2\/ answers 401$/);
    expect(failure).not.toContain('s3cret');
  });

  it('fails when the pages go in a circle', async () => {
    const type = { 'content-type': 'application/taxii+json;version=2.1' };
    content = { ...content, authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}` };
    server.at(`/api1/collections/${ID}/objects/`, (_, response) => {
      response.writeHead(200, type).end(JSON.stringify({ more: true, next: 'again', objects: [] }));
    });
    await expect(collect('high')).rejects.toThrow(/says that there is more, and not where/);
  });
});
