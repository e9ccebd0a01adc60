import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';
import { lockFolder, UNDO_LOCK, WATCH_LOCK } from '../hosts/lock.ts';
import { stateFolder } from '../hosts/state.ts';
import { undoLocally } from '../hosts/undo.ts';
import type { Store } from '../store/store.ts';
import { decideByPerson } from './decision.ts';
import { stopEverything } from './stop.ts';
import type { UndoRequest } from './undo.ts';

const ADA: UndoRequest = { by: 'ada', reason: 'it was our own scanner' };

const log = (scene: Stage): string =>
  scene.log('a.log', [
    flowRecord({
      eni: scene.honeypot.interfaceId,
      from: [scene.honeypot.address, 40_000],
      to: ['192.0.2.99', 4444],
    }),
  ]);

/** A case whose instance is isolated and runs: it stopped at the snapshots. */
async function isolated(): Promise<Stage> {
  const scene = await stage();
  log(scene);
  scene.range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'unauthorized' }, times: 99 });
  await scene.watchOnce();
  expect(await scene.incidents()).toMatchObject([{ state: 'needs-decision' }]);
  expect(groupsOf(scene)).not.toEqual([scene.honeypot.groupId]);
  return scene;
}

const groupsOf = ({ range, honeypot }: Stage): string[] =>
  range.account.networkInterfaces.get(honeypot.interfaceId)?.Groups?.map(({ GroupId }) => GroupId ?? '') ??
  [];

/** Undoes the only case in this process. */
const undo = (scene: Stage, request: UndoRequest = ADA) =>
  scene.inStore(async (store) => {
    const undoing = undoLocally(scene.config, store, { signal: new AbortController().signal });
    const [incident] = await store.incidents();
    try {
      return await undoing.run(incident?.id ?? '', request);
    } finally {
      undoing.close();
    }
  });

const ledgerKinds = (scene: Stage): Promise<string[]> =>
  scene.inStore(async (store) =>
    (await Array.fromAsync(store.ledger()))
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith('undo.')),
  );

describe('the undo of a case', () => {
  it('takes back what can be taken back, once, and the case is undone', async () => {
    await using scene = await isolated();
    expect(await undo(scene)).toEqual({ status: 'done', undone: ['isolate-instance'], restore: [] });
    expect(groupsOf(scene)).toEqual([scene.honeypot.groupId]);
    expect(await scene.incidents()).toMatchObject([
      { state: 'undone', reason: 'isolate-instance taken back by ada' },
    ]);
    expect(await ledgerKinds(scene)).toEqual([
      'undo.started',
      'undo.step-started',
      'undo.step-done',
      'undo.done',
    ]);
    expect(await undo(scene)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('nothing'),
    });
    // No watch takes it up again.
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'undone' }]);
  });

  it('leaves alone what a person has changed since', async () => {
    await using scene = await isolated();
    const other = [...scene.range.account.securityGroups.keys()].find(
      (id) => id !== scene.honeypot.groupId && !groupsOf(scene).includes(id),
    );
    const { awsClients } = await import('../aws/clients.ts');
    const aws = awsClients(scene.config.aws);
    const mine = [...groupsOf(scene), scene.honeypot.groupId, ...(other === undefined ? [] : [other])];
    await aws.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId: scene.honeypot.interfaceId,
      Groups: mine,
    });
    aws.close();
    expect(await undo(scene)).toMatchObject({ status: 'done' });
    expect(groupsOf(scene)).toEqual(mine);
  });

  it('names what does not come back, and what can be done about it', async () => {
    await using scene = await stage();
    log(scene);
    await scene.watchOnce();
    const end = await undo(scene);
    expect(end).toMatchObject({
      status: 'done',
      undone: ['isolate-instance'],
      restore: [
        expect.stringMatching(/^terminate-instance: an instance does not come back/),
        expect.stringMatching(/^aws ec2 create-volume .*--snapshot-id snap-/),
        expect.stringMatching(/^aws ec2 create-volume .*--snapshot-id snap-/),
        expect.stringMatching(/^aws ec2 run-instances .*SnapshotId=snap-/),
      ],
    });
    expect(await scene.incidents()).toMatchObject([{ state: 'undone' }]);
  });

  it('may be of one step', async () => {
    await using scene = await isolated();
    expect(await undo(scene, { ...ADA, step: 'no-such' })).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('has no step no-such that changed something: it has'),
    });
    expect(await undo(scene, { ...ADA, step: 'isolate-instance' })).toMatchObject({ status: 'done' });
    expect(groupsOf(scene)).toEqual([scene.honeypot.groupId]);
  });

  it('tries again what fails in passing, and stops at what AWS refuses until it is run again', async () => {
    await using scene = await isolated();
    const operation = 'ModifyNetworkInterfaceAttribute';
    scene.range.faults.add({ operation, fault: { kind: 'unauthorized' } });
    expect(await undo(scene)).toMatchObject({
      status: 'stopped',
      step: 'isolate-instance',
      reason: expect.stringContaining('UnauthorizedOperation'),
    });
    expect(await scene.incidents()).toMatchObject([
      { state: 'undoing', reason: expect.stringContaining('undo stopped at isolate-instance') },
    ]);
    // Nobody can have it respond in the midst of that.
    const refusal = await scene.inStore(async (store) => {
      const [incident] = await store.incidents();
      const decision = { verdict: 'resume' as const, by: 'bob', reason: '' };
      return decideByPerson(store, incident?.id ?? '', decision, Date.now);
    });
    expect(refusal).toMatch(/is undoing: there is nothing to decide/);
    scene.range.faults.add({ operation, fault: { kind: 'drop-after' } });
    expect(await undo(scene)).toMatchObject({ status: 'done' });
    expect(groupsOf(scene)).toEqual([scene.honeypot.groupId]);
  });

  it('goes on while Cordon is stopped: taking back is what a stop is for', async () => {
    await using scene = await isolated();
    await scene.inStore((store) => stopEverything(store, ADA, Date.now));
    expect(await undo(scene)).toMatchObject({ status: 'done' });
    expect(groupsOf(scene)).toEqual([scene.honeypot.groupId]);
  });

  it('never runs together with a watch on the same case, nor with another undo', async () => {
    await using scene = await isolated();
    await scene.inStore(async (store) => {
      const [incident] = await store.incidents();
      const decision = { verdict: 'resume' as const, by: 'bob', reason: 'again' };
      await decideByPerson(store, incident?.id ?? '', decision, Date.now);
    });
    const folder = stateFolder(scene.config);
    const watch = lockFolder(folder, WATCH_LOCK);
    expect(await undo(scene)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('is responding: stop Cordon'),
    });
    watch();
    const other = lockFolder(folder, UNDO_LOCK);
    await expect(undo(scene)).rejects.toThrow('another cordon undo already works in');
    other();
    // A response that stands still because no watch runs can be taken back.
    expect(await undo(scene)).toMatchObject({ status: 'done' });
  });

  it('is refused when a person has the case go on while it begins', async () => {
    await using scene = await isolated();
    const resume = { verdict: 'resume' as const, by: 'bob', reason: 'again' };
    const end = await scene.inStore(async (store) => {
      const [incident] = await store.incidents();
      const id = incident?.id ?? '';
      let resumed = false;
      const slow: Store = {
        ...store,
        async commit(changes) {
          if (!resumed) await decideByPerson(store, id, resume, Date.now);
          resumed = true;
          return store.commit(changes);
        },
      };
      const undoing = undoLocally(scene.config, slow, { signal: new AbortController().signal });
      try {
        return await undoing.run(id, ADA);
      } finally {
        undoing.close();
      }
    });
    expect(end).toMatchObject({ status: 'refused', reason: expect.stringContaining('is responding') });
    expect(await scene.incidents()).toMatchObject([{ state: 'responding' }]);
    expect(groupsOf(scene)).not.toEqual([scene.honeypot.groupId]);
  });

  it('of a case in which nothing was done is refused', async () => {
    await using scene = await stage({ mode: 'observe' });
    log(scene);
    await scene.watchOnce();
    expect(await undo(scene)).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/is observed: nothing was done yet$/),
    });
  });
});

