import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { scalingGroupsOf } from '../../range/autoscaling/group.ts';
import { targetGroupsOf } from '../../range/elb/target-groups.ts';
import { deregisterFromTargetGroups } from './deregister-from-target-groups.ts';
import { detachFromAutoscaling } from './detach-from-autoscaling.ts';
import { recordInstance } from './record-instance.ts';
import { recordMemberships } from './record-memberships.ts';

/** The honeypot at two ports of a target group, and in an Auto Scaling group. */
async function member(sizes = { MinSize: 0, MaxSize: 2 }): Promise<Acting & { readonly arn: string }> {
  const world = await acting();
  const elb = await world.aws.use('elasticloadbalancing');
  const VpcId = world.honeypot.vpcId;
  const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', Port: 80, VpcId });
  await elb.createTargetGroup({ Name: 'elsewhere', Port: 80, VpcId: 'vpc-0123456789abcdef0' });
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Id = world.honeypot.instanceId;
  await elb.registerTargets({ TargetGroupArn: arn, Targets: [{ Id }, { Id, Port: 8443 }] });
  const autoscaling = await world.aws.use('autoscaling');
  const AutoScalingGroupName = 'shop';
  await autoscaling.createAutoScalingGroup({ AutoScalingGroupName, InstanceId: Id, ...sizes });
  await autoscaling.attachInstances({ AutoScalingGroupName, InstanceIds: [Id] });
  world.clock.advance(30_000);
  await world.act(recordInstance);
  await world.act(recordMemberships);
  return { ...world, arn };
}

const groupOf = ({ account }: Acting) => scalingGroupsOf(account).get('shop');
const isMember = (world: Acting) => groupOf(world)?.members.get(world.honeypot.instanceId);
const ports = ({ account }: Acting, arn: string) =>
  [...(targetGroupsOf(account).get(arn)?.targets.values() ?? [])]
    .filter(({ deregisteredAt }) => deregisteredAt === undefined)
    .map(({ port }) => port);

describe('record-memberships', () => {
  it('finds the Auto Scaling group, and each port of each target group', async () => {
    await using world = await member();
    expect(world.output('record-memberships')).toEqual({
      scalingGroup: 'shop',
      targets: [80, 8443].map((port) => ({
        targetGroup: world.arn,
        id: world.honeypot.instanceId,
        port,
      })),
    });
    expect(JSON.parse(world.piece('memberships.json').toString())).toMatchObject({ scalingGroup: 'shop' });
  });

  it('finds none where there is none', async () => {
    await using world = await acting();
    await world.act(recordInstance);
    expect(await world.act(recordMemberships)).toMatchObject({ output: { scalingGroup: null, targets: [] } });
    expect(await world.act(detachFromAutoscaling)).toMatchObject({ output: { group: null } });
    expect(await world.undo(detachFromAutoscaling)).toMatchObject({ status: 'done' });
    expect(await world.act(deregisterFromTargetGroups)).toMatchObject({ proof: 'it was in no target group' });
  });
});

describe('detach-from-autoscaling', () => {
  it('takes the instance out of the group, which launches another', async () => {
    await using world = await member();
    expect(await world.act(detachFromAutoscaling)).toMatchObject({
      status: 'done',
      proof: expect.stringContaining('Detaching from shop'),
    });
    expect(isMember(world)?.leavingSince).toBeDefined();
    expect(groupOf(world)).toMatchObject({ desired: 1 });
    expect(groupOf(world)?.members.size).toBe(2);
  });

  it('detaches once, also when the answer was lost', async () => {
    await using world = await member();
    world.range.faults.add({ operation: 'DetachInstances', fault: { kind: 'drop-after' } });
    await expect(world.act(detachFromAutoscaling)).rejects.toThrow();
    world.clock.advance(30_000);
    expect(await world.act(detachFromAutoscaling, { earlierTry: 'unknown' })).toMatchObject({
      output: { group: 'shop' },
    });
    expect(world.made('DetachInstances')).toBe(1);
  });

  it('makes the group smaller instead, and is taken back exactly', async () => {
    await using world = await member();
    await world.act(detachFromAutoscaling, { with: { decrementDesiredCapacity: true } });
    expect(groupOf(world)).toMatchObject({ desired: 0 });
    await world.undo(detachFromAutoscaling);
    expect(isMember(world)?.leavingSince).toBeUndefined();
    expect(groupOf(world)).toMatchObject({ desired: 1 });
    expect(await world.undo(detachFromAutoscaling)).toMatchObject({
      proof: expect.stringContaining('is in shop already'),
    });
  });

  it('says what an undo cannot bring back, and stops when the group is full', async () => {
    await using world = await member({ MinSize: 0, MaxSize: 1 });
    await world.act(detachFromAutoscaling);
    await expect(world.undo(detachFromAutoscaling)).rejects.toMatchObject({ name: 'ValidationError' });
    Object.assign(groupOf(world) ?? {}, { max: 2 });
    expect(await world.undo(detachFromAutoscaling)).toMatchObject({
      proof: expect.stringContaining('its desired capacity is one more than it was'),
    });
  });

  it('does not attach again what somebody else took out', async () => {
    await using world = await member();
    const autoscaling = await world.aws.use('autoscaling');
    await autoscaling.detachInstances({
      AutoScalingGroupName: 'shop',
      InstanceIds: [world.honeypot.instanceId],
      ShouldDecrementDesiredCapacity: true,
    });
    world.clock.advance(30_000);
    await world.act(detachFromAutoscaling);
    await world.undo(detachFromAutoscaling);
    expect(isMember(world)).toBeUndefined();
  });
});

describe('deregister-from-target-groups', () => {
  it('takes every port out, once, and is taken back', async () => {
    await using world = await member();
    world.range.faults.add({ operation: 'DeregisterTargets', fault: { kind: 'throttle' } });
    expect(await world.act(deregisterFromTargetGroups)).toMatchObject({
      proof: 'shop:80, shop:8443 draining or gone',
    });
    expect(ports(world, world.arn)).toEqual([]);
    await world.act(deregisterFromTargetGroups, { earlierTry: 'unknown' });
    expect(world.made('DeregisterTargets')).toBe(2);
    await world.undo(deregisterFromTargetGroups);
    expect(ports(world, world.arn)).toEqual([80, 8443]);
    expect(await world.undo(deregisterFromTargetGroups)).toMatchObject({ output: [] });
  });

  it('goes on when a group is gone', async () => {
    await using world = await member();
    targetGroupsOf(world.account).delete(world.arn);
    expect(await world.act(deregisterFromTargetGroups)).toMatchObject({ status: 'done' });
    expect(await world.undo(deregisterFromTargetGroups)).toMatchObject({
      proof: 'nothing was to be registered; no longer there: shop:80, shop:8443',
    });
  });
});
