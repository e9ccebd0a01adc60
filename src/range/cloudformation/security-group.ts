import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Account, SimulatedGroup } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { createSecurityGroup } from '../operations/security-groups.ts';
import type { Properties, ResourceType } from './types.ts';

interface Rule {
  readonly IpProtocol?: unknown;
  readonly FromPort?: unknown;
  readonly ToPort?: unknown;
  readonly Description?: string | undefined;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly SourceSecurityGroupId?: string;
  readonly DestinationSecurityGroupId?: string;
}

const EVERYTHING_OUT: Rule = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** Without a VPC that is named, it is in the first one of the account. */
export const SECURITY_GROUP: ResourceType = {
  replacement: ['GroupName', 'GroupDescription', 'VpcId'],
  name: 'GroupName',
  create(account, properties, newName) {
    const vpcId = String(properties.VpcId ?? [...account.vpcs.keys()][0] ?? '');
    const { GroupId: id = '' } = createSecurityGroup(account, {
      GroupName: String(properties.GroupName ?? newName),
      Description: String(properties.GroupDescription ?? ''),
      VpcId: vpcId,
    });
    this.update(account, id, properties);
    return { physicalId: id, attributes: { GroupId: id, VpcId: vpcId } };
  },
  update(account, id, properties) {
    const group = groupOf(account, id);
    const { SecurityGroupIngress = [], SecurityGroupEgress = [EVERYTHING_OUT] } = properties;
    group.ingress = (SecurityGroupIngress as Rule[]).map(permission);
    group.egress = (SecurityGroupEgress as Rule[]).map(permission);
  },
  delete(account, id) {
    const isUsed = [...account.networkInterfaces.values()].some(({ Groups }) =>
      Groups?.some(({ GroupId }) => GroupId === id),
    );
    if (isUsed) throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
    account.securityGroups.delete(id);
  },
  read(account, id): Properties | undefined {
    const group = account.securityGroups.get(id);
    if (group === undefined) return undefined;
    return {
      GroupDescription: group.description,
      GroupName: group.name,
      VpcId: group.vpcId,
      SecurityGroupIngress: group.ingress.flatMap((one) => rulesOf(one, 'SourceSecurityGroupId')),
      SecurityGroupEgress: group.egress.flatMap((one) => rulesOf(one, 'DestinationSecurityGroupId')),
    };
  },
};

function groupOf(account: Account, id: string): SimulatedGroup {
  const group = account.securityGroups.get(id);
  if (group === undefined)
    throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return group;
}

function permission(rule: Rule): IpPermission {
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const described = rule.Description === undefined ? {} : { Description: rule.Description };
  return {
    IpProtocol: String(rule.IpProtocol),
    ...(rule.FromPort === undefined ? {} : { FromPort: Number(rule.FromPort) }),
    ...(rule.ToPort === undefined ? {} : { ToPort: Number(rule.ToPort) }),
    ...(rule.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: rule.CidrIp, ...described }] }),
    ...(rule.CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: rule.CidrIpv6, ...described }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...described }] }),
  };
}

function rulesOf(
  { IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs }: IpPermission,
  group: 'SourceSecurityGroupId' | 'DestinationSecurityGroupId',
): Rule[] {
  const common = {
    IpProtocol,
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
  };
  return [
    ...(IpRanges ?? []).map(({ CidrIp = '', ...more }) => ({ ...common, CidrIp, ...more })),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 = '', ...more }) => ({ ...common, CidrIpv6, ...more })),
    ...(UserIdGroupPairs ?? []).map(({ GroupId = '', Description }) => ({
      ...common,
      [group]: GroupId,
      ...(Description === undefined ? {} : { Description }),
    })),
  ];
}
