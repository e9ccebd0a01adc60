import type { AwsClients } from '../../aws/clients.ts';

/** An instance in its Auto Scaling group. */
export interface ScalingGroupMember {
  readonly name: string;
  /** As Auto Scaling names it, e.g. `InService` or `Detaching`. */
  readonly lifecycleState: string;
}

/** The Auto Scaling group that the instance is in now. */
export async function scalingGroupOf(
  aws: AwsClients,
  instanceId: string,
): Promise<ScalingGroupMember | undefined> {
  const autoscaling = await aws.use('autoscaling');
  const answer = await autoscaling.describeAutoScalingInstances({ InstanceIds: [instanceId] });
  const member = answer.AutoScalingInstances?.find(({ InstanceId }) => InstanceId === instanceId);
  if (member === undefined) return undefined;
  return { name: member.AutoScalingGroupName ?? '', lifecycleState: member.LifecycleState ?? '' };
}
