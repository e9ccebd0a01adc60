import type { TargetDescription, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../aws/clients.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { type RecordedInstance, recordedInstance } from './record-instance.ts';
import { scalingGroupOf } from './scaling-group.ts';

/** What keeps the instance alive and sends it work, as it was found. */
export interface RecordedMemberships {
  /** Name of its Auto Scaling group. */
  readonly scalingGroup: string | null;
  readonly targets: readonly RecordedTarget[];
}

/** The instance, or one of its addresses, in a target group. */
export interface RecordedTarget {
  readonly targetGroup: string;
  readonly id: string;
  readonly port: number;
  /** Only of addresses outside the load balancer's VPC, where it is `all`. */
  readonly availabilityZone?: string;
}

export const recordMemberships = defineAction({
  name: 'record-memberships',
  title: 'Record the groups that the instance works in',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: ['record-instance'],
  permissions: [
    'autoscaling:DescribeAutoScalingInstances',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ],
  about: {
    precondition: 'none',
    effect:
      'writes its Auto Scaling group, and each target group and port that it is registered at, into the case',
    proof: 'what the services answered',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record the Auto Scaling group and the target groups of ${id}`,
  async run({ aws, subject, caseFile, output }) {
    const recorded = recordedInstance(output('record-instance'));
    const member = await scalingGroupOf(aws, subject.id);
    const targets = await registeredTargets(aws, recorded);
    const found: RecordedMemberships = { scalingGroup: member?.name ?? null, targets };
    caseFile.writeJson('memberships.json', toJson(found));
    return done(
      toJson(found),
      `${found.scalingGroup ?? 'no Auto Scaling group'}; registered at ${targets.length} ports of target groups`,
    );
  },
});

/** There is no way to ask by instance: each target group of its VPC is asked whom it has. */
async function registeredTargets(aws: AwsClients, recorded: RecordedInstance): Promise<RecordedTarget[]> {
  const elb = await aws.use('elasticloadbalancing');
  const addresses = recorded.networkInterfaces.flatMap((one) => one.addresses);
  const ids = new Set([recorded.instanceId, ...addresses]);
  const targets: RecordedTarget[] = [];
  for await (const page of elb.paginateDescribeTargetGroups({})) {
    for (const group of (page.TargetGroups ?? []).filter((one) => mayHave(one, recorded.vpcId))) {
      const TargetGroupArn = group.TargetGroupArn ?? '';
      const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn });
      const own = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
        .map(({ Target }) => Target)
        .filter((target) => target !== undefined && ids.has(target.Id ?? ''));
      targets.push(...own.map((target) => recordedTarget(TargetGroupArn, target)));
    }
  }
  return targets;
}

function mayHave({ TargetType, VpcId }: TargetGroup, vpcId: string): boolean {
  return (TargetType === 'instance' || TargetType === 'ip') && (VpcId === undefined || VpcId === vpcId);
}

function recordedTarget(targetGroup: string, target: TargetDescription | undefined): RecordedTarget {
  const { Id: id = '', Port: port = 0, AvailabilityZone } = target ?? { Id: '' };
  return {
    targetGroup,
    id,
    port,
    ...(AvailabilityZone === undefined ? {} : { availabilityZone: AvailabilityZone }),
  };
}

/** The groups as {@link recordMemberships} found them. */
export function recordedMemberships(output: unknown): RecordedMemberships {
  if (output === undefined) throw new Error('record-memberships must come first in the playbook');
  return output as RecordedMemberships;
}
