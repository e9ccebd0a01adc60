import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../model/problem.ts';
import { type Config, loadConfig } from './config.ts';

function load(line: string): Result<Config> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-config-'));
  const file = join(folder, 'cordon.yaml');
  writeFileSync(file, `lists:\n  feodo: { file: feodo.txt }\n  ports: [22, 80]\n${line}\n`);
  try {
    return loadConfig(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a list of cordon.yaml', () => {
  it.each([
    ['  x: { s3: "s3://bucket/a/key.txt" }', { s3: { bucket: 'bucket', key: 'a/key.txt' } }],
    ['  x: { s3: { bucket: bucket, key: k, region: eu-west-1 } }', { s3: { region: 'eu-west-1' } }],
    [
      '  x: { url: "https://x/", refresh: 30m }',
      { url: 'https://x/', refresh: 1_800_000, reserved: 'refuse' },
    ],
    [
      '  x: { url: "http://127.0.0.1:9/", auth: { tokenEnv: T, header: Auth-Key } }',
      { auth: { header: 'Auth-Key' } },
    ],
    ['  x: { taxii: { url: "https://x/", collection: c } }', { taxii: { collection: 'c' } }],
    ['  x: { lists: [feodo] }', { lists: ['feodo'] }],
    ['  x: [25, 587]', { values: [25, 587], literal: true }],
  ])('%s', (line, expected) => {
    const config = load(line);
    expect(config.ok && config.value.lists.x).toMatchObject(expected);
  });

  it.each([
    ['  x: { url: "ftp://x/", format: plain }', 'lists.x.url: not a URL of http or https'],
    ['  x: { url: "https://me:pw@x/" }', 'credentials do not belong into a URL'],
    ['  x: { url: "https://x/", file: y }', 'takes one of file, url, s3, taxii, values, lists'],
    ['  x: { url: "http://x/", auth: { tokenEnv: T } }', 'lists.x.auth: secrets are only sent over https'],
    [
      '  x: { url: "https://x/", auth: { tokenEnv: T, passwordEnv: P } }',
      'lists.x.auth: takes username and passwordEnv, or tokenEnv',
    ],
    ['  x: { url: "https://x/", refresh: 5 weeks }', 'lists.x.refresh: not a time such as 30m, 6h or 1d'],
    ['  x: { url: "https://x/", frmat: plain }', 'unknown key frmat'],
    ['  x: { lists: [feedo] }', 'there is no list feedo to take'],
    ['  x: { lists: [ports] }', 'there is no list ports to take'],
    ['  x: { s3: "s3://b" }', 'not a place such as s3://bucket/key'],
  ])('%s is told with its place', (line, message) => {
    const config = load(line);
    const problem = config.ok ? undefined : config.problems[0];
    expect(problem?.line).toBe(4);
    expect(problem?.message).toContain(message);
  });
});
