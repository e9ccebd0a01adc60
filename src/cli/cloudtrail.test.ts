import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { deliverTrail, publicKeyList, signingKey, type Trail } from '../../test/trail.ts';

const root = mkdtempSync(join(tmpdir(), 'cordon-trail-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = join(root, 'bucket');
const key = signingKey();

let trail: Trail;
beforeEach(() => {
  trail = deliverTrail(folder, { key });
  writeFileSync(join(root, 'keys.json'), publicKeyList([key]));
});

describe('cordon cloudtrail verify', () => {
  const run = (...args: string[]) => cordon(['cloudtrail', 'verify', 'bucket', ...args], { cwd: root });

  it('exits with 0 when all is valid, and says what is covered', async () => {
    const { exitCode, stdout } = await run('--keys', 'keys.json');
    expect(stdout).toBe(
      'my_trail in us-east-2: 2026-11-24T00:00:00Z to 2026-11-24T05:00:00Z\n✓ 15 files valid, 0 invalid, 0 missing, 0 unproven\n',
    );
    expect(exitCode).toBe(0);
  });

  it('exits with 1 when a file is not, and names it', async () => {
    writeFileSync(trail.path(trail.digests[1]?.logs[0] ?? ''), gzipSync('{"Records":[]}'));
    const { exitCode, stdout } = await run('--keys', 'keys.json');
    expect(stdout).toMatch(/^invalid {2}log {4}bucket\/AWSLogs\/.*_h1n0\.json\.gz\n {9}its content is not/);
    expect(exitCode).toBe(1);
  });

  it('exits with 1 when the digests do not cover the time that was asked for', async () => {
    expect(
      (await run('--keys', 'keys.json', '--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T05:00:00Z'))
        .exitCode,
    ).toBe(0);
    const late = await run('--keys', 'keys.json', '--to', '2026-11-24T09:00:00Z');
    expect(late.stdout).toContain('that is not all of the time that was asked for');
    expect(late.exitCode).toBe(1);
  });

  it('exits with 2 when it cannot judge', async () => {
    rmSync(trail.path(`${trail.digests[4]?.key}.json`));
    expect((await run('--keys', 'keys.json')).exitCode).toBe(2);
    expect((await run('--keys', 'nope.json')).exitCode).toBe(2);
    rmSync(join(folder, 'AWSLogs', '111122223333', 'CloudTrail-Digest'), { recursive: true });
    const { exitCode, stderr } = await run('--keys', 'keys.json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'cordon: there is no digest file\n' });
  });

  it('prints one JSON value a line', async () => {
    const { stdout } = await run('--keys', 'keys.json', '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(16);
    expect(lines[0]).toMatchObject({ kind: 'digest', status: 'valid' });
    expect(lines.at(-1)).toMatchObject({
      status: 'valid',
      valid: 15,
      chains: [{ trail: 'my_trail' }],
      uncovered: [],
    });
  });
});
