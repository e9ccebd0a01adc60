import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type DeliveredDigest,
  deliverTrail,
  headObject,
  publicKeyList,
  signingKey,
  type Trail,
} from '../../test/trail.ts';
import { type ChainVerdict, type FileVerdict, verifyTrail } from './cloudtrail.ts';

const root = mkdtempSync(join(tmpdir(), 'cordon-trail-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = join(root, 'bucket');
const keyFile = join(root, 'keys.json');
const key = signingKey();
const otherKey = signingKey();

let trail: Trail;
beforeEach(() => {
  trail = deliverTrail(folder, { key });
  writeFileSync(keyFile, publicKeyList([key]));
});
const digestOf = (hour: number): DeliveredDigest => trail.digests[hour] as DeliveredDigest;
const digestPath = (hour: number): string => trail.path(digestOf(hour).key);
const logPath = (hour: number, index = 0): string => trail.path(digestOf(hour).logs[index] ?? '');

interface Seen {
  readonly counts: Readonly<Record<string, number>>;
  readonly wrong: readonly FileVerdict[];
  readonly chains: readonly ChainVerdict[];
}

async function verify(paths: readonly string[] = [folder], keyFiles = [keyFile]): Promise<Seen> {
  const counts: Record<string, number> = {};
  const wrong: FileVerdict[] = [];
  const onFile = (verdict: FileVerdict): void => {
    counts[`${verdict.kind} ${verdict.status}`] = (counts[`${verdict.kind} ${verdict.status}`] ?? 0) + 1;
    if (verdict.status !== 'valid') wrong.push(verdict);
  };
  const chains = await verifyTrail(paths, { keyFiles, aws: { region: 'us-east-1' }, onFile });
  return { counts, wrong, chains };
}

/** Changes the content of a gzip file and keeps it a gzip file. */
function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));
}

describe('a trail that nobody touched', () => {
  it('is valid, every digest and every log file', async () => {
    const { counts, chains } = await verify();
    expect(counts).toEqual({ 'digest valid': 5, 'log valid': 10 });
    expect(chains).toMatchObject([
      {
        region: 'us-east-2',
        trail: 'my_trail',
        from: '2026-11-24T00:00:00Z',
        to: '2026-11-24T05:00:00Z',
        complete: true,
        gaps: [],
      },
    ]);
  });

  it('may be a copy of a part of the bucket, wherever the folder begins, and unpacked', async () => {
    const part = join(root, 'part');
    cpSync(join(folder, 'AWSLogs', '111122223333'), part, { recursive: true });
    rewriteUnpacked(join(part, digestOf(1).key.replace('AWSLogs/111122223333/', '')));
    expect((await verify([part])).counts).toEqual({ 'digest valid': 5, 'log valid': 10 });
    rmSync(part, { recursive: true });
  });

  it('may have a prefix in the bucket', async () => {
    trail = deliverTrail(folder, { key, prefix: 'audit/logs/' });
    expect((await verify()).counts).toEqual({ 'digest valid': 5, 'log valid': 10 });
  });

  it('without the last digest’s signature leaves that one unproven, and its logs', async () => {
    rmSync(`${digestPath(4)}.json`);
    const { counts, wrong } = await verify();
    expect(counts).toEqual({ 'digest valid': 4, 'digest unproven': 1, 'log valid': 8, 'log unproven': 2 });
    expect(wrong[0]?.reason).toBe('no later digest holds its signature, and no file beside it does');
    writeFileSync(`${digestPath(4)}.signature`, `${digestOf(4).signature}\n`);
    expect((await verify()).counts).toEqual({ 'digest valid': 5, 'log valid': 10 });
  });

  it('with a time without validation has a gap, and two beginnings', async () => {
    trail = deliverTrail(folder, { key, restarts: [3] });
    writeFileSync(`${digestPath(2)}.json`, headObject(digestOf(2).signature));
    const { counts, chains } = await verify();
    expect(counts).toEqual({ 'digest valid': 5, 'log valid': 10 });
    expect(chains[0]?.gaps).toEqual([{ from: '2026-11-24T03:00:00Z', to: '2026-11-24T03:00:00Z' }]);
  });

  it('may have a digest that fills in what came late, signed later, and in a chain of its own', async () => {
    const { content } = digestOf(1);
    const object = String(content.digestS3Object).replace('.json.gz', '_backfill.json.gz');
    const none = {
      previousDigestS3Bucket: null,
      previousDigestS3Object: null,
      previousDigestHashValue: null,
    };
    const late = { ...content, ...none, previousDigestSignature: null, digestS3Object: object, logFiles: [] };
    trail.deliver({ ...late, digestPublicKeyFingerprint: otherKey.fingerprint }, otherKey, { beside: true });
    const laterKeys = join(root, 'later.json');
    writeFileSync(laterKeys, publicKeyList([otherKey], { ValidityStartTime: '2026-12-01T00:00:00Z' }));
    const { counts, chains } = await verify([folder], [keyFile, laterKeys]);
    expect(counts).toEqual({ 'digest valid': 6, 'log valid': 10 });
    expect(chains.map(({ name }) => name.endsWith('_backfill'))).toEqual([false, true]);
  });

  it('of which only the newer part is here says so', async () => {
    for (const hour of [0, 1]) rmSync(digestPath(hour));
    for (const hour of [0, 1]) for (const index of [0, 1]) rmSync(logPath(hour, index));
    const { counts, chains } = await verify();
    expect(counts).toEqual({ 'digest valid': 3, 'log valid': 6 });
    expect(chains).toMatchObject([{ from: '2026-11-24T02:00:00Z', complete: false }]);
  });
});

