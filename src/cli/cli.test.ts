import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'cordon-cli-'));
const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const REJECTED = flowRecord({ eni: 'eni-1', from: ['10.0.0.5', 45_000], to: ['192.0.2.99', 4444] });

/** A state folder with one closed case. */
async function withCase(scene: Stage): Promise<string[]> {
  const { interfaceId: eni, address } = scene.honeypot;
  scene.log('a.log', [flowRecord({ eni, from: [address, 45_000], to: ['192.0.2.99', 4444] })]);
  await scene.watchOnce();
  return ['--state', join(scene.folder, 'state')];
}

describe('cordon', () => {
  it('without a command prints help and exits with 2', async () => {
    const { exitCode, stderr } = await cordon([], { cwd: emptyFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Begin here:');
  });

  it.each([['frobnicate'], ['replay'], ['drill', 'nonsense'], ['watch', '--nonsense']])(
    'refuses %s %s with 2',
    async (...args) => {
      const { exitCode, stdout } = await cordon(args, { cwd: emptyFolder() });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    },
  );

  it('documents the exit codes', async () => {
    const { exitCode, stdout } = await cordon(['--help'], { cwd: emptyFolder() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Exit codes:');
  });
});

describe('cordon replay', () => {
  it('finds, explains and does nothing', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'flow.log.gz'), gzipSync(`${REJECTED}\n`));
    const { exitCode, stdout } = await cordon(['replay', 'flow.log.gz', '--details'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Rejected Outbound Traffic (high), 1 time');
    expect(stdout).toContain(REJECTED);
    expect(stdout).toContain('terminate the instance of eni-1');
  });

  it.each([
    ['high', 1],
    ['critical', 0],
  ])('--fail-on %s exits with %i when the highest finding is high', async (level, expected) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'flow.log'), `${REJECTED}\n`);
    const { exitCode } = await cordon(['replay', 'flow.log', '--fail-on', level], { cwd });
    expect(exitCode).toBe(expected);
  });

  it('keeps bad records aside with their place and goes on', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'flow.log'), `${REJECTED.slice(0, 40)}\n\u0000\u001b[2Jgarbage\n${REJECTED}\n`);
    const { stdout } = await cordon(['replay', 'flow.log', '--json'], { cwd });
    expect(jsonLines(stdout)).toMatchObject([
      { events: 1, badRecords: 2, badExamples: [{ origin: { line: 1 } }, { origin: { line: 2 } }] },
    ]);
  });

  it('writes nothing of a log to the terminal that is not visible', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'flow.log'), '\u001b]0;owned\u0007\u202ereversed\n');
    const { stdout } = await cordon(['replay', 'flow.log'], { cwd });
    expect(stdout).toContain('\\u{1b}]0;owned\\u{7}\\u{202e}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be absent
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('a truncated gzip gives what is whole, and says where it ends', async () => {
    const cwd = emptyFolder();
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      flowRecord({ eni: 'eni-1', from: ['10.0.0.5', 30_000 + (at % 30_000)], to: ['192.0.2.9', 4444], at }),
    );
    writeFileSync(join(cwd, 'cut.log.gz'), gzipSync(`${lines.join('\n')}\n`).subarray(0, -30_000));
    const { stdout } = await cordon(['replay', 'cut.log.gz', '--json'], { cwd });
    const [result] = jsonLines(stdout) as [{ events: number; badRecords: number; badExamples: unknown[] }];
    expect(result.events).toBeGreaterThan(1_000);
    expect(result).toMatchObject({ badRecords: 1, badExamples: [{ reason: 'gzip ends in the middle' }] });
  });

  it('says which file is missing, with 2', async () => {
    const { exitCode, stderr } = await cordon(['replay', 'nope.log'], { cwd: emptyFolder() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'cordon: nope.log: no such file\n' });
  });
});

