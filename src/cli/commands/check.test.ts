import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../../test/command.ts';
import { folderWith } from '../../../test/gate.ts';

const VOLUME = 'Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: 1 # GB\n';
const FINE = `${VOLUME}      Encrypted: true\n`;
const POLICY = `# title: Volumes are encrypted
# id: own-encrypted
# severity: medium
# fix: Set Encrypted: true.
# resources: AWS::EC2::Volume
rule own_encrypted { Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Encrypted == true << Not encrypted >> }
`;
const OWN = ['--no-default-policies', '--policies', 'own.guard'];

const run = (files: Record<string, string>, ...args: string[]) => {
  const cwd = folderWith({ 'own.guard': POLICY, ...files });
  return cordon(['check', ...args], { cwd, env: { XDG_CACHE_HOME: join(cwd, '.cache') } }).then((result) => ({
    ...result,
    cwd,
  }));
};

describe('cordon check', () => {
  it('exits with 0 when all is well', async () => {
    const { exitCode, stdout } = await run({ 't.yaml': FINE }, 't.yaml', ...OWN);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'No findings\n1 resource in 1 template, 1 policy\n',
    });
  });

  it('exits with 1 and shows the line when it is not', async () => {
    const { exitCode, stdout } = await run({ 't.yaml': VOLUME }, 't.yaml', ...OWN);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '    4 |     Properties:\n      |     ^^^^^^^^^^\n    medium   Not encrypted\n             own-encrypted\n',
    );
  });

  it('exits with 2 when something cannot be judged, and judges the rest', async () => {
    const { exitCode, stdout } = await run({ 't.yaml': VOLUME, 'u.yaml': `${VOLUME}\tx: 1` }, '.', ...OWN);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('u.yaml:6:1: Tabs are not allowed');
    expect(stdout).toContain('Not encrypted');
  });

  it.each([
    ['medium', 1],
    ['high', 0],
  ])('--fail-on %s exits with %i for a medium finding', async (severity, expected) => {
    expect((await run({ 't.yaml': VOLUME }, 't.yaml', ...OWN, '--fail-on', severity)).exitCode).toBe(
      expected,
    );
  });

  it('--strict fails on what cannot be decided', async () => {
    const template = `Parameters: {P: {Type: String}}\n${VOLUME}      Encrypted: !Ref P\n`;
    expect((await run({ 't.yaml': template }, 't.yaml', ...OWN)).exitCode).toBe(0);
    expect((await run({ 't.yaml': template }, 't.yaml', ...OWN, '--strict')).exitCode).toBe(1);
    expect((await run({ 't.yaml': template }, 't.yaml', ...OWN, '--strict', '-p', 'P=true')).exitCode).toBe(
      0,
    );
    expect((await run({ 't.yaml': template }, 't.yaml', ...OWN, '-p', 'P=false')).exitCode).toBe(1);
  });

  it('writes several formats at once', async () => {
    const { stdout, cwd } = await run(
      { 't.yaml': VOLUME },
      't.yaml',
      ...OWN,
      '-o',
      'r.sarif',
      'r.xml',
      'r.json',
      'r.md',
    );
    expect(stdout).toContain('1 finding (1 medium)');
    expect(JSON.parse(readFileSync(join(cwd, 'r.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ failed: true });
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toContain('<failure message="Not encrypted"');
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('## Cordon: failed');
  });

  it('puts right what has one right answer, in the file', async () => {
    const { exitCode, stderr, cwd } = await run({ 't.yaml': VOLUME }, 't.yaml', ...OWN, '--fix');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Put right: 1 finding.\n' });
    expect(readFileSync(join(cwd, 't.yaml'), 'utf8')).toBe(FINE);
  });

  it('fails only on what is new since the baseline', async () => {
    const { cwd, exitCode } = await run(
      { 't.yaml': VOLUME },
      't.yaml',
      ...OWN,
      '--write-baseline',
      '--baseline',
      'b.json',
    );
    expect(exitCode).toBe(0);
    const again = () => cordon(['check', 't.yaml', ...OWN, '--baseline', 'b.json'], { cwd });
    expect((await again()).exitCode).toBe(0);
    writeFileSync(join(cwd, 't.yaml'), `${VOLUME}  New: {Type: AWS::EC2::Volume}\n`);
    expect(await again()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('1 finding (1 medium), 1 in the baseline'),
    });
  });

  it('judges with the policies in the box', async () => {
    const { exitCode, stdout } = await run({ 't.yaml': VOLUME }, 't.yaml');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('ec2-volume-encrypted');
  });

  it.each([
    [['missing.yaml', ...OWN]],
    [['t.yaml', '--policies', 'gone.guard']],
    [['t.yaml', '--diff', 'no-such-revision']],
    [['t.yaml', '--baseline', 'gone.json']],
    [['t.yaml', '--format', 'nonsense']],
  ])('refuses %j with 2', async (args) => {
    expect((await run({ 't.yaml': FINE }, ...args)).exitCode).toBe(2);
  });
});

describe('cordon check --checksFile, as aws-cf-checker', () => {
  const checks = JSON.stringify({ logicalID: { case: 'pascal' }, resourceType: { deny: ['AWS::EC2::*'] } });

  it.each([
    ['Resources: {Bucket: {Type: AWS::S3::Bucket}}', 0],
    [VOLUME, 1],
    ['{"Resources": ', 2],
  ])('%j exits with %i', async (template, expected) => {
    const files = { 'checks.json': checks, 't.json': template };
    expect((await run(files, '--checksFile', 'checks.json', '--templateFile', './t.json')).exitCode).toBe(
      expected,
    );
  });

  it('names the resource and the message', async () => {
    const { stdout } = await run(
      { 'checks.json': checks, 't.yaml': VOLUME },
      '--checksFile=checks.json',
      '--templateFile=t.yaml',
    );
    expect(stdout).toContain('Resource Type AWS::EC2::Volume denied');
  });
});

describe('cordon policies', () => {
  it('lists, explains and tests', async () => {
    const cwd = folderWith({
      'own.guard': POLICY,
      'own.tests.yml':
        '- {name: fine, input: {Resources: {D: {Type: AWS::EC2::Volume, Properties: {Encrypted: true}}}}, expectations: {rules: {own_encrypted: PASS}}}\n- {name: wrong, input: {Resources: {D: {Type: AWS::EC2::Volume}}}, expectations: {rules: {own_encrypted: PASS}}}\n',
    });
    const list = await cordon(['policies', 'list', ...OWN], { cwd });
    expect(list.stdout).toContain('own-encrypted');
    const explain = await cordon(['policies', 'explain', 'own-encrypted', ...OWN], { cwd });
    expect(explain.stdout).toContain('--fix sets  Encrypted = true');
    const unknown = await cordon(['policies', 'explain', 'own-encryptd', ...OWN], { cwd });
    expect(unknown).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('did you mean own-encrypted?'),
    });
    const test = await cordon(['policies', 'test', 'own.guard'], { cwd });
    expect(test).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/failed wrong\n {2}own_encrypted is FAIL, expected PASS/),
    });
  });
});
