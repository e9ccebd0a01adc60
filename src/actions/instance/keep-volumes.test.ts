import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { createVolume } from '../../range/operations/volumes.ts';
import { keepVolumes } from './keep-volumes.ts';
import { recordInstance } from './record-instance.ts';

async function recorded(): Promise<Acting> {
  const world = await acting();
  const attach = { InstanceId: world.honeypot.instanceId, Device: '/dev/sdg', DeleteOnTermination: false };
  createVolume(world.account, { Size: 4, attach, tags: [] });
  await world.act(recordInstance);
  return world;
}

const goes = ({ account }: Acting) =>
  [...account.volumes.values()].map(({ Attachments }) => Attachments?.[0]?.DeleteOnTermination);

describe('keep-volumes', () => {
  it('lets no volume go with the instance', async () => {
    await using world = await recorded();
    expect(goes(world)).toEqual([true, true, false]);
    expect(await world.act(keepVolumes)).toMatchObject({ status: 'done' });
    expect(goes(world)).toEqual([false, false, false]);
    await world.aws.ec2.terminateInstances({ InstanceIds: [world.honeypot.instanceId] });
    world.clock.advance(30_000);
    const { Volumes } = await world.aws.ec2.describeVolumes({});
    expect(Volumes?.map(({ State }) => State)).toEqual(['available', 'available', 'available']);
  });

  it('changes nothing the second time, and is taken back exactly, also after a lost answer', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'ModifyInstanceAttribute', fault: { kind: 'drop-after' } });
    await world.act(keepVolumes);
    const calls = world.made('ModifyInstanceAttribute');
    await world.act(keepVolumes, { earlierTry: 'unknown' });
    expect(world.made('ModifyInstanceAttribute')).toBe(calls);
    await world.undo(keepVolumes);
    expect(goes(world)).toEqual([true, true, false]);
    expect(await world.undo(keepVolumes)).toMatchObject({ proof: 'no volume is kept any more' });
  });

  it('leaves a volume that is no longer there', async () => {
    await using world = await recorded();
    await world.act(keepVolumes);
    world.account.volumes.delete(world.honeypot.volumeIds[1] ?? '');
    expect(await world.undo(keepVolumes)).toMatchObject({ output: [world.honeypot.volumeIds[0]] });
  });
});
