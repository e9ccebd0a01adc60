import { randomUUID } from 'node:crypto';
import type { Activity, Instance } from '@aws-sdk/client-auto-scaling';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { type Account, putTags } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { runInstances } from '../operations/instances.ts';

export interface SimulatedScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly min: number;
  readonly max: number;
  desired: number;
  readonly createdAt: number;
  readonly targetGroupArns: readonly string[];
  readonly subnetIds: string;
  /** How its instances are launched. */
  readonly launch: RunInstancesRequest;
  readonly members: Map<string, Member>;
}

export interface Member {
  /** Simulated milliseconds since the epoch. */
  readonly since: number;
  leavingSince?: number;
}

/** The tag that Auto Scaling gives to its instances. */
export const GROUP_TAG = 'aws:autoscaling:groupName';

/** Every Auto Scaling group by its name. */
export const scalingGroupsOf = accountState(() => new Map<string, SimulatedScalingGroup>());

export function scalingGroup(account: Account, name: string | undefined): SimulatedScalingGroup {
  const found = scalingGroupsOf(account).get(name ?? '');
  if (found === undefined) throw invalid(`AutoScalingGroup name not found - ${name}`);
  return found;
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** The instances of a group; one that has left is gone once that took its time. */
export function membersOf(account: Account, group: SimulatedScalingGroup): ReadonlyMap<string, Member> {
  const now = account.clock.now();
  for (const [id, { leavingSince }] of group.members) {
    if (leavingSince === undefined || now - leavingSince < account.settings.stateChangeDuration) continue;
    group.members.delete(id);
    account.tags.get(id)?.delete(GROUP_TAG);
  }
  return group.members;
}

/** The group that an instance is in. */
export function groupOf(account: Account, instanceId: string): SimulatedScalingGroup | undefined {
  return [...scalingGroupsOf(account).values()].find((group) => membersOf(account, group).has(instanceId));
}

export function launch(account: Account, group: SimulatedScalingGroup): void {
  const { Instances } = runInstances(account, { ...group.launch, MinCount: 1, MaxCount: 1 });
  for (const { InstanceId = '' } of Instances) join(account, group, InstanceId);
}

export function join(account: Account, group: SimulatedScalingGroup, instanceId: string): void {
  group.members.set(instanceId, { since: account.clock.now() });
  putTags(account, instanceId, [{ Key: GROUP_TAG, Value: group.name }]);
}

export function shownMember(account: Account, id: string, { since, leavingSince }: Member): Instance {
  const settled = account.clock.now() - since >= account.settings.stateChangeDuration;
  return {
    InstanceId: id,
    InstanceType: account.instances.get(id)?.instance.InstanceType,
    AvailabilityZone: account.instances.get(id)?.instance.Placement?.AvailabilityZone,
    LifecycleState: leavingSince !== undefined ? 'Detaching' : settled ? 'InService' : 'Pending',
    HealthStatus: 'Healthy',
    ProtectedFromScaleIn: false,
  };
}

export function activity(account: Account, group: SimulatedScalingGroup, Description: string): Activity {
  const StartTime = new Date(account.clock.now());
  return {
    ActivityId: randomUUID(),
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Description,
    Cause: `At ${StartTime.toISOString()} a user request changed the group.`,
    StartTime,
    StatusCode: 'InProgress',
    Progress: 50,
  };
}