describe('cordon undo, killed before or after any commit and run again', () => {
  it.each(['before', 'after'] as const)(
    '%s',
    async (when) => {
      for (let commit = 1, killed = true; killed; commit++) {
        await using scene = await isolated();
        const { document: _, base: __, ...settings } = scene.config;
        writeFileSync(join(scene.folder, 'cordon.yaml'), JSON.stringify(settings));
        const [incident] = await scene.incidents();
        const args = ['undo', incident?.id ?? '', '--reason', 'a test', '--by', 'ada'];
        const run = (crash: string) =>
          cordon(args, { cwd: scene.folder, preload: './crash-at.ts', env: { CORDON_CRASH: crash } });
        const first = await run(`${when}:${commit}`);
        killed = first.signal === 'SIGKILL';
        const second = killed ? await run('never') : undefined;
        // It was done already when it was killed after the last commit.
        if (second?.exitCode === 1) expect(second.stderr).toContain('nothing to take back');
        else expect(second?.exitCode ?? 0, second?.stderr).toBe(0);
        expect(groupsOf(scene)).toEqual([scene.honeypot.groupId]);
        expect(await scene.incidents()).toMatchObject([{ state: 'undone' }]);
        const done = (await ledgerKinds(scene)).filter((kind) => kind === 'undo.step-done');
        expect(done).toHaveLength(1);
      }
    },
    60_000,
  );
});

describe('cordon undo --dry-run', () => {
  it('prints the plan, and does nothing', async () => {
    await using scene = await stage();
    log(scene);
    await scene.watchOnce();
    const before = scene.range.calls.length;
    const [incident] = await scene.incidents();
    const state = ['--state', stateFolder(scene.config)];
    const { stdout, exitCode } = await cordon(['undo', incident?.id ?? '', '--dry-run', ...state], {
      cwd: scene.folder,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^cannot +terminate-instance$/m);
    expect(stdout).toMatch(/^leave +snapshot-volumes +snapshots are evidence/m);
    expect(stdout).toMatch(/^take back +isolate-instance +put the recorded security groups back/m);
    expect(stdout).toContain('aws ec2 create-volume');
    expect(scene.range.calls.length).toBe(before);
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
  });

  it('without a reason is the only one that may do without', async () => {
    await using scene = await isolated();
    const { exitCode, stderr } = await cordon(['undo', 'case-x', '--state', stateFolder(scene.config)], {
      cwd: scene.folder,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('say why with --reason');
  });
});
