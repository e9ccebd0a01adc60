import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { ALL_ACTIONS } from '../hosts/actions.ts';

const cwd = mkdtempSync(join(tmpdir(), 'cordon-cli-'));
const PAGE = readFileSync(new URL('../../docs/actions.md', import.meta.url), 'utf8');

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[];
}
const sids = (text: string): string[] => (JSON.parse(text) as Policy).Statement.map(({ Sid }) => Sid);

describe('docs/actions.md', () => {
  it.each([
    ['the table', ['list', '--markdown']],
    ['an action', ['show', 'deactivate-access-key']],
    ['a policy', ['iam', '--actions', 'revoke-role-sessions']],
  ])('shows %s as the command prints it', async (_, args) => {
    const { stdout } = await cordon(['actions', ...args], { cwd });
    expect(PAGE).toContain(stdout.trim());
  });
});

describe('cordon actions list', () => {
  it('tells of every action whether it can be undone', async () => {
    const { stdout } = await cordon(['actions', 'list', '--json'], { cwd });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(ALL_ACTIONS.size);
    expect(lines).toContainEqual({
      name: 'terminate-instance',
      group: 'instance',
      title: 'Terminate the instance',
      effect: 'irreversible',
      undo: 'none',
    });
    const { stdout: text } = await cordon(['actions', 'list'], { cwd });
    expect(text).toMatch(/^identity\n {2}record-identity +read +not needed +Record the identity$/m);
  });
});

describe('cordon actions show', () => {
  it('gives the input as JSON Schema', async () => {
    const { stdout } = await cordon(['actions', 'show', 'detach-policy', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'detach-policy',
      needs: ['record-identity'],
      undo: { kind: 'by', permissions: expect.arrayContaining(['iam:AttachRolePolicy']) },
      input: { type: 'object', required: ['policyArn'], additionalProperties: false },
    });
  });

  it('of none says which there are', async () => {
    const { exitCode, stderr } = await cordon(['actions', 'show', 'nuke\u001b[2J'], { cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('terminate-instance')]);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('cordon actions iam', () => {
  it('is for exactly the playbooks that are bound', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-cli-'));
    writeFileSync(
      join(folder, 'keys.yml'),
      'name: keys\ntitle: Deactivate keys\nsteps:\n  - action: record-identity\n  - action: deactivate-access-key\n',
    );
    writeFileSync(
      join(folder, 'cordon.yaml'),
      'playbooks: [keys.yml]\nbindings:\n  - rule: ami-shared\n    playbook: keys\n  - rule: known-bad-address\n    mode: record\n',
    );
    const { stdout, stderr } = await cordon(['actions', 'iam'], { cwd: folder });
    const own = ['RecordIdentity', 'DeactivateAccessKey'];
    const engine = ['KnowNetworkInterfaces', 'AskGuardrails'];
    expect(sids(stdout)).toEqual([...engine, ...own]);
    expect(stderr).toContain('for playbook keys: 2 actions');
    const named = await cordon(['actions', 'iam', '--playbook', 'contain-and-terminate', '--json'], {
      cwd: folder,
    });
    expect(sids(named.stdout)).toContain('TerminateInstance');
    expect(sids(named.stdout)).not.toContain('RecordIdentity');
  });

  it('has what undoing needs besides, unless it is told not to', async () => {
    const args = ['actions', 'iam', '--actions', 'revoke-role-sessions', '--json'];
    const { stdout } = await cordon(args, { cwd });
    const undo = (JSON.parse(stdout) as Policy).Statement.at(-1);
    expect(undo).toMatchObject({ Sid: 'UndoRevokeRoleSessions', Action: ['iam:DeleteRolePolicy'] });
    const { stdout: without } = await cordon([...args, '--without-undo'], { cwd });
    expect(sids(without).at(-1)).toBe('RevokeRoleSessions');
  });

  it('for everything has every action, and says when IAM would not take it', async () => {
    const { stdout, stderr } = await cordon(['actions', 'iam', '--all', '--json'], { cwd });
    expect(stderr).toMatch(/it has [\d,]+ characters, and a managed policy takes 6144: attach it as several/);
    for (const { permissions } of ALL_ACTIONS.values())
      for (const permission of permissions) expect(stdout).toContain(`"${permission}"`);
  });

  it('of a playbook that is not there says which there are', async () => {
    const { exitCode, stderr } = await cordon(['actions', 'iam', '--playbook', 'none'], { cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('contain-and-terminate')]);
  });
});
