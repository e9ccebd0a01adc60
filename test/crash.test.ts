import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '../src/evidence/ledger.ts';
import { type CommandResult, cordon, crashingWatch } from './command.ts';
import { flowRecord, type Stage, stage } from './scene.ts';

const RECORDS = 50;
const AT_ONCE = 6;
/** More than any run of the playbook commits; the search ends at the first run that survives. */
const MOST_COMMITS = 200;

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
    'loses no case and does nothing twice (%s each commit)',
    async (when) => {
      let next = 1;
      let killed = 0;
      let survived = false;
      const worker = async (): Promise<void> => {
        while (!survived && next < MOST_COMMITS) {
          const commit = next++;
          if ((await killedAt(when, commit)) === 'killed') killed++;
          else survived = true;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      expect(survived).toBe(true);
      // Two commits a step and those of intake and decision.
      expect(killed).toBeGreaterThan(16);
    },
    240_000,
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

describe('two watches in one folder', () => {
  it('are never two: the second is refused until the first has ended, however that was', async () => {
    await using scene = await stage({ settings: { snapshotDuration: 600_000 } });
    prepare(scene);
    let second: Promise<CommandResult> | undefined;
    const first = await cordon(['watch', '--json'], {
      cwd: scene.folder,
      onLine: (line, stop) => {
        if (second !== undefined || !line.includes('"step.waiting"')) return;
        second = crashingWatch(scene.folder, 'never').finally(() => stop('SIGKILL'));
      },
    });
    expect(first).toMatchObject({ signal: 'SIGKILL' });
    expect(await second).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('another cordon watch already works in'),
    });
    // It has not touched what the first one was doing.
    expect(scene.made('CreateSnapshots')).toBe(1);
    Object.assign(scene.range.account.settings, { snapshotDuration: 40 });
    expect(await crashingWatch(scene.folder, 'never')).toMatchObject({ exitCode: 0 });
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(scene.made('CreateSnapshots')).toBe(1);
    expect(scene.made('TerminateInstances')).toBe(1);
  }, 60_000);
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
