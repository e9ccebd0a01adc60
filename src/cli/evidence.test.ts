import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { flowRecord, stage } from '../../test/scene.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'cordon-cli-'));

describe('cordon init', () => {
  it('makes the key and a configuration that every command reads; a second time it keeps both', async () => {
    const cwd = folder();
    const first = await cordon(['init', '--json'], { cwd });
    expect(first, first.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    const made = JSON.parse(first.stdout);
    expect(made).toMatchObject({ configWritten: true, keyCreated: true });
    expect(statSync(join(cwd, '.cordon/keys/ledger-ed25519')).mode & 0o777).toBe(0o600);
    expect(readFileSync(made.publicKeyFile, 'utf8')).toContain('BEGIN PUBLIC KEY');
    const second = JSON.parse((await cordon(['init', '--json'], { cwd })).stdout);
    expect(second).toMatchObject({ keyId: made.keyId, configWritten: false, keyCreated: false });
    expect(await cordon(['incidents'], { cwd })).toMatchObject({ exitCode: 0, stdout: 'No cases.\n' });
  });

  it('leaves a configuration alone that is there, also one that is wrong', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'cordon.yaml'), 'stat: x\n');
    const { exitCode, stderr } = await cordon(['init'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown key stat');
    expect(readFileSync(join(cwd, 'cordon.yaml'), 'utf8')).toBe('stat: x\n');
  });
});

describe('a closed case', () => {
  let state: string;
  let cwd: string;
  let caseId: string;

  beforeAll(async () => {
    await using scene = await stage();
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('a.log', [flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444] })]);
    await scene.watchOnce();
    caseId = (await scene.incidents())[0]?.id ?? '';
    cwd = folder();
    state = join(cwd, 'state');
    cpSync(join(scene.folder, 'state'), state, { recursive: true });
  });

  it('is verified by its name, or by its folder and the public key', async () => {
    const byName = await cordon(['evidence', 'verify', caseId, '--state', state], { cwd });
    expect(byName, byName.stderr).toMatchObject({ exitCode: 0 });
    expect(byName.stdout).toMatch(
      /✓ case-\S+: \d+ files, none changed, removed or added\n {2}part 1 signed /,
    );

    const handed = join(folder(), 'handed-over');
    cpSync(join(state, 'cases', caseId), handed, { recursive: true });
    expect(await cordon(['evidence', 'verify', handed], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('with --key'),
    });
    const key = ['--key', join(state, 'keys/ledger-ed25519.pub')];
    expect((await cordon(['evidence', 'verify', handed, ...key], { cwd })).exitCode).toBe(0);

    writeFileSync(join(handed, 'records.jsonl'), '{}\n');
    writeFileSync(join(handed, 'evil\u001b[31m.txt'), '');
    const tampered = await cordon(['evidence', 'verify', handed, ...key], { cwd });
    expect(tampered.exitCode).toBe(1);
    expect(tampered.stdout).toContain('records.jsonl was changed\nevil\\u{1b}[31m.txt was added\n✗ ');
    const json = await cordon(['evidence', 'verify', handed, '--json', ...key], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ whole: false, faults: [{ file: 'records.jsonl' }, {}] });
  });

  it.each([
    [['evidence', 'verify', 'case-none'], /no such folder, and no case folder of that name/],
    [['evidence', 'verify', '../cases'], /no such folder, and no case folder of that name/],
    [['evidence', 'verify', '.', '--key', 'none.pub'], /none\.pub: cannot be read: ENOENT/],
  ])('is not found where there is none: %j', async (args, message) => {
    const { exitCode, stderr } = await cordon([...args, '--state', state], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
  });

  it('is told as a page, and as JSON', async () => {
    const page = await cordon(['report', caseId.slice(0, 12), '--state', state, '--out', 'r.html'], { cwd });
    expect(page, page.stderr).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(cwd, 'r.html'), 'utf8')).toContain(`<title>Cordon case ${caseId}</title>`);
    const { stdout } = await cordon(['report', caseId, '--state', state, '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ incident: { id: caseId }, evidence: { whole: true } });
    expect(existsSync(join(cwd, `${caseId}.html`))).toBe(false);
  });

  it('is in a backup, and verified there', async () => {
    const { exitCode, stdout } = await cordon(['backup', 'copy.db', '--state', state, '--json'], { cwd });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ incidents: 1, whole: true });
    expect(readdirSync(cwd)).toContain('copy.db');
    expect((await cordon(['backup', 'copy.db', '--state', state], { cwd })).exitCode).toBe(2);
  });
});