function rewriteUnpacked(path: string): void {
  writeFileSync(path, gunzipSync(readFileSync(path)));
}

describe('what was done to log files', () => {
  it.each<[string, () => void, Partial<FileVerdict>]>([
    [
      'a flipped byte',
      () => rewrite(logPath(1), (text) => text.replace('Describe', 'Terminate')),
      { status: 'invalid', reason: 'its content is not the one that the digest names' },
    ],
    ['a removed file', () => rmSync(logPath(1)), { status: 'missing', reason: 'a digest names it' }],
    [
      'a truncated gzip',
      () => writeFileSync(logPath(1), readFileSync(logPath(1)).subarray(0, 30)),
      { status: 'invalid', reason: 'its gzip ends in the middle' },
    ],
    [
      'a damaged gzip',
      () =>
        writeFileSync(
          logPath(1),
          Buffer.concat([readFileSync(logPath(1)).subarray(0, 10), Buffer.alloc(40, 0xff)]),
        ),
      { status: 'invalid', reason: 'its gzip is damaged' },
    ],
    [
      'a second gzip behind the first',
      () => appendFileSync(logPath(1), gzipSync('{"Records":[]}')),
      { status: 'invalid', reason: 'its content is not the one that the digest names' },
    ],
    [
      'an emptied file',
      () => writeFileSync(logPath(1), ''),
      { status: 'invalid', reason: 'its content is not the one that the digest names' },
    ],
  ])('%s is found, and nothing else is doubted', async (_, change, expected) => {
    change();
    const { counts, wrong } = await verify();
    expect(wrong).toMatchObject([{ kind: 'log', ...expected }]);
    expect(counts).toMatchObject({ 'digest valid': 5, 'log valid': 9 });
  });

  it('an added file is in no digest', async () => {
    const added = logPath(1).replace('_h1n0', '_planted');
    cpSync(logPath(1), added);
    expect((await verify()).wrong).toEqual([
      { kind: 'log', status: 'unproven', path: added, reason: 'no digest names it' },
    ]);
  });

  it('two files in each other’s place are both wrong', async () => {
    renameSync(logPath(1), join(root, 'aside'));
    renameSync(logPath(2), logPath(1));
    renameSync(join(root, 'aside'), logPath(2));
    expect((await verify()).counts).toMatchObject({ 'log invalid': 2, 'log valid': 8 });
  });

  it('a file in another folder is missing where it was', async () => {
    const elsewhere = logPath(1).replace('/us-east-2/', '/us-west-2/');
    mkdirSync(join(elsewhere, '..'), { recursive: true });
    renameSync(logPath(1), elsewhere);
    expect((await verify()).wrong).toMatchObject([
      { status: 'missing' },
      { status: 'unproven', path: elsewhere },
    ]);
  });
});

