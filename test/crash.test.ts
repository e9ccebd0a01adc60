import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/evidence/ledger.ts';
import { type CommandResult, cordon, crashingWatch } from './command.ts';
import { flowRecord, type Stage, stage } from './scene.ts';

const RECORDS = 50;
const AT_ONCE = 3;
/** More than any run of the playbook commits; the search ends at the first run that survives. */
const MOST_COMMITS = 200;
/** Each run kills at every so many-th commit, from another one each time; 1 kills at all of them. */
const EVERY = Number(process.env.CORDON_CRASH_EVERY ?? 3);

function prepare(scene: Stage): void {
  const { document: _, base: __, ...settings } = scene.config;
  writeFileSync(join(scene.folder, 'cordon.yaml'), JSON.stringify(settings));
  const { interfaceId: eni, address } = scene.honeypot;
  const lines = Array.from({ length: RECORDS }, (_, index) =>
    flowRecord({ eni, from: [address, 40_000 + index], to: ['192.0.2.99', 4444] }),
  );
  scene.log('a.log', lines);
}

/** Kills one process at one instant, starts another, and looks at what is there then. */
async function killedAt(when: 'before' | 'after', commit: number): Promise<'killed' | 'survived'> {
  await using scene = await stage();
  prepare(scene);
  const watch = (crash: string) => crashingWatch(scene.folder, crash);
  const first = await watch(`${when}:${commit}`);
  if (first.exitCode === 0) return 'survived';
  expect(first, first.stderr).toMatchObject({ signal: 'SIGKILL' });
  const second = await watch('never');
  const what = `killed ${when} commit ${commit}: ${second.stderr}`;
  expect(second.exitCode, what).toBe(0);

  const incidents = await scene.incidents();
  expect(incidents, what).toMatchObject([{ state: 'closed', subject: { id: scene.honeypot.instanceId } }]);
  expect(scene.range.account.snapshots.size, what).toBe(scene.honeypot.volumeIds.length);
  expect(scene.made('CreateSnapshots'), what).toBe(1);
  expect(scene.made('TerminateInstances'), what).toBe(1);
  // Quarantine, and the open group on the way to it, which is gone again.
  expect(scene.made('CreateSecurityGroup'), what).toBe(2);
  expect(scene.made('DeleteSecurityGroup'), what).toBe(1);
  await scene.inStore(async (store) => {
    const [finding] = await store.findings(incidents[0]?.id ?? '');
    expect(finding?.count, what).toBe(RECORDS);
    const verdict = await verifyLedger(store.ledger(), await store.checkpoint());
    expect(verdict.faults, what).toEqual([]);
  });
  return 'killed';
}

describe.concurrent('a process that is killed at any commit and started again', () => {
  it.each(['before', 'after'] as const)(
    'loses no case and does nothing twice (%s a commit)',
    async (when) => {
      let next = randomInt(EVERY) + 1;
      let farthest = 0;
      let survived = false;
      const worker = async (): Promise<void> => {
        while (!survived && next < MOST_COMMITS) {
          const commit = next;
          next += EVERY;
          if ((await killedAt(when, commit)) === 'killed') farthest = Math.max(farthest, commit);
          else survived = true;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      expect(survived).toBe(true);
      // Two commits a step and those of intake and decision.
      expect(farthest).toBeGreaterThan(16);
    },
    EVERY === 1 ? 3_600_000 : 600_000,
  );
});

describe('a person whose yes is killed at its commit', () => {
  it.each([
    ['before', 'awaiting-approval'],
    ['after', 'responding'],
  ] as const)(
    'has said it or has not, and what follows is done once (%s the commit)',
    async (when, state) => {
      await using scene = await stage({ mode: 'approve' });
      prepare(scene);
      await scene.watchOnce();
      const [incident] = await scene.incidents();
      const yes = (crash: string) =>
        cordon(['approve', incident?.id ?? '', '--reason', 'it is not ours', '--by', 'ada'], {
          cwd: scene.folder,
          preload: './crash-at.ts',
          env: { CORDON_CRASH: crash },
        });
      expect(await yes(`${when}:1`)).toMatchObject({ signal: 'SIGKILL' });
      expect(await scene.incidents()).toMatchObject([{ state }]);
      const again = await yes('never');
      expect(again.exitCode, again.stderr).toBe(when === 'before' ? 0 : 1);
      // The watch that answers is killed, too.
      expect(await crashingWatch(scene.folder, 'after:6')).toMatchObject({ signal: 'SIGKILL' });
      await scene.watchOnce();
      expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
      expect(scene.made('CreateSnapshots')).toBe(1);
      expect(scene.made('TerminateInstances')).toBe(1);
      await scene.inStore(async (store) => {
        const kinds = (await Array.fromAsync(store.ledger())).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'response.approved')).toHaveLength(1);
        expect((await verifyLedger(store.ledger(), await store.checkpoint())).faults).toEqual([]);
      });
    },
    60_000,
  );
});

describe('a watch that runs while other processes work in its folder', () => {
  it('is the only one, is stopped from outside, and gives its lock back when it is killed', async () => {
    await using scene = await stage({ settings: { snapshotDuration: 10_000 } });
    prepare(scene);
    const other = (...args: string[]) => cordon(args, { cwd: scene.folder });
    let asked: Promise<CommandResult[]> | undefined;
    const ask = async (): Promise<CommandResult[]> => {
      const [incident] = await scene.incidents();
      const id = incident?.id ?? '';
      return [
        await other('watch', '--once'),
        await other('undo', id, '--reason', 'too early'),
        await other('approve', id, '--reason', 'nothing waits'),
        await other('stop', '--reason', 'wait'),
      ];
    };
    const killed = await cordon(['watch', '--json'], {
      cwd: scene.folder,
      onLine: (line, stop) => {
        if (asked !== undefined || !line.includes('"step.waiting"')) return;
        asked = ask().finally(() => stop('SIGKILL'));
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    const [second, undo, approve, stopped] = (await asked) ?? [];
    expect(second?.stderr).toContain('another cordon watch already works');
    expect(undo?.stderr).toContain('is responding');
    expect(approve?.stderr).toContain('is responding');
    expect(stopped, stopped?.stderr).toMatchObject({ exitCode: 0 });
    expect(await scene.incidents()).toMatchObject([{ state: expect.not.stringMatching('undo') as string }]);
    expect(scene.made('TerminateInstances')).toBe(0);
    const next = await other('watch', '--once');
    expect(next.stderr).not.toContain('already works');
    expect(scene.made('TerminateInstances')).toBe(0);
  }, 120_000);
});

describe('a watch that is stopped with Ctrl-C in the middle of a response', () => {
  it('ends at once and well; the next one goes on there', async () => {
    await using scene = await stage({ settings: { snapshotDuration: 10_000 } });
    prepare(scene);
    let told = false;
    const stopped = await cordon(['watch', '--json'], {
      cwd: scene.folder,
      onLine: (line, stop) => {
        // A second Ctrl-C is the person's word that it shall not even end well.
        if (told || !line.includes('"step.waiting"')) return;
        told = true;
        stop('SIGINT');
      },
    });
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    // It did not wait for the snapshots.
    expect(await scene.incidents()).toMatchObject([{ state: 'responding' }]);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(scene.made('CreateSnapshots')).toBe(1);
  }, 60_000);
});
