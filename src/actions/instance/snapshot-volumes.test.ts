import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { recordInstance } from './record-instance.ts';
import { type CaseSnapshot, snapshotVolumes } from './snapshot-volumes.ts';

const outputOf = (outcome: unknown): CaseSnapshot[] => (outcome as { output: CaseSnapshot[] }).output;

describe('snapshot-volumes', () => {
  it('makes a new set after one that erred, and takes that one from then on', async () => {
    await using scene = await acting();
    const { account, honeypot, clock } = scene;
    await scene.act(recordInstance);
    const [volumeId = ''] = honeypot.volumeIds;
    account.failingVolumes.add(volumeId);
    const first = outputOf(await scene.act(snapshotVolumes));
    account.failingVolumes.clear();
    clock.advance(600_000);
    const second = outputOf(await scene.act(snapshotVolumes));
    expect(second.map((one) => one.volumeId).sort()).toEqual([...honeypot.volumeIds].sort());
    expect(second).not.toEqual(expect.arrayContaining([first[0]]));
    expect(outputOf(await scene.act(snapshotVolumes, { earlierTry: 'unknown' }))).toEqual(second);
    expect(scene.made('CreateSnapshots')).toBe(2);
  });

  it('does not make a third set because the second one lacks a volume that was taken off meanwhile', async () => {
    await using scene = await acting();
    const { account, honeypot, clock } = scene;
    await scene.act(recordInstance);
    const [volumeId = ''] = honeypot.volumeIds;
    account.failingVolumes.add(volumeId);
    await scene.act(snapshotVolumes);
    clock.advance(600_000);
    Object.assign(account.volumes.get(volumeId) ?? {}, { Attachments: [], State: 'available' });
    const lacking = { status: 'ask', reason: `no snapshot was made of ${volumeId}` };
    expect(await scene.act(snapshotVolumes)).toMatchObject(lacking);
    expect(await scene.act(snapshotVolumes, { earlierTry: 'unknown' })).toMatchObject(lacking);
    expect(scene.made('CreateSnapshots')).toBe(2);
  });

  it('waits for a new set whose answer was lost, although the set that erred is shown', async () => {
    await using scene = await acting();
    const { account, honeypot, clock, range } = scene;
    await scene.act(recordInstance);
    account.failingVolumes.add(honeypot.volumeIds[0] ?? '');
    await scene.act(snapshotVolumes);
    account.failingVolumes.clear();
    clock.advance(600_000);
    Object.assign(account.settings, { visibilityLag: 3_000 });
    range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'drop-after' } });
    await expect(scene.act(snapshotVolumes)).rejects.toThrow();
    expect(await scene.act(snapshotVolumes, { earlierTry: 'unknown' })).toMatchObject({ status: 'done' });
    expect(account.snapshots.size).toBe(2 * honeypot.volumeIds.length);
  });
});
