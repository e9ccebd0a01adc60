import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../../test/command.ts';

const RULE = `title: Trail Stopped
id: trail-stopped
level: high
tags: [attack.defense-evasion, attack.t1562.008]
logsource: { product: aws, service: cloudtrail }
detection:
  call:
    eventName: StopLogging
  failed:
    errorCode|exists: true
  condition: call and not failed
`;
const event = (name: string, more = {}): string =>
  JSON.stringify({
    eventTime: '2026-11-24T09:00:00Z',
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: name,
    ...more,
  });
const CASES = `match:
  - name: stopped
    event: ${event('StopLogging')}
no_match:
  - name: it was denied
    event: ${event('StopLogging', { errorCode: 'AccessDenied' })}
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-rules-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('cordon rules test', () => {
  it('runs the cases beside the rules, says what has none, and what is covered', async () => {
    const other = RULE.replace('trail-stopped', 'another').replace('Trail', 'Another');
    const cwd = folderWith({ 'r.yml': RULE, 'r.events.yml': CASES, 'other.yml': other });
    const { exitCode, stdout } = await cordon(['rules', 'test', '.'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ 2 cases of 1 rule: 2 right, 0 wrong');
    expect(stdout).toContain('1 rule without a case\n    another');
    expect(stdout).toMatch(/defense-evasion +2/);
    expect(stdout).toContain('T1562.008 2');
  });

  it('shows the branch that decided wrongly, writes JUnit, and exits with 1', async () => {
    const wrong = CASES.replace('"errorCode":"AccessDenied"', '"errorMessage":"\\u001b[31mred"');
    const cwd = folderWith({ 'r.yml': RULE, 'r.events.yml': wrong });
    const { exitCode, stdout } = await cordon(['rules', 'test', 'r.events.yml', '--junit', 'out.xml'], {
      cwd,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ it was denied (should not match)');
    expect(stdout).toContain('r.events.yml:5: trail-stopped matched 1 of 1 events, and should match none');
    expect(stdout).toContain('✓ eventName: StopLogging; the event has StopLogging');
    expect(readFileSync(join(cwd, 'out.xml'), 'utf8')).toContain('tests="2" failures="1"');
  });

  it('tells a case that is wrong with its place, and exits with 2', async () => {
    const cwd = folderWith({ 'r.yml': RULE, 'r.events.yml': CASES.replace('no_match', 'nomatch') });
    const { exitCode, stderr } = await cordon(['rules', 'test', 'r.yml'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/r\.events\.yml:4:1: unknown key nomatch/);
    expect(stderr).toContain('fix: no_match');
  });
});

describe('cordon rules check', () => {
  it('shows each fault where it stands, and exits with 1', async () => {
    const cwd = folderWith({
      'good.yml': RULE,
      'bad.yml': RULE.replace('|exists', '|exist').replace('trail-stopped', 'bad'),
    });
    const { exitCode, stdout, stderr } = await cordon(['rules', 'check', '.'], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/bad\.yml:10:5: unknown modifier exist\n/);
    expect(stderr).toContain('fix: exists');
    expect(stdout).toContain('✗ 1 fault; 1 rule in 2 files can be used');
  });

  it('is content with right ones, as JSON too; cases are no rules', async () => {
    const cwd = folderWith({ 'r.yml': RULE, 'r.events.yml': CASES });
    const { exitCode, stdout } = await cordon(['rules', 'check', '.', '--json'], { cwd });
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { files: 1, rules: 1, problems: [] }]);
  });

  it('says which folder is missing, with 2', async () => {
    const { exitCode, stderr } = await cordon(['rules', 'check', 'nowhere'], { cwd: folderWith({}) });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no such file or folder')]);
  });
});

describe('cordon rules list', () => {
  it('lists the rules in the box and those of the configuration, filtered', async () => {
    const cwd = folderWith({ 'r.yml': RULE, 'cordon.yaml': 'rules: [r.yml]\n' });
    const filters = ['--level', 'high', '--service', 'cloudtrail', '--technique', 't1562'];
    const { stdout } = await cordon(['rules', 'list', '--json', ...filters], { cwd });
    const rules = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; level: string; techniques: string[] });
    expect(rules.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['trail-stopped', 'cloudtrail-stopped']),
    );
    expect(rules.every(({ techniques }) => techniques.some((one) => one.startsWith('T1562')))).toBe(true);
    expect(rules.every(({ level }) => level === 'high' || level === 'critical')).toBe(true);
  });
});

describe('cordon rules explain', () => {
  it('says of every part of a rule what it looked for and what the event has', async () => {
    const cwd = folderWith({
      'r.yml': RULE,
      'event.json': event('StopLogging', { errorCode: 'AccessDenied\u001b[31m' }),
    });
    const { exitCode, stdout } = await cordon(['rules', 'explain', 'r.yml', 'event.json'], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ Trail Stopped (trail-stopped): 0 matches on 1 event');
    expect(stdout).toContain('✓ eventName: StopLogging; the event has StopLogging');
    expect(stdout).toContain('✗ not');
    expect(stdout).toContain('✓ errorCode|exists: exists: true; the event has AccessDenied\\u{1b}[31m');
  });

  it('knows the rules in the box by their ids', { timeout: 60_000 }, async () => {
    const cwd = folderWith({ 'event.json': event('StopLogging') });
    const right = await cordon(['rules', 'explain', 'cloudtrail-stopped', 'event.json'], { cwd });
    expect([right.exitCode, right.stdout]).toEqual([0, expect.stringContaining('1 match on 1 event')]);
    const wrong = await cordon(['rules', 'explain', 'cloudtrail-stoped', 'event.json'], { cwd });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('there is no rule cloudtrail-stoped; did you mean cloudtrail-stopped?');
  });
});
