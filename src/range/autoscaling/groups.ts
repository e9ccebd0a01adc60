import { randomUUID } from 'node:crypto';
import type {
  AttachInstancesQuery,
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  CreateAutoScalingGroupType,
  DescribeAutoScalingInstancesType,
  DetachInstancesAnswer,
  DetachInstancesQuery,
} from '@aws-sdk/client-auto-scaling';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { targetGroupsOf } from '../elb/target-groups.ts';
import { deregisterTargets, registerTargets } from '../elb/targets.ts';
import { stateOf } from '../operations/instances.ts';
import {
  activity,
  groupOf,
  invalid,
  join,
  launch,
  membersOf,
  type SimulatedScalingGroup,
  scalingGroup,
  scalingGroupsOf,
  shownMember,
} from './group.ts';

/** Only from an instance: its type, groups and subnet are those of the group's own. */
export function createAutoScalingGroup(account: Account, input: CreateAutoScalingGroupType): object {
  const { AutoScalingGroupName: name = '', MinSize = 0, MaxSize = 0 } = input;
  if (scalingGroupsOf(account).has(name))
    throw new AwsError('AlreadyExists', `AutoScalingGroup by this name already exists - ${name}`);
  const desired = input.DesiredCapacity ?? MinSize;
  if (desired < MinSize || desired > MaxSize)
    throw invalid('Desired capacity must be between the min size and the max size of the group');
  const pattern = account.instances.get(input.InstanceId ?? '')?.instance;
  if (pattern === undefined) throw invalid(`Instance ${input.InstanceId} not found`);
  const [networkInterface] = [...account.networkInterfaces.values()].filter(
    ({ Attachment }) => Attachment?.InstanceId === input.InstanceId,
  );
  const group: SimulatedScalingGroup = {
    name,
    arn: `arn:aws:autoscaling:${account.region}:${account.id}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`,
    min: MinSize,
    max: MaxSize,
    desired,
    createdAt: account.clock.now(),
    targetGroupArns: input.TargetGroupARNs ?? [],
    subnetIds: input.VPCZoneIdentifier ?? pattern.SubnetId ?? '',
    launch: {
      MinCount: 1,
      MaxCount: 1,
      ImageId: pattern.ImageId,
      InstanceType: pattern.InstanceType,
      SubnetId: pattern.SubnetId,
      SecurityGroupIds: (networkInterface?.Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
    },
    members: new Map(),
  };
  scalingGroupsOf(account).set(name, group);
  for (let made = 0; made < desired; made++) launch(account, group);
  return {};
}

export function describeAutoScalingGroups(
  account: Account,
  { AutoScalingGroupNames }: AutoScalingGroupNamesType,
): AutoScalingGroupsType {
  const wanted = [...scalingGroupsOf(account).values()].filter(
    ({ name }) => !AutoScalingGroupNames?.length || AutoScalingGroupNames.includes(name),
  );
  return { AutoScalingGroups: wanted.map((group) => shown(account, group)) };
}

function shown(account: Account, group: SimulatedScalingGroup): AutoScalingGroup {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: 300,
    AvailabilityZones: [`${account.region}a`],
    TargetGroupARNs: [...group.targetGroupArns],
    HealthCheckType: 'EC2',
    CreatedTime: new Date(group.createdAt),
    VPCZoneIdentifier: group.subnetIds,
    Instances: [...membersOf(account, group)].map(([id, member]) => shownMember(account, id, member)),
  };
}

export function describeAutoScalingInstances(
  account: Account,
  { InstanceIds }: DescribeAutoScalingInstancesType,
): AutoScalingInstancesType {
  const all = [...scalingGroupsOf(account).values()].flatMap((group) =>
    [...membersOf(account, group)].map(([id, member]) => {
      const { InstanceId, AvailabilityZone, ...rest } = shownMember(account, id, member);
      return {
        ...rest,
        InstanceId,
        AvailabilityZone: AvailabilityZone ?? '',
        AutoScalingGroupName: group.name,
        // This call writes it in capitals.
        HealthStatus: 'HEALTHY',
      };
    }),
  );
  const wanted = all.filter(
    ({ InstanceId = '' }) => !InstanceIds?.length || InstanceIds.includes(InstanceId),
  );
  return { AutoScalingInstances: wanted };
}

/** Source: Amazon EC2 Auto Scaling User Guide, "Detach or attach instances from your Auto Scaling group". */
export function detachInstances(account: Account, input: DetachInstancesQuery): DetachInstancesAnswer {
  const group = scalingGroup(account, input.AutoScalingGroupName);
  const ids = input.InstanceIds ?? [];
  for (const id of ids) {
    const member = membersOf(account, group).get(id);
    if (member === undefined || member.leavingSince !== undefined)
      throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
  }
  if (input.ShouldDecrementDesiredCapacity && group.desired - ids.length < group.min)
    throw invalid(
      `Currently, desiredSize equals minSize (${group.min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  for (const id of ids) {
    const member = membersOf(account, group).get(id);
    if (member !== undefined) member.leavingSince = account.clock.now();
    for (const TargetGroupArn of group.targetGroupArns) {
      const registered = targetGroupsOf(account).get(TargetGroupArn)?.targets.values() ?? [];
      const Targets = [...registered]
        .filter((one) => one.id === id)
        .map(({ port }) => ({ Id: id, Port: port }));
      deregisterTargets(account, { TargetGroupArn, Targets });
    }
    if (input.ShouldDecrementDesiredCapacity) group.desired--;
    else launch(account, group);
  }
  return { Activities: ids.map((id) => activity(account, group, `Detaching EC2 instance: ${id}`)) };
}

export function attachInstances(account: Account, input: AttachInstancesQuery): object {
  const group = scalingGroup(account, input.AutoScalingGroupName);
  const ids = input.InstanceIds ?? [];
  for (const id of ids) {
    const simulated = account.instances.get(id);
    if (simulated === undefined || stateOf(account, simulated) !== 'running')
      throw invalid(`Invalid Instance ID(s): [${id}]. Specify instances that are in the running state.`);
    const other = groupOf(account, id);
    if (other !== undefined)
      throw invalid(`Instance ${id} is already part of AutoScalingGroup:${other.name}`);
  }
  if (group.desired + ids.length > group.max)
    throw invalid(
      `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To attach ${ids.length} more instance, please update the AutoScalingGroup sizes appropriately.`,
    );
  for (const id of ids) {
    join(account, group, id);
    group.desired++;
    for (const TargetGroupArn of group.targetGroupArns)
      registerTargets(account, { TargetGroupArn, Targets: [{ Id: id }] });
  }
  return {};
}
