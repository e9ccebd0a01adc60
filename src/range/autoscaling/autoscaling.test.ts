import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';

async function scene(sizes = { MinSize: 0, MaxSize: 3 }) {
  const world = await acting();
  const autoscaling = await world.aws.once('autoscaling');
  const elb = await world.aws.once('elasticloadbalancing');
  const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', Port: 8080, Protocol: 'HTTP' });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  await autoscaling.createAutoScalingGroup({
    AutoScalingGroupName: 'shop',
    InstanceId: world.honeypot.instanceId,
    TargetGroupARNs: [TargetGroupArn],
    ...sizes,
  });
  const group = { AutoScalingGroupName: 'shop', InstanceIds: [world.honeypot.instanceId] };
  const describeGroup = async () => {
    const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
      AutoScalingGroupNames: ['shop'],
    });
    return AutoScalingGroups?.[0];
  };
  const memberStates = async () =>
    (await describeGroup())?.Instances?.map(({ LifecycleState }) => LifecycleState);
  return { ...world, autoscaling, elb, TargetGroupArn, group, describeGroup, memberStates };
}

describe('an Auto Scaling group', () => {
  it('takes an instance in, in time, registers it with its target group, and tags it', async () => {
    await using world = await scene();
    await world.autoscaling.attachInstances(world.group);
    expect(await world.memberStates()).toEqual(['Pending']);
    world.clock.advance(30_000);
    expect(await world.memberStates()).toEqual(['InService']);
    expect((await world.describeGroup())?.DesiredCapacity).toBe(1);
    const { AutoScalingInstances } = await world.autoscaling.describeAutoScalingInstances({
      InstanceIds: world.group.InstanceIds,
    });
    expect(AutoScalingInstances).toMatchObject([{ AutoScalingGroupName: 'shop', HealthStatus: 'HEALTHY' }]);
    const { TargetHealthDescriptions } = await world.elb.describeTargetHealth({
      TargetGroupArn: world.TargetGroupArn,
    });
    expect(TargetHealthDescriptions).toMatchObject([{ Target: { Port: 8080 } }]);
    expect(world.account.tags.get(world.honeypot.instanceId)?.get('aws:autoscaling:groupName')).toBe('shop');
  });

  it('lets an instance go, and launches another unless its capacity goes down with it', async () => {
    await using world = await scene();
    await world.autoscaling.attachInstances(world.group);
    const { Activities } = await world.autoscaling.detachInstances({
      ...world.group,
      ShouldDecrementDesiredCapacity: false,
    });
    expect(Activities).toMatchObject([{ StatusCode: 'InProgress', AutoScalingGroupName: 'shop' }]);
    expect(await world.memberStates()).toEqual(['Detaching', 'Pending']);
    world.clock.advance(30_000);
    expect(await world.memberStates()).toEqual(['InService']);
    await expect(
      world.autoscaling.detachInstances({ ...world.group, ShouldDecrementDesiredCapacity: true }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: `The instance ${world.honeypot.instanceId} is not part of Auto Scaling group shop.`,
    });
  });

  it('keeps between its sizes', async () => {
    await using world = await scene({ MinSize: 1, MaxSize: 1 });
    await expect(world.autoscaling.attachInstances(world.group)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('max-size=1'),
    });
    const [member = { InstanceId: '' }] = (await world.describeGroup())?.Instances ?? [];
    await expect(
      world.autoscaling.detachInstances({
        AutoScalingGroupName: 'shop',
        InstanceIds: [member.InstanceId ?? ''],
        ShouldDecrementDesiredCapacity: true,
      }),
    ).rejects.toMatchObject({ message: expect.stringContaining('desiredSize equals minSize (1)') });
    await expect(
      world.autoscaling.attachInstances({ ...world.group, AutoScalingGroupName: 'other' }),
    ).rejects.toMatchObject({ message: 'AutoScalingGroup name not found - other' });
  });
});
