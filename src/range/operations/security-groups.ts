import { createHash } from 'node:crypto';
import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  RevokedSecurityGroupRule,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedGroup, tagsOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_GROUP, named, one, page } from './query.ts';

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
    ingress: [],
    egress: [EVERYTHING_OUT],
  });
  putTags(account, groupId, requestedTags(input.TagSpecifications, 'security-group'));
  return { GroupId: groupId, Tags: tagsOf(account, groupId) };
}

export function deleteSecurityGroup(account: Account, { GroupId }: DeleteSecurityGroupRequest) {
  const { groupId } = one(account.securityGroups, GroupId, NO_GROUP);
  const isUsed =
    [...account.networkInterfaces.values()].some(({ Groups }) =>
      Groups?.some((group) => group.GroupId === groupId),
    ) ||
    [...account.securityGroups.values()].some(
      (group) =>
        group.groupId !== groupId &&
        [...group.ingress, ...group.egress].some(({ UserIdGroupPairs }) =>
          UserIdGroupPairs?.some((pair) => pair.GroupId === groupId),
        ),
    );
  if (isUsed) throw new AwsError('DependencyViolation', `resource ${groupId} has a dependent object`);
  account.securityGroups.delete(groupId);
  account.tags.delete(groupId);
  return { Return: true, GroupId: groupId };
}

/** One permission for each source, as AWS keeps and compares them. */
export function singles(permissions: readonly IpPermission[]): IpPermission[] {
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
        ...(UserIdGroupPairs ?? []).map(({ GroupId, Description }) => ({
          ...ports,
          UserIdGroupPairs: [{ GroupId, ...described(Description) }],
        })),
        ...(PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
          ...ports,
          PrefixListIds: [{ PrefixListId, ...described(Description) }],
        })),
      ];
    },
  );
}

function described(Description: string | undefined): { Description?: string } {
  return Description === undefined ? {} : { Description };
}

/** A description does not make a rule another one. */
export const ruleKey = (permission: IpPermission): string =>
  JSON.stringify(permission, (name, value: unknown) => (name === 'Description' ? undefined : value));

type Side = 'ingress' | 'egress';
interface RuleRequest {
  readonly GroupId?: string | undefined;
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly SecurityGroupRuleIds?: string[] | undefined;
}

export function authorize(side: Side) {
  return (
    account: Account,
    { GroupId, IpPermissions }: AuthorizeSecurityGroupIngressRequest | AuthorizeSecurityGroupEgressRequest,
  ) => {
    const group: SimulatedGroup = one(account.securityGroups, GroupId, NO_GROUP);
    const known = new Set(singles(group[side]).map(ruleKey));
    const wanted = singles(IpPermissions ?? []);
    if (wanted.some((permission) => known.has(ruleKey(permission)))) {
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    }
    group[side] = [...singles(group[side]), ...wanted];
    return { Return: true, SecurityGroupRules: wanted.map((one) => ruleOf(account, group, side, one)) };
  };
}

export function revoke(side: Side) {
  return (account: Account, { GroupId, IpPermissions, SecurityGroupRuleIds = [] }: RuleRequest) => {
    const group: SimulatedGroup = one(account.securityGroups, GroupId, NO_GROUP);
    const known = singles(group[side]);
    const unwanted = new Set(singles(IpPermissions ?? []).map(ruleKey));
    for (const id of SecurityGroupRuleIds) {
      const rule = known.find((permission) => ruleId(group, side, permission) === id);
      if (rule === undefined)
        throw new AwsError(
          'InvalidSecurityGroupRuleId.NotFound',
          `The security group rule ID '${id}' does not exist`,
        );
      unwanted.add(ruleKey(rule));
    }
    for (const wanted of unwanted) {
      if (!known.some((permission) => ruleKey(permission) === wanted)) {
        throw new AwsError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      }
    }
    group[side] = known.filter((permission) => !unwanted.has(ruleKey(permission)));
    const gone = known.filter((permission) => unwanted.has(ruleKey(permission)));
    return { Return: true, RevokedSecurityGroupRules: gone.map((one) => revokedRule(group, side, one)) };
  };
}

/** A rule has an id of its own as long as it is in the group. */
function ruleId({ groupId }: SimulatedGroup, side: Side, permission: IpPermission): string {
  const digest = createHash('sha256')
    .update(`${groupId}/${side}/${ruleKey(permission)}`)
    .digest('hex');
  return `sgr-0${digest.slice(0, 16)}`;
}

function ruleOf(
  account: Account,
  group: SimulatedGroup,
  side: Side,
  permission: IpPermission,
): SecurityGroupRule {
  const { GroupId: id, ...rest } = revokedRule(group, side, permission);
  const { ReferencedGroupId, ...rule } = rest;
  return {
    GroupId: id,
    GroupOwnerId: account.id,
    ...rule,
    ...(ReferencedGroupId === undefined
      ? {}
      : { ReferencedGroupInfo: { GroupId: ReferencedGroupId, UserId: account.id } }),
  };
}

function revokedRule(group: SimulatedGroup, side: Side, permission: IpPermission): RevokedSecurityGroupRule {
  const { IpProtocol, FromPort = -1, ToPort = -1 } = permission;
  const [ipv4] = permission.IpRanges ?? [];
  const [ipv6] = permission.Ipv6Ranges ?? [];
  const [pair] = permission.UserIdGroupPairs ?? [];
  const [list] = permission.PrefixListIds ?? [];
  const description = (ipv4 ?? ipv6 ?? pair ?? list)?.Description;
  return {
    SecurityGroupRuleId: ruleId(group, side, permission),
    GroupId: group.groupId,
    IsEgress: side === 'egress',
    IpProtocol,
    FromPort,
    ToPort,
    ...(ipv4 === undefined ? {} : { CidrIpv4: ipv4.CidrIp }),
    ...(ipv6 === undefined ? {} : { CidrIpv6: ipv6.CidrIpv6 }),
    ...(pair === undefined ? {} : { ReferencedGroupId: pair.GroupId }),
    ...(list === undefined ? {} : { PrefixListId: list.PrefixListId }),
    ...described(description),
  };
}

export function describeSecurityGroups(
  account: Account,
  input: DescribeSecurityGroupsRequest,
): DescribeSecurityGroupsResult {
  const found = filtered(
    named(account.securityGroups, input.GroupIds, NO_GROUP),
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
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
    Tags: tagsOf(account, groupId),
  }));
  return { SecurityGroups, ...(NextToken ? { NextToken } : {}) };
}
