import type { IpPermission, SecurityGroupRule, Tag } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';

/** One rule of a security group, as it can be authorized again. */
export interface GroupRule {
  readonly id: string;
  readonly egress: boolean;
  readonly permission: IpPermission;
  readonly tags: readonly Tag[];
}

export async function rulesOfGroup(aws: AwsClients, groupId: string): Promise<GroupRule[]> {
  const filters = [{ Name: 'group-id', Values: [groupId] }];
  const rules: GroupRule[] = [];
  for await (const page of aws.ec2.paginateDescribeSecurityGroupRules({ Filters: filters }))
    rules.push(...(page.SecurityGroupRules ?? []).map(groupRule));
  return rules;
}

/** Source: Amazon EC2 API Reference, "SecurityGroupRule" and "IpPermission". */
function groupRule(rule: SecurityGroupRule): GroupRule {
  const { IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, Description } = rule;
  const described = Description === undefined ? {} : { Description };
  const { GroupId, UserId, VpcId, VpcPeeringConnectionId } = rule.ReferencedGroupInfo ?? {};
  const pair = {
    ...(GroupId === undefined ? {} : { GroupId }),
    ...(UserId === undefined ? {} : { UserId }),
    ...(VpcId === undefined ? {} : { VpcId }),
    ...(VpcPeeringConnectionId === undefined ? {} : { VpcPeeringConnectionId }),
  };
  return {
    id: rule.SecurityGroupRuleId ?? '',
    egress: rule.IsEgress ?? false,
    permission: {
      IpProtocol,
      // All protocols have no ports to say.
      ...(IpProtocol === '-1' ? {} : { FromPort, ToPort }),
      ...(CidrIpv4 === undefined ? {} : { IpRanges: [{ CidrIp: CidrIpv4, ...described }] }),
      ...(CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6, ...described }] }),
      ...(PrefixListId === undefined ? {} : { PrefixListIds: [{ PrefixListId, ...described }] }),
      ...(GroupId === undefined ? {} : { UserIdGroupPairs: [{ ...pair, ...described }] }),
    },
    tags: (rule.Tags ?? []).filter(({ Key }) => Key?.startsWith('aws:') !== true),
  };
}

const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** Each source of a permission by itself, in one writing: what makes a rule the same as another. */
export function ruleKeys(permission: IpPermission): string[] {
  const { IpProtocol = '', FromPort = -1, ToPort = -1 } = permission;
  const protocol = PROTOCOLS[IpProtocol] ?? IpProtocol.toLowerCase();
  const ports = protocol === '-1' ? '' : `${FromPort}-${ToPort}`;
  const sources = [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6?.toLowerCase()),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
  ];
  return sources.map((source) => `${protocol} ${ports} ${source ?? ''}`);
}

/** For a person. */
export function ruleText({ permission, egress }: GroupRule): string {
  return `${egress ? 'to' : 'from'} ${ruleKeys(permission).join(', ')}`.replace(/ +/g, ' ');
}
