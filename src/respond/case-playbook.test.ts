import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';
import { decideByPerson } from './decision.ts';

const playbook = (...actions: readonly string[]): string =>
  `name: mine\ntitle: Mine\nsteps:\n${actions.map((action) => `  - action: ${action}\n`).join('')}`;
const KEEP = playbook('record-instance', 'snapshot-volumes', 'await-snapshots', 'seal-evidence');
const KILL = `${KEEP}  - action: terminate-instance\n`;

/** A case that waits for a person, answered by a playbook of the user's own. */
async function waiting(text: string): Promise<Stage> {
  const scene = await stage({
    config: {
      playbooks: ['mine.yml'],
      bindings: [{ rule: 'rejected-outbound-traffic', playbook: 'mine', mode: 'approve' }],
    },
  });
  scene.write('mine.yml', text);
  const { interfaceId: eni, address } = scene.honeypot;
  scene.log('a.log', [flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444] })]);
  await scene.watchOnce();
  return scene;
}

async function approve(scene: Stage): Promise<void> {
  await scene.inStore(async (store) => {
    const [incident] = await store.incidents();
    const decision = { verdict: 'approve' as const, by: 'ada', reason: 'I looked' };
    expect(await decideByPerson(store, incident?.id ?? '', decision, Date.now)).toBeUndefined();
  });
}

const terminated = (scene: Stage): number => scene.made('TerminateInstances');

describe('a case that has begun', () => {
  it('is answered by the playbook as it was, when its file has changed since', async () => {
    await using scene = await waiting(KEEP);
    scene.write('mine.yml', KILL);
    await approve(scene);
    await scene.watchOnce();
    const [incident] = await scene.incidents();
    expect(incident).toMatchObject({
      state: 'closed',
      playbookVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(scene.made('CreateSnapshots')).toBe(1);
    expect(terminated(scene)).toBe(0);
    const stored = await scene.inStore((store) => store.playbook(incident?.playbookVersion ?? ''));
    expect(stored).toMatchObject({ name: 'mine', text: KEEP });
  });

  it('goes on with it in the middle, also when the file is gone', async () => {
    await using scene = await waiting(KILL);
    scene.range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'unauthorized' } });
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'needs-decision' }]);
    rmSync(join(scene.folder, 'mine.yml'));
    await approve(scene);
    await scene.watchOnce({ playbooks: [], bindings: [] });
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(terminated(scene)).toBe(1);
  });

  it('asks a person when nobody has its playbook any more', async () => {
    await using scene = await waiting(KEEP);
    await scene.inStore(async (store) => {
      const [incident] = await store.incidents();
      if (incident === undefined) throw new Error('there is no case');
      const changed = { ...incident, playbookVersion: '0'.repeat(64), version: incident.version + 1 };
      await store.commit([{ kind: 'incident', incident: changed }]);
    });
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining('not in the store') },
    ]);
  });
});

describe('a binding gives the values of the inputs', () => {
  const text = `name: mine
title: Mine
inputs:
  isolate: {type: boolean}
steps:
  - action: record-instance
  - action: isolate-instance
    if: {inputs.isolate: true}
`;
  it.each([true, false])('isolate: %s', async (isolate) => {
    await using scene = await stage({
      config: {
        playbooks: ['mine.yml'],
        bindings: [
          { rule: 'rejected-outbound-traffic', playbook: 'mine', mode: 'enforce', with: { isolate } },
        ],
      },
    });
    scene.write('mine.yml', text);
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('a.log', [flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444] })]);
    const told = await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed', inputs: { isolate } }]);
    expect(scene.made('ModifyNetworkInterfaceAttribute') > 0).toBe(isolate);
    expect(told.some(({ kind }) => kind === 'step.skipped')).toBe(!isolate);
  });
});
