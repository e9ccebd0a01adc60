import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/evidence/ledger.ts';
import { cordon } from './command.ts';
import { flowRecord, type Stage, stage } from './scene.ts';

const { prepare } = DatabaseSync.prototype;

afterEach(() => {
  DatabaseSync.prototype.prepare = prepare;
});

/** The n-th commit from now on, and every one after it, finds the disk full. */
function fullFrom(commit: number): void {
  let commits = 0;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
    const statement = prepare.call(this, sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      if (++commits < commit) return run();
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    };
    return statement;
  };
}

const CHANGES = /^(Create|Modify|Revoke|Terminate|Put)/;
const changes = ({ range }: Stage): string[] =>
  range.calls.map(({ operation }) => operation).filter((operation) => CHANGES.test(operation));

describe('a disk that is full at any commit of a response', () => {
  it('stops it before the next call that changes something; with room it ends as if nothing had been', async () => {
    let stopped = 0;
    for (let commit = 1; ; commit += 2) {
      await using scene = await stage();
      const { interfaceId: eni, address } = scene.honeypot;
      scene.log('a.log', [flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444] })]);
      fullFrom(commit);
      const failure = await scene.watchOnce().then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      DatabaseSync.prototype.prepare = prepare;
      if (failure === undefined) break;
      stopped++;
      const what = `full at commit ${commit}`;
      expect(failure.message, what).toContain('the disk is full');
      await scene.inStore(async (store) => {
        const [incident] = await store.incidents();
        const journal = incident === undefined ? [] : await store.journal(incident.id);
        const begun = journal.map(({ step }) => step);
        // Nothing was asked of AWS that the journal does not know of.
        if (changes(scene).includes('TerminateInstances'))
          expect(begun, what).toContain('terminate-instance');
        if (changes(scene).includes('CreateSnapshots')) expect(begun, what).toContain('snapshot-volumes');
        if (changes(scene).length > 0) expect(begun, what).toContain('isolate-instance');
        expect((await verifyLedger(store.ledger(), await store.checkpoint())).faults, what).toEqual([]);
      });
      await scene.watchOnce();
      expect(await scene.incidents(), what).toMatchObject([{ state: 'closed' }]);
      for (const operation of ['CreateSnapshots', 'TerminateInstances', 'DeleteSecurityGroup'])
        expect(scene.made(operation), `${what}: ${operation}`).toBe(1);
      // Quarantine, and the open group on the way to it, which is gone again.
      expect(scene.made('CreateSecurityGroup'), what).toBe(2);
    }
    expect(stopped).toBeGreaterThan(8);
  }, 120_000);

  it('is one sentence of the command, and exit code 3', async () => {
    await using scene = await stage();
    scene.write('state/cordon.db/in-the-way', '');
    const { document: _, base: __, ...settings } = scene.config;
    scene.write('cordon.yaml', JSON.stringify(settings));
    for (const command of [['watch', '--once'], ['incidents'], ['ledger', 'verify'], ['backup', 'copy.db']]) {
      const { exitCode, stderr } = await cordon(command, { cwd: scene.folder });
      expect(exitCode, command.join(' ')).toBe(3);
      expect(stderr).toMatch(/^cordon: \S+: it cannot be opened: [^\n]+\n$/);
    }
  });
});
