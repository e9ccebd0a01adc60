import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';

async function scene() {
  const world = await acting();
  const elb = await world.aws.once('elasticloadbalancing');
  const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', Port: 80, Protocol: 'HTTP' });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const states = async (Targets?: { Id: string; Port?: number }[]) => {
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({
      TargetGroupArn,
      ...(Targets ? { Targets } : {}),
    });
    return TargetHealthDescriptions?.map(({ Target, TargetHealth }) => [Target?.Port, TargetHealth?.State]);
  };
  return { ...world, elb, TargetGroupArn, states, Id: world.honeypot.instanceId };
}

describe('a target group', () => {
  it('registers an instance at any number of ports, in time', async () => {
    await using world = await scene();
    const { elb, TargetGroupArn, Id } = world;
    await elb.registerTargets({ TargetGroupArn, Targets: [{ Id }, { Id, Port: 8443 }] });
    expect(await world.states()).toEqual([
      [80, 'initial'],
      [8443, 'initial'],
    ]);
    world.clock.advance(30_000);
    expect(await world.states([{ Id, Port: 8443 }])).toEqual([[8443, 'healthy']]);
  });

  it('drains what is deregistered, and knows it no longer then', async () => {
    await using world = await scene();
    const { elb, TargetGroupArn, Id } = world;
    await elb.registerTargets({ TargetGroupArn, Targets: [{ Id }] });
    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id }] });
    expect(await world.states()).toEqual([[80, 'draining']]);
    world.clock.advance(30_000);
    expect(await world.states()).toEqual([]);
    expect(await world.states([{ Id }])).toEqual([[80, 'unused']]);
    await expect(elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id }] })).rejects.toMatchObject({
      name: 'InvalidTargetException',
    });
  });

  it('takes only what runs, and is found only by its own ARN', async () => {
    await using world = await scene();
    const { elb, TargetGroupArn, Id } = world;
    await world.aws.ec2.stopInstances({ InstanceIds: [Id] });
    await expect(elb.registerTargets({ TargetGroupArn, Targets: [{ Id }] })).rejects.toMatchObject({
      name: 'InvalidTargetException',
    });
    await expect(elb.describeTargetHealth({ TargetGroupArn: `${TargetGroupArn}0` })).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
    await elb.createTargetGroup({ Name: 'other' });
    const { TargetGroups, NextMarker } = await elb.describeTargetGroups({ PageSize: 1 });
    expect(TargetGroups).toMatchObject([{ TargetGroupName: 'shop' }]);
    const next = await elb.describeTargetGroups({ PageSize: 1, Marker: NextMarker });
    expect(next.TargetGroups).toMatchObject([{ TargetGroupName: 'other' }]);
  });
});
