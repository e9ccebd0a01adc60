import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedGroup, tagsOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_GROUP, named, one, page } from './query.ts';
import {
  forgetRule,
  permissionsOfRules,
  ruleKey,
  ruleOf,
  type Side,
  singles,
} from './security-group-rules.ts';

const EVERYTHING_OUT: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

export function createSecurityGroup(
  account: Account,
  input: CreateSecurityGroupRequest,
): CreateSecurityGroupResult {
  const { GroupName: name = '', Description: description = '', VpcId: vpcId = '' } = input;
  one(account.vpcs, vpcId, { code: 'InvalidVpcID.NotFound', what: 'vpc' });
  for (const group of account.securityGroups.values()) {
    if (group.vpcId === vpcId && group.name === name) {
      throw new AwsError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      );
    }
  }
  const groupId = account.newId('sg');
  account.securityGroups.set(groupId, {
    groupId,
    name,
    description,
    vpcId,
    createdAt: account.clock.now(),
    ingress: [],
    egress: [EVERYTHING_OUT],
  });
  putTags(account, groupId, requestedTags(input.TagSpecifications, 'security-group'));
  return { GroupId: groupId, Tags: tagsOf(account, groupId) };
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

/** What a rule is said by: whole permissions, or the one permission that the request itself spells. */
interface RuleRequest {
  readonly GroupId?: string | undefined;
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly SecurityGroupRuleIds?: string[] | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly CidrIp?: string | undefined;
  readonly TagSpecifications?: TagSpecification[] | undefined;
}

function requested(request: RuleRequest): IpPermission[] {
  const { IpPermissions = [], IpProtocol, FromPort, ToPort, CidrIp } = request;
  if (CidrIp === undefined) return IpPermissions;
  return [...IpPermissions, { IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
}

export function authorize(side: Side) {
  return (account: Account, request: RuleRequest) => {
    const group: SimulatedGroup = one(account.securityGroups, request.GroupId, NO_GROUP);
    const known = singles(group[side], account.id);
    const keys = new Set(known.map(ruleKey));
    const wanted = singles(requested(request), account.id);
    if (wanted.some((permission) => keys.has(ruleKey(permission)))) {
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    }
    group[side] = [...known, ...wanted];
    const tags = requestedTags(request.TagSpecifications, 'security-group-rule');
    const rules = wanted.map((permission) => ruleOf(account, group, side, permission));
    for (const { SecurityGroupRuleId } of rules) putTags(account, SecurityGroupRuleId, tags);
    return { Return: true, SecurityGroupRules: rules.map((rule) => ({ ...rule, Tags: tags })) };
  };
}

export function revoke(side: Side) {
  return (account: Account, request: RuleRequest) => {
    const group: SimulatedGroup = one(account.securityGroups, request.GroupId, NO_GROUP);
    const known = singles(group[side], account.id);
    const named = permissionsOfRules(account, group, side, request.SecurityGroupRuleIds ?? []);
    const unwanted = new Set([...singles(requested(request), account.id), ...named].map(ruleKey));
    for (const wanted of unwanted) {
      if (!known.some((permission) => ruleKey(permission) === wanted)) {
        throw new AwsError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      }
    }
    const revoked = known.filter((permission) => unwanted.has(ruleKey(permission)));
    const RevokedSecurityGroupRules = revoked.map((permission) => {
      const { Tags: _, ...rule } = ruleOf(account, group, side, permission);
      forgetRule(account, group, side, permission);
      return rule;
    });
    group[side] = known.filter((permission) => !unwanted.has(ruleKey(permission)));
    return { Return: true, RevokedSecurityGroupRules };
  };
}

export function describeSecurityGroups(
  account: Account,
  input: DescribeSecurityGroupsRequest,
): DescribeSecurityGroupsResult {
  const age = ({ createdAt = 0 }: SimulatedGroup): number => account.clock.now() - createdAt;
  const visible = named(account.securityGroups, input.GroupIds, NO_GROUP).filter(
    // Ids that are asked for by name were answered before: only a search comes too early.
    (group) => input.GroupIds?.length || age(group) >= account.settings.visibilityLag,
  );
  const found = filtered(
    visible,
    input.Filters,
    {
      'group-id': ({ groupId }) => [groupId],
      'group-name': ({ name }) => [name],
      'vpc-id': ({ vpcId }) => [vpcId],
    },
    ({ groupId }) => tagsOf(account, groupId),
  );
  const { items, NextToken } = page(found, input);
  const SecurityGroups = items.map(({ groupId, name, description, vpcId, ingress, egress }) => ({
    GroupId: groupId,
    GroupName: name,
    Description: description,
    VpcId: vpcId,
    OwnerId: account.id,
    IpPermissions: singles(ingress, account.id),
    IpPermissionsEgress: singles(egress, account.id),
    Tags: tagsOf(account, groupId),
  }));
  return { SecurityGroups, ...(NextToken ? { NextToken } : {}) };
}
