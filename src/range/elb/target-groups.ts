import { createHash } from 'node:crypto';
import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedTargetGroup {
  readonly group: TargetGroup;
  /** By {@link targetKey}. */
  readonly targets: Map<string, SimulatedTarget>;
}

export interface SimulatedTarget {
  readonly id: string;
  readonly port: number;
  readonly registeredAt: number;
  /** Set while it is draining. */
  deregisteredAt?: number;
}

/** Every target group by its ARN. */
export const targetGroupsOf = accountState(() => new Map<string, SimulatedTargetGroup>());

export function targetKey(id: string, port: number): string {
  return `${id}:${port}`;
}

export function targetGroup(account: Account, arn: string | undefined): SimulatedTargetGroup {
  const found = targetGroupsOf(account).get(arn ?? '');
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): AwsError {
  return new AwsError('TargetGroupNotFound', 'One or more target groups not found');
}

export function createTargetGroup(account: Account, input: CreateTargetGroupInput): CreateTargetGroupOutput {
  const { Name = '', Port = 80, Protocol = 'HTTP', VpcId, TargetType = 'instance' } = input;
  const same = [...targetGroupsOf(account).values()].find(({ group }) => group.TargetGroupName === Name);
  if (same !== undefined)
    throw new AwsError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${Name}' exists, but with different settings`,
    );
  const id = createHash('sha256').update(`${account.id}/${Name}`).digest('hex').slice(0, 16);
  const TargetGroupArn = `arn:aws:elasticloadbalancing:${account.region}:${account.id}:targetgroup/${Name}/${id}`;
  const group: TargetGroup = {
    TargetGroupArn,
    TargetGroupName: Name,
    Protocol,
    Port,
    ...(VpcId === undefined ? {} : { VpcId }),
    TargetType,
    HealthCheckEnabled: true,
    HealthCheckPort: 'traffic-port',
    LoadBalancerArns: [],
  };
  targetGroupsOf(account).set(TargetGroupArn, { group, targets: new Map() });
  return { TargetGroups: [group] };
}

const PAGE = 400;

export function describeTargetGroups(
  account: Account,
  { TargetGroupArns, Names, Marker, PageSize }: DescribeTargetGroupsInput,
): DescribeTargetGroupsOutput {
  const all = [...targetGroupsOf(account).values()].map(({ group }) => group);
  for (const arn of TargetGroupArns ?? []) targetGroup(account, arn);
  for (const name of Names ?? [])
    if (!all.some(({ TargetGroupName }) => TargetGroupName === name)) throw notFound();
  const wanted = all.filter(
    ({ TargetGroupArn = '', TargetGroupName = '' }) =>
      (!TargetGroupArns?.length || TargetGroupArns.includes(TargetGroupArn)) &&
      (!Names?.length || Names.includes(TargetGroupName)),
  );
  const from = Number(Marker ?? 0);
  const to = from + (PageSize ?? PAGE);
  return {
    TargetGroups: wanted.slice(from, to),
    ...(to < wanted.length ? { NextMarker: String(to) } : {}),
  };
}
