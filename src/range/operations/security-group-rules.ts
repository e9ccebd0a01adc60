import type {
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  IpPermission,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { type Account, type SimulatedGroup, tagsOf } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, page } from './query.ts';

export type Side = 'ingress' | 'egress';

/** One permission for each source, as AWS keeps and compares them; groups with the account they are of. */
export function singles(permissions: readonly IpPermission[], owner: string): IpPermission[] {
  return permissions.flatMap(
    ({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }) => {
      const ports = {
        IpProtocol,
        ...(FromPort === undefined ? {} : { FromPort }),
        ...(ToPort === undefined ? {} : { ToPort }),
      };
      return [
        ...(IpRanges ?? []).map(({ CidrIp, Description }) => ({
          ...ports,
          IpRanges: [{ CidrIp, ...described(Description) }],
        })),
        ...(Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({
          ...ports,
          Ipv6Ranges: [{ CidrIpv6, ...described(Description) }],
        })),
        ...(UserIdGroupPairs ?? []).map(({ GroupId, UserId = owner, Description }) => ({
          ...ports,
          UserIdGroupPairs: [{ GroupId, UserId, ...described(Description) }],
        })),
        ...(PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
          ...ports,
          PrefixListIds: [{ PrefixListId, ...described(Description) }],
        })),
      ];
    },
  );
}

/** A description does not make a rule another one. */
export function ruleKey(permission: IpPermission): string {
  return JSON.stringify(permission, (name, value: unknown) => (name === 'Description' ? undefined : value));
}

/** A rule has its id for as long as it lasts. */
const idsOf = accountState(() => new Map<string, string>());

function placeOf(group: SimulatedGroup, side: Side, permission: IpPermission): string {
  return `${group.groupId}/${side}/${ruleKey(permission)}`;
}

/** A rule that comes back is another one. */
export function forgetRule(
  account: Account,
  group: SimulatedGroup,
  side: Side,
  permission: IpPermission,
): void {
  idsOf(account).delete(placeOf(group, side, permission));
}

/** A permission of one source, as EC2 shows it as a rule. */
export function ruleOf(
  account: Account,
  group: SimulatedGroup,
  side: Side,
  permission: IpPermission,
): SecurityGroupRule & { readonly SecurityGroupRuleId: string } {
  const { IpProtocol, FromPort = -1, ToPort = -1, IpRanges, Ipv6Ranges } = permission;
  const [pair] = permission.UserIdGroupPairs ?? [];
  const [list] = permission.PrefixListIds ?? [];
  const place = placeOf(group, side, permission);
  const SecurityGroupRuleId = idsOf(account).get(place) ?? account.newId('sgr');
  idsOf(account).set(place, SecurityGroupRuleId);
  const source = IpRanges?.[0] ?? Ipv6Ranges?.[0] ?? pair ?? list;
  return {
    SecurityGroupRuleId,
    SecurityGroupRuleArn: `arn:aws:ec2:${account.region}:${account.id}:security-group-rule/${SecurityGroupRuleId}`,
    GroupId: group.groupId,
    GroupOwnerId: account.id,
    IsEgress: side === 'egress',
    IpProtocol,
    FromPort,
    ToPort,
    ...(IpRanges?.[0] === undefined ? {} : { CidrIpv4: IpRanges[0].CidrIp }),
    ...(Ipv6Ranges?.[0] === undefined ? {} : { CidrIpv6: Ipv6Ranges[0].CidrIpv6 }),
    ...(pair === undefined ? {} : { ReferencedGroupInfo: { GroupId: pair.GroupId, UserId: pair.UserId } }),
    ...(list === undefined ? {} : { PrefixListId: list.PrefixListId }),
    ...described(source?.Description),
    Tags: tagsOf(account, SecurityGroupRuleId),
  };
}

function rulesOf(account: Account, group: SimulatedGroup, side: Side) {
  return singles(group[side], account.id).map((permission) => ({
    permission,
    rule: ruleOf(account, group, side, permission),
  }));
}

/** The permissions of the rules that are named by their ids. */
export function permissionsOfRules(
  account: Account,
  group: SimulatedGroup,
  side: Side,
  ids: readonly string[],
): IpPermission[] {
  const rules = rulesOf(account, group, side);
  return ids.map((id) => {
    const found = rules.find(({ rule }) => rule.SecurityGroupRuleId === id);
    if (found === undefined) throw noRule(id);
    return found.permission;
  });
}

export function describeSecurityGroupRules(
  account: Account,
  input: DescribeSecurityGroupRulesRequest,
): DescribeSecurityGroupRulesResult {
  const all = [...account.securityGroups.values()].flatMap((group) =>
    [...rulesOf(account, group, 'ingress'), ...rulesOf(account, group, 'egress')].map(({ rule }) => rule),
  );
  const { SecurityGroupRuleIds: ids = [] } = input;
  for (const id of ids)
    if (!all.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id)) throw noRule(id);
  const wanted = ids.length === 0 ? all : all.filter((rule) => ids.includes(rule.SecurityGroupRuleId));
  const found = filtered(
    wanted,
    input.Filters,
    {
      'group-id': ({ GroupId }) => [GroupId],
      'security-group-rule-id': ({ SecurityGroupRuleId }) => [SecurityGroupRuleId],
    },
    ({ Tags = [] }) => Tags,
  );
  const { items, NextToken } = page(found, input);
  return { SecurityGroupRules: items, ...(NextToken ? { NextToken } : {}) };
}

function described(Description: string | undefined): { Description?: string } {
  return Description === undefined ? {} : { Description };
}

function noRule(id: string): AwsError {
  return new AwsError(
    'InvalidSecurityGroupRuleId.NotFound',
    `The security group rule ID '${id}' does not exist`,
  );
}
