import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../test/acting.ts';
import { ECS_TASK, LAMBDA_FUNCTION } from '../model/subject.ts';
import { manage } from '../range/ssm/managed.ts';
import type { Action } from './action.ts';
import { INSTANCE_ACTIONS } from './instance/actions.ts';
import { ACTIONS } from './registry.ts';
import { WORKLOAD_ACTIONS } from './workload/actions.ts';

/** What IAM asks for in a call that has another name, or that AWS makes for the caller. */
const IN_OTHER_CALLS = new Set([
  // For tags in the request that creates something.
  'ec2:CreateTags',
  // For the role of the profile that is associated.
  'iam:PassRole',
  // EBS, in the name of who copies.
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]);

function actionNamed(name: string): Action {
  const action = ACTIONS.get(name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  return action;
}

/** An instance with everything that an action may take away from it. */
async function scene(): Promise<Acting> {
  const world = await acting();
  const { honeypot, account, aws } = world;
  manage(account, honeypot.instanceId);
  const elb = await aws.use('elasticloadbalancing');
  const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', Port: 80, VpcId: honeypot.vpcId });
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
  await elb.registerTargets({ TargetGroupArn, Targets: [{ Id: honeypot.instanceId }] });
  const autoscaling = await aws.use('autoscaling');
  const group = { AutoScalingGroupName: 'shop' };
  await autoscaling.createAutoScalingGroup({
    ...group,
    InstanceId: honeypot.instanceId,
    MinSize: 0,
    MaxSize: 9,
  });
  await autoscaling.attachInstances({ ...group, InstanceIds: [honeypot.instanceId] });
  return world;
}

/** As a person may, who wants to look at the instance. */
async function openQuarantine(world: Acting): Promise<void> {
  const { groupId } = world.output('isolate-instance') as { groupId: string };
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '203.0.113.7/32' }] }];
  await world.aws.ec2.authorizeSecurityGroupIngress({ GroupId: groupId, IpPermissions });
}

const STEPS: readonly (readonly [action: string, given?: unknown])[] = [
  ['record-instance'],
  ['record-memberships'],
  ['capture-console'],
  ['collect-live', { commands: ['ps axf'] }],
  ['await-live'],
  ['tag-instance', { tags: { Name: 'quarantined', case: '1' } }],
  ['protect-from-termination'],
  ['isolate-instance'],
  ['block-address', { address: '192.0.2.44', fields: ['dst_ip'] }],
  ['detach-from-autoscaling', { decrementDesiredCapacity: true }],
  ['deregister-from-target-groups'],
  ['detach-instance-profile'],
  ['keep-volumes'],
  ['snapshot-volumes'],
  ['await-snapshots'],
  ['copy-snapshots', { key: 'arn:aws:kms:us-east-1:999988887777:key/0987dcba-09fe-87dc-65ba-ab0987654321' }],
  ['share-snapshots', { account: '999988887777' }],
];

/** Those that only a part of the scenes can do: each in its own. */
const APART = [
  'allow-termination',
  'stop-instance',
  'hibernate-instance',
  'terminate-instance',
  'verify-terminated',
];

describe('the permissions of an action', () => {
  it('are what its calls need, and nothing else', async () => {
    await using world = await scene();
    for (const [name, given] of STEPS) {
      const outcome = await world.act(actionNamed(name), {
        found: { dst_ip: '198.51.100.7' },
        ...(given === undefined ? {} : { with: given }),
      });
      expect(outcome, name).toMatchObject({ status: 'done' });
    }
    await openQuarantine(world);
    await world.act(actionNamed('isolate-instance'));
    const undone = STEPS.map(([name]) => actionNamed(name)).filter(({ undo }) => undo.kind === 'by');
    for (const action of undone.reverse())
      expect(await world.undo(action), action.name).toMatchObject({ status: 'done' });
    for (const [name] of STEPS) expectExact(world, actionNamed(name));
  });

  it('are so of those that end or stop an instance', async () => {
    for (const name of ['allow-termination', 'stop-instance', 'hibernate-instance']) {
      await using world = await acting();
      Object.assign(world.account.instances.get(world.honeypot.instanceId) ?? {}, {
        terminationProtected: true,
      });
      const { instance } = world.account.instances.get(world.honeypot.instanceId) ?? {};
      Object.assign(instance ?? {}, { HibernationOptions: { Configured: true } });
      await world.act(actionNamed('record-instance'));
      expect(await world.act(actionNamed(name)), name).toMatchObject({ status: 'done' });
      expect(await world.undo(actionNamed(name)), name).toMatchObject({ status: 'done' });
      expectExact(world, actionNamed(name));
    }
    await using world = await acting();
    for (const name of ['record-instance', 'snapshot-volumes', 'await-snapshots', 'seal-evidence'])
      await world.act(actionNamed(name));
    for (const name of ['terminate-instance', 'verify-terminated']) {
      expect(await world.act(actionNamed(name)), name).toMatchObject({ status: 'done' });
      expectExact(world, actionNamed(name));
    }
  });

  it('are so of workloads', async () => {
    await using world = await acting();
    const lambda = await world.aws.use('lambda');
    const Role = 'arn:aws:iam::123456789012:role/r';
    const Code = { ZipFile: Buffer.from('PK') };
    const aFunction = { subject: { ...world.subject, type: LAMBDA_FUNCTION, id: 'f' } };
    await lambda.createFunction({ FunctionName: 'f', Role, Code });
    for (const reserved of [undefined, 7]) {
      if (reserved !== undefined)
        await lambda.putFunctionConcurrency({ FunctionName: 'f', ReservedConcurrentExecutions: reserved });
      await world.act(actionNamed('record-lambda'), aFunction);
      await world.act(actionNamed('stop-lambda'), aFunction);
      await world.undo(actionNamed('stop-lambda'), aFunction);
    }
    const ecs = await world.aws.use('ecs');
    await ecs.createCluster({ clusterName: 'c' });
    await ecs.registerTaskDefinition({ family: 'f', containerDefinitions: [] });
    const { tasks } = await ecs.runTask({ cluster: 'c', taskDefinition: 'f' });
    const task = { subject: { ...world.subject, type: ECS_TASK, id: tasks?.[0]?.taskArn ?? '' } };
    for (const name of ['record-ecs-task', 'seal-evidence', 'stop-ecs-task'])
      expect(await world.act(actionNamed(name), task), name).toMatchObject({ status: 'done' });
    for (const action of WORKLOAD_ACTIONS) expectExact(world, action);
  });

  it('are proved here of every action on instances', () => {
    const proved = [...STEPS.map(([name]) => name), ...APART].sort();
    expect(proved).toEqual(INSTANCE_ACTIONS.map(({ name }) => name).sort());
  });
});

/** That an action calls nothing else is held when it is done; this holds that it calls all of it. */
function expectExact(world: Acting, { name, permissions, undo }: Action): void {
  const direct = (all: readonly string[]) => all.filter((one) => !IN_OTHER_CALLS.has(one)).sort();
  expect(direct(world.used(name)), name).toEqual(direct(permissions));
  if (undo.kind === 'by')
    expect(direct(world.used(name, 'undo')), `undo of ${name}`).toEqual(direct(undo.permissions));
}
