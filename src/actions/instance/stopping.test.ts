import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { hibernateInstance } from './hibernate-instance.ts';
import { recordInstance } from './record-instance.ts';
import { stopInstance } from './stop-instance.ts';

async function recorded(prepare: (world: Acting) => unknown = () => {}): Promise<Acting> {
  const world = await acting();
  await prepare(world);
  await world.act(recordInstance);
  return world;
}

async function stateOf({ aws, honeypot }: Acting): Promise<string | undefined> {
  const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [honeypot.instanceId] });
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

/** As if it had been launched for hibernation. */
function canHibernate({ account, honeypot }: Acting): void {
  const simulated = account.instances.get(honeypot.instanceId);
  Object.assign(simulated?.instance ?? {}, { HibernationOptions: { Configured: true } });
}

async function inGroup({ aws, honeypot }: Acting): Promise<void> {
  const autoscaling = await aws.use('autoscaling');
  const InstanceId = honeypot.instanceId;
  const AutoScalingGroupName = 'shop';
  await autoscaling.createAutoScalingGroup({ AutoScalingGroupName, InstanceId, MinSize: 0, MaxSize: 2 });
  await autoscaling.attachInstances({ AutoScalingGroupName, InstanceIds: [InstanceId] });
}

describe('stop-instance', () => {
  it('stops the instance, once, and is taken back', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'StopInstances', fault: { kind: 'drop-after' } });
    expect(await world.act(stopInstance)).toMatchObject({ output: { state: 'stopped', hibernated: false } });
    const calls = world.made('StopInstances');
    await world.act(stopInstance, { earlierTry: 'unknown' });
    expect(world.made('StopInstances')).toBe(calls);
    expect(await world.undo(stopInstance)).toMatchObject({ output: { state: 'running' } });
    expect(await stateOf(world)).toBe('running');
  });

  it('leaves an instance stopped that was when it was recorded', async () => {
    await using world = await recorded(async (scene) => {
      await scene.aws.ec2.stopInstances({ InstanceIds: [scene.honeypot.instanceId] });
      scene.clock.advance(30_000);
    });
    await world.act(stopInstance);
    await world.undo(stopInstance);
    expect(await stateOf(world)).toBe('stopped');
  });

  it('asks before an Auto Scaling group would terminate it', async () => {
    await using world = await recorded(inGroup);
    expect(await world.act(stopInstance)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('Auto Scaling group shop'),
    });
    expect(await stateOf(world)).toBe('running');
  });

  it('asks when the instance has ended, and stops at what AWS refuses', async () => {
    await using world = await recorded();
    Object.assign(world.account.instances.get(world.honeypot.instanceId) ?? {}, { stopProtected: true });
    await expect(world.act(stopInstance)).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    await world.aws.ec2.terminateInstances({ InstanceIds: [world.honeypot.instanceId] });
    expect(await world.act(stopInstance)).toMatchObject({ status: 'ask' });
  });
});

describe('hibernate-instance', () => {
  it('keeps the memory of an instance that was launched for it, and is taken back', async () => {
    await using world = await recorded(canHibernate);
    expect(await world.act(hibernateInstance)).toMatchObject({
      output: { state: 'stopped', hibernated: true },
    });
    await world.undo(hibernateInstance);
    expect(await stateOf(world)).toBe('running');
  });

  it('asks when the instance cannot, with what AWS says', async () => {
    await using world = await recorded();
    expect(await world.act(hibernateInstance)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('UnsupportedHibernationConfiguration'),
    });
    expect(await stateOf(world)).toBe('running');
  });

  it('stops it instead when told so', async () => {
    await using world = await recorded();
    expect(await world.act(hibernateInstance, { with: { otherwise: 'stop' } })).toMatchObject({
      output: { state: 'stopped', hibernated: false },
    });
  });
});
