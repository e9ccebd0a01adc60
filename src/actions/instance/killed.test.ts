import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { scalingGroupsOf } from '../../range/autoscaling/group.ts';
import { targetGroupsOf } from '../../range/elb/target-groups.ts';
import { manage } from '../../range/ssm/managed.ts';
import { ACTIONS } from '../registry.ts';

/** Every action on an instance that is taken back, and what it is done with. */
const CASES: readonly (readonly [action: string, given: unknown])[] = [
  ['tag-instance', { tags: { Name: 'quarantined', case: '1' } }],
  ['protect-from-termination', {}],
  ['isolate-instance', {}],
  ['block-address', { address: '192.0.2.44' }],
  ['detach-from-autoscaling', { decrementDesiredCapacity: true }],
  ['deregister-from-target-groups', {}],
  ['detach-instance-profile', {}],
  ['keep-volumes', {}],
];
/** More calls than any of them makes. */
const CALLS = 40;

async function scene(): Promise<Acting> {
  const world = await acting();
  const Id = world.honeypot.instanceId;
  manage(world.account, Id);
  const elb = await world.aws.use('elasticloadbalancing');
  const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', VpcId: world.honeypot.vpcId });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
  await elb.registerTargets({
    TargetGroupArn,
    Targets: [
      { Id, Port: 80 },
      { Id, Port: 8443 },
    ],
  });
  const autoscaling = await world.aws.use('autoscaling');
  const AutoScalingGroupName = 'shop';
  await autoscaling.createAutoScalingGroup({ AutoScalingGroupName, InstanceId: Id, MinSize: 0, MaxSize: 2 });
  await autoscaling.attachInstances({ AutoScalingGroupName, InstanceIds: [Id] });
  for (const name of ['record-instance', 'record-memberships']) await world.act(named(name));
  return world;
}

function named(name: string) {
  const action = ACTIONS.get(name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  return action;
}

/** Everything about the instance that one of these actions changes. */
async function stateOf({ account, aws, honeypot }: Acting): Promise<unknown> {
  const id = honeypot.instanceId;
  const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [id] });
  const instance = Reservations?.[0]?.Instances?.[0];
  const { NetworkAcls = [] } = await aws.ec2.describeNetworkAcls({});
  return {
    tags: Object.fromEntries(account.tags.get(id) ?? []),
    protected: account.instances.get(id)?.terminationProtected,
    groups: account.networkInterfaces.get(honeypot.interfaceId)?.Groups,
    entries: NetworkAcls.flatMap(({ Entries }) => Entries),
    desired: scalingGroupsOf(account).get('shop')?.desired,
    member: scalingGroupsOf(account).get('shop')?.members.has(id),
    ports: [...targetGroupsOf(account).values()].flatMap(({ targets }) =>
      [...targets.values()]
        .filter(({ deregisteredAt }) => deregisteredAt === undefined)
        .map(({ port }) => port),
    ),
    profile: instance?.IamInstanceProfile?.Arn,
    devices: instance?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.DeleteOnTermination),
  };
}

/** Does the action so that its process dies before its call of that number; `false` when it makes fewer. */
async function killedAt(world: Acting, name: string, given: unknown, call: number): Promise<boolean> {
  world.range.faults.add({ operation: '*', fault: { kind: 'unauthorized' }, skip: call });
  const failed = await world.act(named(name), { with: given }).then(
    () => false,
    () => true,
  );
  world.range.faults.clear();
  return failed;
}

describe('an action that is killed before any of its calls and done again', () => {
  it.each(CASES)('%s: is as if it had been done once, and is taken back exactly', async (name, given) => {
    const after = await (async () => {
      await using world = await scene();
      await world.act(named(name), { with: given });
      return await stateOf(world);
    })();
    let call = 0;
    for (; call < CALLS; call++) {
      await using world = await scene();
      const before = await stateOf(world);
      if (!(await killedAt(world, name, given, call))) break;
      const again = await world.act(named(name), { with: given, earlierTry: 'unknown' });
      expect(again, `call ${call}`).toMatchObject({ status: 'done' });
      expect(withoutIds(await stateOf(world)), `call ${call}`).toEqual(withoutIds(after));
      await world.undo(named(name));
      expect(await stateOf(world), `the undo after call ${call}`).toEqual(before);
    }
    expect(call).toBeGreaterThan(1);
    expect(call).toBeLessThan(CALLS);
  });
});

/** A group that is made gets another id whenever something else is made before it. */
function withoutIds(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/"sg-\w+"/g, '"sg"'));
}
