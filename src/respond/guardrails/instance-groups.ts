import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describeInstance } from '../../actions/instance/instance.ts';
import type { AwsClients } from '../../aws/clients.ts';
import type { Subject } from '../../model/subject.ts';

/** A group that an instance is in, as it is now. */
export interface InstanceGroup {
  /** One text a group of all accounts and regions. */
  readonly key: string;
  /** For a person. */
  readonly name: string;
  /** How many instances it is meant to have. */
  readonly size: number;
  /** Ids of those that are in service and well. */
  readonly healthy: ReadonlySet<string>;
}

/** Target groups whose health is asked for at the same time. */
const AT_ONCE = 5;

/** The Auto Scaling group and the target groups that an instance is in. */
export async function instanceGroups(aws: AwsClients, subject: Subject): Promise<InstanceGroup[]> {
  return [...(await scalingGroups(aws, subject)), ...(await targetGroups(aws, subject))];
}

/** At most one: an instance cannot be in two. Source: Amazon EC2 Auto Scaling API Reference. */
async function scalingGroups(aws: AwsClients, { id, account, region }: Subject): Promise<InstanceGroup[]> {
  const autoscaling = await aws.use('autoscaling');
  const { AutoScalingInstances = [] } = await autoscaling.describeAutoScalingInstances({ InstanceIds: [id] });
  const names = AutoScalingInstances.flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []);
  if (names.length === 0) return [];
  const { AutoScalingGroups = [] } = await autoscaling.describeAutoScalingGroups({
    AutoScalingGroupNames: names,
  });
  return AutoScalingGroups.map(({ AutoScalingGroupName: name = '', DesiredCapacity = 0, Instances = [] }) => {
    const isWell = (one: (typeof Instances)[number]): boolean =>
      one.LifecycleState === 'InService' && one.HealthStatus?.toLowerCase() === 'healthy';
    return {
      key: `asg:${account}/${region}/${name}`,
      name: `Auto Scaling group ${name}`,
      size: DesiredCapacity,
      healthy: wellOf(Instances, isWell, ({ InstanceId }) => InstanceId),
    };
  });
}

/** There is no way from an instance to its target groups: those of its VPC are asked for their targets. */
async function targetGroups(aws: AwsClients, { id }: Subject): Promise<InstanceGroup[]> {
  const instance = await describeInstance(aws, id);
  if (instance?.VpcId === undefined) return [];
  const loadBalancing = await aws.use('elasticloadbalancing');
  const candidates: TargetGroup[] = [];
  for await (const { TargetGroups = [] } of loadBalancing.paginateDescribeTargetGroups({})) {
    candidates.push(
      ...TargetGroups.filter(
        ({ VpcId, TargetType }) => VpcId === instance.VpcId && /^(instance|ip)$/.test(TargetType ?? ''),
      ),
    );
  }
  const addresses = new Set((instance.NetworkInterfaces ?? []).flatMap(addressesOf));
  const groups: InstanceGroup[] = [];
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    const some = candidates.slice(from, from + AT_ONCE);
    const health = await Promise.all(
      some.map(({ TargetGroupArn }) => loadBalancing.describeTargetHealth({ TargetGroupArn })),
    );
    for (const [index, { TargetHealthDescriptions = [] }] of health.entries()) {
      const { TargetGroupArn = '', TargetGroupName = '' } = some[index] ?? {};
      // A target by address goes by the instance's id where it is this instance.
      const nameOf = (target: string | undefined): string | undefined =>
        target !== undefined && addresses.has(target) ? id : target;
      const all = TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
        id: nameOf(Target?.Id),
        state: TargetHealth?.State,
      }));
      if (!all.some((target) => target.id === id)) continue;
      // A new target is on its way in, and one of a group that no listener uses is never checked.
      const isWell = ({ state }: (typeof all)[number]): boolean =>
        state === 'healthy' || state === 'initial' || state === 'unused' || state === 'unavailable';
      groups.push({
        key: `targets:${TargetGroupArn}`,
        name: `target group ${TargetGroupName}`,
        size: new Set(all.map((target) => target.id)).size,
        healthy: wellOf(all, isWell, (target) => target.id),
      });
    }
  }
  return groups;
}

function addressesOf({
  PrivateIpAddresses = [],
  Ipv6Addresses = [],
}: {
  readonly PrivateIpAddresses?: readonly { PrivateIpAddress?: string | undefined }[] | undefined;
  readonly Ipv6Addresses?: readonly { Ipv6Address?: string | undefined }[] | undefined;
}): string[] {
  return [
    ...PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    ...Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
  ];
}

/** The ids of those that are well; one that is listed on several ports is well when all are. */
function wellOf<T>(
  all: readonly T[],
  isWell: (one: T) => boolean,
  idOf: (one: T) => string | undefined,
): Set<string> {
  const ill = new Set(all.filter((one) => !isWell(one)).map(idOf));
  return new Set(all.flatMap((one) => (ill.has(idOf(one)) ? [] : (idOf(one) ?? []))));
}
