import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cordon-pack-'));
const run = promisify(execFile);
const npm = (args: string[], cwd: string) =>
  run('npm', args, { cwd, env: { ...process.env, NO_COLOR: '1' } });

// The SDK's clients are thousands of files, which a busy disk does not drop within the ten seconds of a hook.
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

describe('the package', () => {
  it('installs in an empty folder without a compiler, and runs the drill', { timeout: 180_000 }, async () => {
    const packed = await npm(['pack', '--json', '--pack-destination', folder], PROJECT);
    const { filename, files } = firstPackage(packed.stdout);
    expect(files.filter(({ path }) => /\.test\.|(^|\/)test\/|^src\//.test(path))).toEqual([]);
    await npm(['init', '-y'], folder);
    await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, filename)], folder);
    const { stdout } = await run('npx', ['cordon', 'drill', 'honeypot', '--json'], { cwd: folder });
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
    expect(report).toMatchObject({ kind: 'report', passed: true });
  });

  it('has a version, and the command says it', async () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
      version: string;
    };
    const { stdout } = await run('npx', ['cordon', '--version'], { cwd: folder });
    expect(stdout.trim()).toBe(version);
  });
});

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** `prepack` may print before the JSON; newer npm versions answer an object, older ones a list. */
function firstPackage(stdout: string): Packed {
  const start = stdout.search(/^[[{]/m);
  const parsed = JSON.parse(stdout.slice(start)) as Packed[] | Record<string, Packed>;
  const [first] = Object.values(parsed);
  if (first === undefined) throw new Error('npm pack made nothing');
  return first;
}