describe('what was done to digests', () => {
  it('a changed one is invalid, and its logs are unproven', async () => {
    rewrite(digestPath(2), (text) => text.replace('"newestEventTime":"2026', '"newestEventTime":"2025'));
    const { counts, wrong } = await verify();
    expect(wrong[0]).toMatchObject({
      kind: 'digest',
      status: 'invalid',
      reason: 'its content is not the one that the next digest names',
    });
    expect(counts).toEqual({ 'digest valid': 4, 'digest invalid': 1, 'log valid': 8, 'log unproven': 2 });
  });

  it('one that no longer names a log file is invalid', async () => {
    rewrite(digestPath(2), (text) => {
      const digest = JSON.parse(text) as { logFiles: unknown[] };
      return JSON.stringify({ ...digest, logFiles: digest.logFiles.slice(1) });
    });
    rmSync(logPath(2));
    expect((await verify()).counts).toMatchObject({ 'digest invalid': 1, 'digest valid': 4 });
  });

  it('a removed one is missing, and the one before it is unproven', async () => {
    rmSync(digestPath(2));
    const { counts, wrong } = await verify();
    expect(wrong[0]).toMatchObject({
      kind: 'digest',
      status: 'missing',
      object: `s3://amzn-s3-demo-bucket/${digestOf(2).key}`,
    });
    expect(counts).toMatchObject({ 'digest valid': 3, 'digest missing': 1, 'digest unproven': 1 });
  });

  it('two in each other’s place were both moved', async () => {
    renameSync(digestPath(1), join(root, 'aside'));
    renameSync(digestPath(2), digestPath(1));
    renameSync(join(root, 'aside'), digestPath(2));
    const { wrong } = await verify();
    expect(wrong.filter(({ kind }) => kind === 'digest').map(({ reason }) => reason)).toEqual([
      expect.stringContaining('it was moved'),
      expect.stringContaining('it was moved'),
    ]);
  });

  it.each([
    ['truncated', (bytes: Buffer) => bytes.subarray(0, 60), 'its gzip ends in the middle'],
    ['no JSON', () => gzipSync('hello'), 'not JSON'],
    [
      'no digest',
      () => gzipSync('{"digestS3Object":7}'),
      expect.stringContaining('not a digest: awsAccountId'),
    ],
    [
      'a time that is none',
      (bytes: Buffer) =>
        gzipSync(
          gunzipSync(bytes)
            .toString()
            .replace(/"digestEndTime":"[^"]*"/, '"digestEndTime":"soon"'),
        ),
      expect.stringContaining('digestEndTime'),
    ],
  ])('one that is %s is invalid, and not missing besides', async (_, change, reason) => {
    writeFileSync(digestPath(2), change(readFileSync(digestPath(2))));
    const { counts, wrong } = await verify();
    expect(wrong[0]).toMatchObject({ kind: 'digest', status: 'invalid', path: digestPath(2), reason });
    expect(counts).not.toHaveProperty('digest missing');
  });

  it('a last one that was made again with another chain breaks the chain', async () => {
    const { content } = digestOf(4);
    const forged = {
      ...content,
      previousDigestHashValue: 'ab'.repeat(32),
      previousDigestSignature: 'cd'.repeat(256),
    };
    trail.deliver(forged, key, { beside: true });
    const { counts, wrong } = await verify();
    expect(counts).toMatchObject({ 'digest valid': 4, 'digest invalid': 1 });
    expect(wrong[0]).toMatchObject({
      path: digestPath(3),
      reason: 'its content is not the one that the next digest names',
    });
  });

  it('one in the middle that was made again by somebody with a key of his own is invalid', async () => {
    writeFileSync(keyFile, publicKeyList([key]));
    trail.deliver({ ...digestOf(2).content, logFiles: [] }, otherKey, { beside: true });
    expect((await verify()).wrong[0]).toMatchObject({
      path: digestPath(2),
      status: 'invalid',
      reason: 'its content is not the one that the next digest names',
    });
  });

  it('a last one that was signed with another key is invalid', async () => {
    trail.deliver(digestOf(4).content, otherKey, { beside: true });
    expect((await verify()).wrong[0]).toMatchObject({
      status: 'invalid',
      reason: 'its signature is not right',
    });
  });
});

describe('public keys', () => {
  it('that are not of this trail prove nothing', async () => {
    writeFileSync(keyFile, publicKeyList([otherKey]));
    const { counts, wrong } = await verify();
    expect(counts).toEqual({ 'digest unproven': 5, 'log unproven': 10 });
    expect(wrong[0]?.reason).toBe(`no public key with the fingerprint ${key.fingerprint}`);
  });

  it('another key under the right fingerprint makes every signature wrong', async () => {
    writeFileSync(keyFile, publicKeyList([{ ...otherKey, fingerprint: key.fingerprint }]));
    expect((await verify()).counts).toEqual({ 'digest invalid': 5, 'log unproven': 10 });
  });

  it('that were not in use at the time make a digest invalid', async () => {
    writeFileSync(keyFile, publicKeyList([key], { ValidityEndTime: '2026-11-24T01:30:00Z' }));
    const { counts, wrong } = await verify();
    expect(counts).toMatchObject({ 'digest valid': 2, 'digest invalid': 3 });
    expect(wrong[0]?.reason).toBe('its key was not in use at its time');
  });

  it.each([
    ['no JSON', '{'],
    ['something else', '{"Keys":[]}'],
    ['no key', publicKeyList([{ ...key, publicKey: Buffer.from('hello') }])],
  ])('in a file that is %s end with an error', async (_, text) => {
    writeFileSync(keyFile, text);
    await expect(verify()).rejects.toThrow('keys.json');
  });

  it('come from CloudTrail where no file is named, for the region and time of the digests', async () => {
    const asked: { target: unknown; region: unknown; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { 'x-amz-target': target, authorization } = request.headers;
      asked.push({ target, region: authorization?.match(/\/\d{8}\/([^/]+)\//)?.[1], body });
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const { PublicKeyList } = JSON.parse(publicKeyList([key], { ValidityStartTime: 1_793_500_000 }));
      response.end(JSON.stringify({ PublicKeyList }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const counts = { valid: 0, other: 0 };
    await verifyTrail([folder], {
      keyFiles: [],
      aws: { region: 'us-east-1', endpoint },
      onFile: ({ status }) => counts[status === 'valid' ? 'valid' : 'other']++,
    });
    server.closeAllConnections();
    server.close();
    expect(counts).toEqual({ valid: 15, other: 0 });
    expect(asked).toMatchObject([{ target: expect.stringContaining('ListPublicKeys'), region: 'us-east-2' }]);
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      StartTime: Date.parse('2026-11-24T00:00:00Z') / 1_000,
    });
  });
});