describe('a file that a person got wrong ends with 2, place and frame', () => {
  const RULE = `title: Broken
id: broken
logsource:
  product: aws
  service: vpcflow
detection:
  selection:
    action|startwith: REJ
  condition: selection
level: high
`;
  it('a rule', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'broken.yml'), RULE);
    writeFileSync(join(cwd, 'cordon.yaml'), 'rules: [broken.yml]\n');
    const { exitCode, stderr } = await cordon(['replay', 'cordon.yaml'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/broken\.yml:8:5: .*startwith/);
    expect(stderr).toContain('> 8 |     action|startwith: REJ');
    expect(stderr).toContain('fix: startswith');
  });

  it.each([
    ['an unknown key', 'bindigs: []\n', /cordon\.yaml:1:1: /],
    [
      'an unknown rule',
      'bindings:\n  - rule: rejected-outbound-trafic\n',
      /cordon\.yaml:2:11: there is no rule/,
    ],
    [
      'a mode without a playbook',
      'bindings:\n  - rule: known-bad-address\n    mode: enforce\n',
      /cordon\.yaml:3:11: /,
    ],
    ['a wrong type', 'window: soon\n', /cordon\.yaml:1:9: /],
    ['broken YAML', 'bindings: [\n', /cordon\.yaml:\d+:\d+: /],
    ['a list that is not there', 'lists:\n  bad_ips: { file: nope.txt }\n', /nope\.txt:1:1: /],
  ])('a configuration with %s', async (_, text, place) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'cordon.yaml'), text);
    const { exitCode, stderr } = await cordon(['watch', '--once'], { cwd });
    expect(stderr).toMatch(place);
    expect(exitCode).toBe(2);
  });

  it('is told as JSON to a machine', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'cordon.yaml'), 'window: soon\n');
    const { exitCode, stdout } = await cordon(['watch', '--json'], { cwd });
    expect(exitCode).toBe(2);
    expect(jsonLines(stdout)).toMatchObject([{ problems: [{ line: 1, column: 9 }] }]);
  });
});

