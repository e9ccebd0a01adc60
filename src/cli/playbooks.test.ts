// biome-ignore-all lint/suspicious/noTemplateCurlyInString: playbooks write references so
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-playbooks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'mine.yml'),
  `name: mine
title: 'Mine: "a" <b> | end'
inputs:
  strict: {type: boolean, default: true, description: whether to isolate}
steps:
  - action: record-instance
  - parallel:
      network:
        - action: isolate-instance
          if: {inputs.strict: true}
      disks:
        - action: snapshot-volumes
          on_failure:
            steps: [{wait: {for: 10m}}]
        - action: await-snapshots
  - action: seal-evidence
  - approve: {message: 'terminate \${subject.id}?', approvers: 2}
  - action: terminate-instance
    if: {steps.record-instance.vpcId|startswith: vpc-}
`,
);

const playbooks = (...args: string[]) => cordon(['playbooks', ...args], { cwd: folder });

describe('cordon playbooks', () => {
  it('list names those in the box', async () => {
    const { stdout } = await playbooks('list', '--json');
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual(['contain-and-ask', 'contain-and-keep', 'contain-and-terminate', 'keep-evidence']);
  });

  it('check says where a fault is, and ends with 1', async () => {
    expect(await playbooks('check', 'mine.yml')).toMatchObject({
      exitCode: 0,
      stdout: '1 file: 1 playbook, 0 faults\n',
    });
    writeFileSync(join(folder, 'bad.yml'), 'name: bad\ntitle: Bad\nsteps:\n  - action: terminate-instance\n');
    const { exitCode, stderr } = await playbooks('check', 'bad.yml');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'bad.yml:4:13: terminate-instance cannot be undone and no evidence is sealed before it',
    );
  });

  it('show draws the steps as a tree', async () => {
    const { stdout } = await playbooks('show', 'mine.yml');
    expect(stdout).toContain('├─ record-instance');
    expect(stdout).toContain('│  ├─ network');
    expect(stdout).toContain('│  │  └─ isolate-instance');
    expect(stdout).toContain('│     │  └─ on failure, then ask');
    expect(stdout).toMatch(/isolate-instance +Isolate the instance, if inputs.strict: true {2}reversible/);
    expect(stdout).toMatch(/approve-1 +2 persons say yes within 1d: terminate \$\{subject.id\}\?/);
    expect(stdout).toContain('input strict (boolean, default true): whether to isolate');
  });

  it('show --mermaid draws a flowchart in which every text is only a text', async () => {
    const { stdout } = await playbooks('show', 'mine.yml', '--mermaid');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('flowchart TD');
    expect(lines[1]).toBe('  n0(["Mine: #34;a#34; #60;b#62; #124; end"])');
    const shape =
      /^ {2}(n\d+(\(\[|\[\/|\[\\|\{\{|\[|\{|\()"[\p{L}\p{N} .,:/_#;-]*"(\]\)|\/\]|\\\]|\}\}|\]|\}|\))(:::irreversible)?|n\d+ -->(\|"[a-z -]+"\|)? n\d+|classDef irreversible .*)$/u;
    for (const line of lines.slice(1)) expect(line).toMatch(shape);
    const nodes = new Set(lines.flatMap((line) => /^ {2}(n\d+)[[({]/.exec(line)?.[1] ?? []));
    for (const line of lines)
      for (const [name] of line.matchAll(/\bn\d+\b(?= *-->|$)/g)) expect(nodes).toContain(name);
    expect(stdout).toContain('["Terminate the instance"]:::irreversible');
    expect(stdout).toMatch(/n\d+ -->\|"network"\| n\d+/);
  });

  it('dry-run says what each step would do, and which conditions cannot be known', async () => {
    const subject = ['--subject', 'AWS::EC2::Instance/i-0abc'];
    const { stdout } = await playbooks('dry-run', 'mine.yml', ...subject, '--with', 'strict=false');
    expect(stdout).toContain('if inputs.strict: true: does not hold: left out');
    expect(stdout).toContain('if steps.record-instance.vpcId|startswith: vpc-: is known only when it runs');
    expect(stdout).toContain('ask 2 persons, for 1d at most: terminate i-0abc?');
    expect(stdout).toContain('snapshot every EBS volume of i-0abc');
    const json = await playbooks('dry-run', 'mine.yml', ...subject, '--json');
    const steps = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string });
    expect(steps.map(({ step }) => step)).toEqual([
      'record-instance',
      'parallel-1',
      'seal-evidence',
      'approve-1',
      'terminate-instance',
    ]);
  });

  it.each([
    [
      'a subject of another type',
      ['--subject', 'AWS::S3::Bucket/logs'],
      1,
      'mine is for AWS::EC2::Instance, not for AWS::S3::Bucket',
    ],
    [
      'a value of another type',
      ['--subject', 'AWS::EC2::Instance/i-0', '--with', 'strict=perhaps'],
      2,
      'the input strict is of another type; expected: boolean',
    ],
    ['no subject', [], 2, '--subject'],
  ])('dry-run refuses %s', async (_, args, exitCode, message) => {
    const result = await playbooks('dry-run', 'mine.yml', ...args);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
  });

  it('knows the nearest name of a playbook that there is not', async () => {
    expect((await playbooks('show', 'contain-and-kepe')).stderr).toContain('did you mean contain-and-keep?');
  });

  it('schema prints what is in the package', async () => {
    const { stdout } = await playbooks('schema');
    const packed = readFileSync(new URL('../../schemas/playbook.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(packed));
  });
});
