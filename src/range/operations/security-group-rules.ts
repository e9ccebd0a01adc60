import { createHash } from 'node:crypto';
import type {
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  IpPermission,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { type Account, type SimulatedGroup, tagsOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_GROUP, one, page } from './query.ts';
import { key, type Side, singles } from './security-groups.ts';

/** The id of a rule: the same as long as the rule is. */
function ruleId({ groupId }: SimulatedGroup, side: Side, permission: IpPermission): string {
  const digest = createHash('sha256')
    .update(`${groupId}/${side}/${key(permission)}`)
    .digest('hex');
  return `sgr-0${digest.slice(0, 16)}`;
}

export function describeSecurityGroupRules(
  account: Account,
  input: DescribeSecurityGroupRulesRequest,
): DescribeSecurityGroupRulesResult {
  const rules = [...account.securityGroups.values()].flatMap((group) => rulesOf(account, group));
  for (const id of input.SecurityGroupRuleIds ?? []) {
    if (!rules.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id))
      throw new AwsError(
        'InvalidSecurityGroupRuleId.NotFound',
        `The security group rule ID '${id}' does not exist`,
      );
  }
  const wanted = rules.filter(
    ({ SecurityGroupRuleId = '' }) =>
      !input.SecurityGroupRuleIds?.length || input.SecurityGroupRuleIds.includes(SecurityGroupRuleId),
  );
  const fields = {
    'group-id': ({ GroupId }: SecurityGroupRule) => [GroupId],
    'security-group-rule-id': ({ SecurityGroupRuleId }: SecurityGroupRule) => [SecurityGroupRuleId],
  };
  const found = filtered(wanted, input.Filters, fields, ({ Tags }) => Tags ?? []);
  const { items, NextToken } = page(found, input);
  return { SecurityGroupRules: items, ...(NextToken ? { NextToken } : {}) };
}

function rulesOf(account: Account, group: SimulatedGroup): SecurityGroupRule[] {
  return (['ingress', 'egress'] as const).flatMap((side) =>
    singles(group[side]).map((permission) => {
      const SecurityGroupRuleId = ruleId(group, side, permission);
      const { IpProtocol, FromPort = -1, ToPort = -1 } = permission;
      const [v4] = permission.IpRanges ?? [];
      const [v6] = permission.Ipv6Ranges ?? [];
      const [pair] = permission.UserIdGroupPairs ?? [];
      const [list] = permission.PrefixListIds ?? [];
      const text = (v4 ?? v6 ?? pair ?? list)?.Description;
      return {
        SecurityGroupRuleId,
        GroupId: group.groupId,
        GroupOwnerId: account.id,
        IsEgress: side === 'egress',
        IpProtocol,
        FromPort,
        ToPort,
        ...(v4?.CidrIp === undefined ? {} : { CidrIpv4: v4.CidrIp }),
        ...(v6?.CidrIpv6 === undefined ? {} : { CidrIpv6: v6.CidrIpv6 }),
        ...(pair?.GroupId === undefined
          ? {}
          : { ReferencedGroupInfo: { GroupId: pair.GroupId, UserId: account.id } }),
        ...(list?.PrefixListId === undefined ? {} : { PrefixListId: list.PrefixListId }),
        ...(text === undefined ? {} : { Description: text }),
        Tags: tagsOf(account, SecurityGroupRuleId),
      };
    }),
  );
}

/** The rules of a group that a request names by their ids. */
export function permissionsNamed(
  group: SimulatedGroup,
  side: Side,
  ids: readonly string[],
): readonly IpPermission[] {
  const known = singles(group[side]);
  return ids.map((id) => {
    const found = known.find((permission) => ruleId(group, side, permission) === id);
    if (found === undefined)
      throw new AwsError(
        'InvalidSecurityGroupRuleId.NotFound',
        `The security group rule ID '${id}' does not exist`,
      );
    return found;
  });
}

export function deleteSecurityGroup(
  account: Account,
  { GroupId, GroupName }: DeleteSecurityGroupRequest,
): DeleteSecurityGroupResult {
  const named = [...account.securityGroups.values()].find((group) => group.name === GroupName);
  const { groupId, name } = one(account.securityGroups, GroupId ?? named?.groupId, NO_GROUP);
  if (name === 'default')
    throw new AwsError(
      'CannotDelete',
      'the specified group: "default" name: "default" cannot be deleted by a user',
    );
  const isUsed = [...account.networkInterfaces.values()].some(({ Groups }) =>
    (Groups ?? []).some((group) => group.GroupId === groupId),
  );
  const isNamed = [...account.securityGroups.values()].some(
    (group) =>
      group.groupId !== groupId &&
      [...group.ingress, ...group.egress].some(({ UserIdGroupPairs }) =>
        UserIdGroupPairs?.some((pair) => pair.GroupId === groupId),
      ),
  );
  if (isUsed || isNamed)
    throw new AwsError('DependencyViolation', `resource ${groupId} has a dependent object`);
  account.securityGroups.delete(groupId);
  return { Return: true, GroupId: groupId };
}