describe('a case', () => {
  it('is listed and explained: log lines, rule and branch, guardrails, request ids, evidence', async () => {
    await using scene = await stage();
    const state = await withCase(scene);
    const [incident] = await scene.incidents();
    const listed = await cordon(['incidents', ...state], { cwd: scene.folder });
    expect(listed.stdout).toContain(`${incident?.id}  closed`);
    const { stdout } = await cordon(['explain', 'case-', ...state], { cwd: scene.folder });
    const request = scene.range.calls.find(({ operation }) => operation === 'TerminateInstances')?.requestId;
    expect(stdout).toContain(
      flowRecord({
        eni: scene.honeypot.interfaceId,
        from: [scene.honeypot.address, 45_000],
        to: ['192.0.2.99', 4444],
      }),
    );
    expect(stdout).toContain('selection: action = REJECT, direction = egress, initiator = self');
    expect(stdout).toContain('yes responses-per-hour: 0 of 3');
    expect(stdout).toContain(`ec2:TerminateInstances 200  request ${request}`);
    expect(stdout).toContain('every file is as it was sealed');
  });

  it('that is not there is a no', async () => {
    await using scene = await stage();
    const state = await withCase(scene);
    expect((await cordon(['explain', 'case-1999', ...state], { cwd: scene.folder })).exitCode).toBe(1);
    expect(
      (await cordon(['approve', 'case-1999', '--reason', 'x', ...state], { cwd: scene.folder })).exitCode,
    ).toBe(1);
  });

  it('needs a state folder', async () => {
    const { exitCode, stderr } = await cordon(['incidents'], { cwd: emptyFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run "cordon watch"');
  });
});

describe('cordon ledger verify', () => {
  const tampering: [string, string, RegExp][] = [
    ['a changed entry', `UPDATE ledger SET body = '{}' WHERE seq = 3`, /entry 3 changed/],
    ['a changed time', 'UPDATE ledger SET at = at + 1 WHERE seq = 4', /entry 4 changed/],
    ['a removed entry', 'DELETE FROM ledger WHERE seq = 5', /entry 5 removed/],
    [
      'a removed end',
      'DELETE FROM ledger WHERE seq > 10',
      /entry 11 removed, up to entry \d+: the end was cut off/,
    ],
    [
      'two entries in each other’s place',
      'UPDATE ledger SET seq = -1 WHERE seq = 6; UPDATE ledger SET seq = 6 WHERE seq = 7; UPDATE ledger SET seq = 7 WHERE seq = -1',
      /entry 6/,
    ],
    [
      'entries that were renumbered and rehashed',
      `UPDATE ledger SET hash = '${'0'.repeat(64)}' WHERE seq = 8`,
      /entry 8 changed/,
    ],
  ];
  it.each(tampering)('finds %s', async (_, sql, fault) => {
    await using scene = await stage();
    const state = await withCase(scene);
    expect((await cordon(['ledger', 'verify', ...state], { cwd: scene.folder })).exitCode).toBe(0);
    const database = new DatabaseSync(join(scene.folder, 'state', 'cordon.db'));
    database.exec(sql);
    database.close();
    const { exitCode, stdout } = await cordon(['ledger', 'verify', ...state], { cwd: scene.folder });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(fault);
  });

  it('compares with a head that was noted elsewhere', async () => {
    await using scene = await stage();
    const state = await withCase(scene);
    const { hash } = JSON.parse(
      readFileSync(join(scene.folder, 'state', 'ledger-checkpoint.json'), 'utf8'),
    ) as { hash: string };
    const run = (head: string) =>
      cordon(['ledger', 'verify', '--head', head, ...state], { cwd: scene.folder });
    expect((await run(hash)).exitCode).toBe(0);
    expect((await run('f'.repeat(64))).exitCode).toBe(1);
  });
});

describe('cordon drill honeypot', () => {
  it('ends with the case sealed, the instance terminated and every check passed', async () => {
    const cwd = emptyFolder();
    const { exitCode, stdout } = await cordon(['drill', 'honeypot', '--json'], { cwd });
    expect(exitCode).toBe(0);
    const events = jsonLines(stdout) as { kind: string }[];
    expect(events.at(-1)).toMatchObject({ kind: 'report', passed: true, timeToContain: expect.any(Number) });
    const { state } = events.at(-1) as unknown as { state: string };
    expect((await cordon(['ledger', 'verify', '--state', state], { cwd })).exitCode).toBe(0);
  });
});

describe('cordon logs', () => {
  const rejects = Array.from({ length: 30 }, (_, at) =>
    flowRecord({
      eni: 'eni-1',
      from: ['10.0.0.5', 45_000],
      to: ['192.0.2.99', at < 20 ? 4444 : 25],
      at: at * 60,
    }),
  );
  const accepted = flowRecord({
    eni: 'eni-1',
    from: ['10.0.0.6', 45_000],
    to: ['192.0.2.1', 443],
    action: 'ACCEPT',
  });
  const trail = {
    eventTime: '2024-05-01T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'DeleteBucket',
    sourceIPAddress: '192.0.2.7',
    errorCode: 'AccessDenied',
    userIdentity: { arn: 'arn:aws:iam::1:user/\u001b[31mada' },
  };
  const write = (): string => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'flow.log'), `${[...rejects, accepted].join('\n')}\n`);
    writeFileSync(join(cwd, 'trail.json.gz'), gzipSync(JSON.stringify({ Records: [trail] })));
    return cwd;
  };

  it('prints the events of any format as JSON lines with the common fields', async () => {
    const { stdout } = await cordon(['logs', 'flow.log', 'trail.json.gz', '--json'], { cwd: write() });
    const events = jsonLines(stdout);
    expect(events).toHaveLength(32);
    expect(events.at(-1)).toMatchObject({
      format: 'cloudtrail',
      time: '2024-05-01T10:00:00.000Z',
      action: 'DeleteBucket',
      'src_endpoint.ip': '192.0.2.7',
      origin: { source: 'trail.json.gz', line: 1 },
    });
  });

  it('filters with Sigma selections that all must hold, by common and own names', async () => {
    const count = async (...where: string[]): Promise<number> => {
      const { stdout } = await cordon(['logs', '.', '--json', '--where', ...where], { cwd: write() });
      return stdout === '' ? 0 : jsonLines(stdout).length;
    };
    expect(await count('action: REJECT')).toBe(30);
    expect(await count('dst_endpoint.port|lt: 1024', 'action: REJECT')).toBe(10);
    expect(await count('eventName|startswith: Delete')).toBe(1);
    expect(await count('dst_ip|expand: "%bad_ips%"')).toBe(0);
  });

  it('prints chosen fields as a table, with nothing in it that is not visible', async () => {
    const { stdout } = await cordon(['logs', 'trail.json.gz', '-f', 'time,actor.user.uid,eventName'], {
      cwd: write(),
    });
    expect(stdout.split('\n')[1]).toMatch(
      /^2024-05-01T10:00:00.000Z +arn:aws:iam::1:user\/\\u\{1b\}\[31mada +DeleteBucket$/,
    );
  });

  it('counts', async () => {
    const { stdout } = await cordon(['logs', '.', '--stats', '--json'], { cwd: write() });
    expect(jsonLines(stdout)).toMatchObject([
      {
        events: 32,
        refused: 31,
        formats: [
          { value: 'vpc-flow', count: 31 },
          { value: 'cloudtrail', count: 1 },
        ],
        sources: [{ value: '10.0.0.5', count: 30 }, {}, {}],
        ports: [{ value: '4444', count: 20 }, { value: '25', count: 10 }, {}],
      },
    ]);
    const shown = await cordon(['logs', 'flow.log', '--stats'], { cwd: write() });
    expect(shown.stdout).toContain('31 events, 30 refused');
    expect(shown.stdout).toMatch(/refused {2}[▁▂▃▄▅▆▇█ ]+ {2}up to/);
  });

  it('says what is wrong with a selection, with 2', async () => {
    const { exitCode, stderr } = await cordon(['logs', '.', '-w', 'dst_port|less: 25'], { cwd: write() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown modifier less');
  });
});
