import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, cordon } from '../../test/command.ts';
import { type ListServer, listServer, status, versioned } from '../../test/list-server.ts';
import { flowRecord } from '../../test/scene.ts';

let server: ListServer;
let cwd: string;
beforeAll(async () => {
  server = await listServer();
  cwd = mkdtempSync(join(tmpdir(), 'cordon-intel-'));
  configure();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

function configure(lists = ''): void {
  writeFileSync(
    join(cwd, 'cordon.yaml'),
    `lists:
  feodo: { url: "${server.url}/feodo.csv?key=1", confidence: 90 }
  trusted: { values: [203.0.113.0/24], kind: exclude }
  bad_ips: { lists: [feodo] }
${lists}`,
  );
}
const intel = (...args: string[]): Promise<CommandResult> => cordon(['intel', ...args], { cwd });
const FEODO = `"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"
"2026-01-02 03:04:05","192.0.2.7","443","online","2026-03-12","QakBot"
"2026-01-02 03:04:05","203.0.113.7","443","online","2026-03-12","QakBot"
`;

describe('cordon intel', { timeout: 60_000 }, () => {
  it('says what is not there yet, and replay does not run without it', async () => {
    const listed = await intel('list');
    expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(listed.stdout).toContain('feodo  block  nothing yet: cordon intel update');
    expect(listed.stdout).not.toContain('key=1');
    const checked = await intel('check', '192.0.2.7');
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toContain('not asked, because nothing of it is here yet: feodo');
    const replay = await cordon(['replay', '.'], { cwd });
    expect(replay.exitCode).toBe(2);
    expect(replay.stderr).toContain('cordon.yaml:2:3: nothing of list feodo is here yet');
    expect(replay.stderr).toContain('fix: cordon intel update');
  });

  it('update fetches, and says with 3 what could not be fetched', async () => {
    server.at('/feodo.csv', status(500));
    const failed = await intel('update');
    expect(failed.exitCode).toBe(3);
    expect(failed.stdout).toBe(
      `feodo could not be fetched: ${server.url}/feodo.csv?… answers 500; there is none yet\n`,
    );
    server.at('/feodo.csv', versioned(FEODO, '"one"'));
    expect(await intel('update')).toMatchObject({ exitCode: 0, stdout: 'feodo is new: 2 entries\n' });
    expect(await intel('update', 'feodo')).toMatchObject({
      exitCode: 0,
      stdout: 'feodo is as it was: 2 entries\n',
    });
  });

  it('update says with 1 what was refused, and keeps what was there', async () => {
    server.at('/feodo.csv', versioned('10.0.0.1\n', '"two"'));
    expect(await intel('update')).toMatchObject({
      exitCode: 1,
      stdout:
        'feodo was refused: it contains 10.0.0.1, a private or reserved network; the last good one stays (2 entries)\n',
    });
    expect((await intel('list', '--json')).stdout).toContain('"entries":2');
  });

  it('update --accept takes what was refused, when a person has looked at it', async () => {
    expect(await intel('update', '--accept')).toMatchObject({ exitCode: 2 });
    const state = mkdtempSync(join(tmpdir(), 'cordon-intel-'));
    expect(await intel('update', 'feodo', '--accept', '--state', state)).toMatchObject({
      exitCode: 0,
      stdout: 'feodo is new: 1 entry\n',
    });
    rmSync(state, { recursive: true, force: true });
  });

  it('check explains: list, entry, confidence, since when', async () => {
    const { exitCode, stdout } = await intel('check', '192.0.2.7');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('192.0.2.7 is listed\n');
    expect(stdout).toContain(
      'on feodo by its entry 192.0.2.7: QakBot, online, confidence 90, first seen 2026-01-02 03:04:05Z, last seen 2026-03-12 00:00:00Z',
    );
    expect(stdout).toMatch(/feodo\.csv\?…, from 20/);
  });

  it('check says what excludes, and exits with 1', async () => {
    const { exitCode, stdout } = await intel('check', '203.0.113.7');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('203.0.113.7 is listed, and excluded: no rule matches it\n');
    expect(stdout).toContain('excluded by trusted by its entry 203.0.113.0/24');
    const json = await intel('check', '203.0.113.7', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      listed: false,
      hits: [{ list: 'feodo' }],
      excludedBy: [{ list: 'trusted' }],
    });
  });

  it('the rules in the box match what is on the list, and not what is excluded', async () => {
    const from: [string, number] = ['10.0.0.5', 45_000];
    const records = ['192.0.2.7', '203.0.113.7'].map((address, at) =>
      flowRecord({ eni: `eni-${at}`, from, to: [address, 443], action: 'ACCEPT' }),
    );
    writeFileSync(join(cwd, 'flow.log'), `${records.join('\n')}\n`);
    const { stdout } = await cordon(['replay', 'flow.log', '--json'], { cwd });
    const { cases } = JSON.parse(stdout) as { cases: { subject: { id: string } }[] };
    expect(cases.map(({ subject }) => subject.id)).toEqual(['eni-0']);
  });

  it.each([
    [['check', 'no address'], 'no address is no address, domain or URL'],
    [['check'], "missing required argument 'value'"],
    [['update', 'trusted'], 'no list trusted is fetched from anywhere; there is feodo'],
  ])('%j is a bad argument', async (args, message) => {
    const { exitCode, stderr } = await intel(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('watch fetches what is missing before it begins, and tells', async () => {
    server.at('/feodo.csv', versioned(FEODO, '"one"'));
    const state = mkdtempSync(join(tmpdir(), 'cordon-intel-'));
    configure('sources: [{ files: none }]\n');
    const { stderr } = await cordon(['watch', '--once', '--state', state], { cwd });
    configure();
    rmSync(state, { recursive: true, force: true });
    expect(stderr).toContain('feodo is new: 2 entries');
  });
});
