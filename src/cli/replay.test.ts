import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { flowRecord } from '../../test/scene.ts';

const root = mkdtempSync(join(tmpdir(), 'cordon-replay-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const DAY = 86_400;
const refused = (eni: string, at: number, port = 4444): string =>
  flowRecord({ eni, from: ['10.0.0.5', 40_000], to: ['192.0.2.1', port], at });
const LINES = ['eni-1', 'eni-2', 'eni-3', 'eni-4'].map((eni, at) => refused(eni, at));

const RULE = `title: Port 4444
id: port-4444
level: high
logsource: { product: aws, service: vpc_flow }
detection:
  selection: { destination.port: 4444 }
  condition: selection
`;

function folder(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(root, 'f-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

describe('cordon replay', () => {
  it('says in a few lines what would have run, what was stopped, and what was silent', async () => {
    const cwd = folder({ 'flow.log': `${[...LINES, refused('eni-1', DAY)].join('\n')}\n` });
    const { exitCode, stdout } = await cordon(['replay', 'flow.log'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^5 records in 1 file \(vpc-flow\)/);
    expect(stdout).toContain('1 of 148 rules found something: 5 matches in 5 cases on 4 subjects');
    expect(stdout).toContain('  3 would run\n');
    expect(stdout).toContain('3 of 3 responses of the last hour are used');
    expect(stdout).toContain('  1 after one that ran on the same subject\n');
    expect(stdout).toContain('as bound now: 5 would be observed');
    expect(stdout).toMatch(/high +rejected-outbound-traffic +5 +2\.5 +5 +4/);
    expect(stdout).toContain('Rules that never fired');
    expect(stdout).not.toContain(LINES[0]);
  });

  it('takes times of events: the day of a date is in it', async () => {
    const cwd = folder({ 'flow.log': `${[0, DAY, 2 * DAY].map((at) => refused('eni-1', at)).join('\n')}\n` });
    const range = ['--from', '2026-11-25', '--to', '2026-11-25'];
    const { stdout } = await cordon(['replay', 'flow.log', '--json', ...range], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ events: 1, outside: 2 });
    const wrong = await cordon(['replay', 'flow.log', '--from', 'yesterday'], { cwd });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('It looks like 2026-11-01')]);
  });

  it('writes the same page each time, with nothing of a log as markup', async () => {
    const hostile =
      '{"eventTime":"2026-11-24T09:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","userIdentity":{"arn":"<script>alert(1)</script>"},"recipientAccountId":"\\"><img src=x>"}';
    const cwd = folder({ 'flow.log': `${LINES.join('\n')}\n<svg onload=x>\n`, 'trail.json': `${hostile}\n` });
    const args = ['replay', 'flow.log', 'trail.json', '--html'];
    await cordon([...args, 'one.html'], { cwd });
    await cordon([...args, 'two.html', '--threads', '2'], { cwd });
    const page = readFileSync(join(cwd, 'one.html'), 'utf8');
    expect(readFileSync(join(cwd, 'two.html'), 'utf8')).toBe(page);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<img|<svg onload/);
    expect(page).toContain('Rejected Outbound Traffic');
  });
});

describe('cordon replay --compare', () => {
  const files = {
    'flow.log': `${[...LINES, refused('eni-9', 9, 25)].join('\n')}\n`,
    'old/rule.yml': RULE,
    'new/rule.yml': RULE.replace('4444 }', '[4444, 25] }'),
    'same.yml': `# The same, in other words.\n${RULE.replace('{ destination.port: 4444 }', '{ destination.port: [4444] }')}`,
  };

  it('tells what the new rules add, and gates on it', async () => {
    const cwd = folder(files);
    const compare = (...more: string[]) =>
      cordon(['replay', 'flow.log', '--compare', 'old', 'new', ...more], { cwd });
    const { exitCode, stdout } = await compare();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('~ high          port-4444  detection');
    expect(stdout).toContain('Found only now  1\n  + port-4444 on eni-9  1 match');
    const codes = [
      ['--fail-on-change', 1],
      ['--fail-on=high', 1],
      ['--fail-on=critical', 0],
      ['--max-added=1', 0],
      ['--max-added=0', 1],
      ['--max-removed=0', 0],
      ['--max-new-responses=0', 0],
    ] as const;
    for (const [option, expected] of codes)
      expect([option, (await compare(option)).exitCode]).toEqual([option, expected]);
  });

  it('has nothing to say of rules that say the same; what follows the two sets are files', async () => {
    const cwd = folder(files);
    const args = ['replay', '--fail-on-change', '--compare', 'old', 'same.yml', 'flow.log'];
    const { exitCode, stdout } = await cordon(args, { cwd });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('No difference: the same is found')]);
  });

  it('knows the box, tells responses that would newly run, as JSON and as a page', async () => {
    const cwd = folder(files);
    const args = ['replay', 'flow.log', '--json', '--html', 'page.html', '--max-new-responses', '0'];
    const { exitCode, stdout } = await cordon([...args, '--compare', 'old', 'box'], { cwd });
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout) as { responses: { added: { subject: { id: string } }[] } };
    expect(report).toMatchObject({ before: { rules: 1 }, after: { stopped: 2 } });
    expect(report.responses.added.map(({ subject }) => subject.id)).toEqual(['eni-1', 'eni-2', 'eni-3']);
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('Responses that would newly run');
  });

  it.each([
    [['--compare', 'old'], '--compare needs two sets of rules'],
    [['--compare', 'old', 'nowhere'], 'there is no such file or folder'],
    [['--compare', 'old', 'new', '-'], 'standard input cannot be read twice'],
  ])('%j is refused with 2', async (args, message) => {
    const { exitCode, stderr } = await cordon(['replay', 'flow.log', ...args], { cwd: folder(files) });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('pipelines of the configuration', () => {
  const own = (more = '') => `name: ours
transformations:
  - type: change_logsource
    product: aws
    service: vpcflow
    rule_conditions: [{ type: logsource, product: ours }]
  - type: field_name_mapping
    mapping: { to_port: dst_port }
${more}`;
  const files = {
    'flow.log': `${LINES.join('\n')}\n`,
    'rules/rule.yml': RULE.replace('{ product: aws, service: vpc_flow }', '{ product: ours }').replace(
      'destination.port',
      'to_port',
    ),
    'cordon.yaml': 'builtinRules: false\nrules: [rules]\nbindings: []\npipelines: [pipeline.yml]\n',
  };

  it('make rules of another taxonomy into rules for the logs', async () => {
    const cwd = folder({ ...files, 'pipeline.yml': own() });
    const { stdout } = await cordon(['replay', 'flow.log', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ rules: [{ rule: { id: 'port-4444' }, matches: 4 }] });
    const listed = await cordon(['rules', 'check', 'rules'], { cwd });
    expect([listed.exitCode, listed.stdout]).toEqual([0, expect.stringContaining('nothing wrong')]);
  });

  it('that are wrong end with 2, place and frame; a rule that one refuses as well', async () => {
    const wrong = folder({
      ...files,
      'pipeline.yml': own().replace('field_name_mapping', 'field_name_maping'),
    });
    const one = await cordon(['replay', 'flow.log'], { cwd: wrong });
    expect([one.exitCode, one.stderr]).toEqual([2, expect.stringMatching(/pipeline\.yml:7:11: /)]);
    const refusing = folder({
      ...files,
      'pipeline.yml': own('  - { type: rule_failure, message: not for us }\n'),
    });
    const other = await cordon(['replay', 'flow.log'], { cwd: refusing });
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringMatching(/rule\.yml:4:1: not for us/)]);
    const gone = await cordon(['replay', 'flow.log'], { cwd: folder(files) });
    expect([gone.exitCode, gone.stderr]).toEqual([2, expect.stringContaining('no such file or folder')]);
  });
});
