import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedGroup, tagsOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_GROUP, named, one, page } from './query.ts';
import { permissionsNamed } from './security-group-rules.ts';

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
export const key = (permission: IpPermission): string =>
  JSON.stringify(permission, (name, value: unknown) => (name === 'Description' ? undefined : value));

export type Side = 'ingress' | 'egress';
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
    const known = new Set(singles(group[side]).map(key));
    const wanted = singles(IpPermissions ?? []);
    if (wanted.some((permission) => known.has(key(permission)))) {
      throw new AwsError('InvalidPermission.Duplicate', 'the specified rule already exists');
    }
    group[side] = [...singles(group[side]), ...wanted];
    return { Return: true };
  };
}

export function revoke(side: Side) {
  return (account: Account, { GroupId, IpPermissions, SecurityGroupRuleIds }: RuleRequest) => {
    const group: SimulatedGroup = one(account.securityGroups, GroupId, NO_GROUP);
    const known = singles(group[side]);
    const byId = permissionsNamed(group, side, SecurityGroupRuleIds ?? []);
    const unwanted = new Set([...singles(IpPermissions ?? []), ...byId].map(key));
    for (const wanted of unwanted) {
      if (!known.some((permission) => key(permission) === wanted)) {
        throw new AwsError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      }
    }
    group[side] = known.filter((permission) => !unwanted.has(key(permission)));
    return { Return: true };
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
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
    Tags: tagsOf(account, groupId),
  }));
  return { SecurityGroups, ...(NextToken ? { NextToken } : {}) };
}
