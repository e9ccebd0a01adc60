import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { EC2 } from '../../ec2.ts';
import { ruleKey, singles } from '../../operations/security-group-rules.ts';
import { perform } from '../../perform.ts';
import { unless } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

interface Rule {
  readonly IpProtocol?: unknown;
  readonly FromPort?: unknown;
  readonly ToPort?: unknown;
  readonly Description?: string | undefined;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly SourceSecurityGroupId?: string;
  readonly SourcePrefixListId?: string;
  readonly DestinationSecurityGroupId?: string;
  readonly DestinationPrefixListId?: string;
}

const EVERYTHING_OUT: Rule = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };
const SIDES = [
  ['ingress', 'SecurityGroupIngress'],
  ['egress', 'SecurityGroupEgress'],
] as const;

/**
 * Without a VPC that is named, it is in the first one of the account. Source: AWS CloudFormation Template
 * Reference, "AWS::EC2::SecurityGroup".
 */
export const SECURITY_GROUP: ResourceType = {
  replacement: ['GroupName', 'GroupDescription', 'VpcId'],
  readOnly: ['Id', 'GroupId'],
  name: 'GroupName',
  create(account, properties, newName) {
    const vpcId = String(properties.VpcId ?? [...account.vpcs.keys()][0] ?? '');
    const tags = (properties.Tags ?? []) as CfnTag[];
    const { GroupId: id } = perform<{ GroupId: string }>(account, EC2, 'CreateSecurityGroup', {
      GroupName: String(properties.GroupName ?? newName),
      Description: String(properties.GroupDescription ?? ''),
      VpcId: vpcId,
      ...(tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'security-group', Tags: tags }] }),
    });
    this.update(account, id, { ...properties, Tags: tags }, { Tags: tags });
    return { physicalId: id, attributes: { GroupId: id, Id: id, VpcId: vpcId } };
  },
  update(account, id, after, before) {
    for (const [side, property] of SIDES) {
      const wanted = rules(after, property).map(permission);
      const was = rules(before, property).map(permission);
      // Somebody else may have made some of the changes already.
      const live = singles(account.securityGroups.get(id)?.[side] ?? [], account.id);
      const revoked = among(live, without(was, wanted, account.id));
      const added = without(without(wanted, was, account.id), live, account.id);
      const GroupId = id;
      const name = side === 'ingress' ? 'Ingress' : 'Egress';
      if (revoked.length > 0)
        perform(account, EC2, `RevokeSecurityGroup${name}`, { GroupId, IpPermissions: revoked });
      if (added.length > 0)
        perform(account, EC2, `AuthorizeSecurityGroup${name}`, { GroupId, IpPermissions: added });
    }
    const { put, remove } = tagChanges((before.Tags ?? []) as CfnTag[], after.Tags);
    if (put.length > 0) perform(account, EC2, 'CreateTags', { Resources: [id], Tags: put });
    if (remove.length > 0)
      perform(account, EC2, 'DeleteTags', { Resources: [id], Tags: remove.map((Key) => ({ Key })) });
  },
  delete(account, id) {
    perform(account, EC2, 'DeleteSecurityGroup', { GroupId: id });
  },
  read(account, id): Properties | undefined {
    const found = unless(/^InvalidGroup(Id)?\./, () =>
      perform<{ SecurityGroups: SecurityGroup[] }>(account, EC2, 'DescribeSecurityGroups', {
        GroupIds: [id],
      }),
    );
    const [group] = found?.SecurityGroups ?? [];
    if (group === undefined) return undefined;
    return {
      GroupDescription: group.Description,
      GroupName: group.GroupName,
      VpcId: group.VpcId,
      Id: id,
      GroupId: id,
      SecurityGroupIngress: (group.IpPermissions ?? []).flatMap((one) => rulesOf(one, 'Source')),
      SecurityGroupEgress: (group.IpPermissionsEgress ?? []).flatMap((one) => rulesOf(one, 'Destination')),
      ...tagProperty(group.Tags ?? []),
    };
  },
  list: (account) => [...account.securityGroups.keys()],
};

function rules(properties: Properties, property: (typeof SIDES)[number][1]): Rule[] {
  return (properties[property] ?? (property === 'SecurityGroupEgress' ? [EVERYTHING_OUT] : [])) as Rule[];
}

/** Those that are not among the others. A rule whose description alone differs is made anew. */
function without(
  all: readonly IpPermission[],
  others: readonly IpPermission[],
  owner: string,
): IpPermission[] {
  const known = new Set(singles(others, owner).map((one) => JSON.stringify(one)));
  return singles(all, owner).filter((one) => !known.has(JSON.stringify(one)));
}

/** Those that are also among the others. */
function among(others: readonly IpPermission[], all: readonly IpPermission[]): IpPermission[] {
  const known = new Set(others.map(ruleKey));
  return all.filter((one) => known.has(ruleKey(one)));
}

function permission(rule: Rule): IpPermission {
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const list = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const described = rule.Description === undefined ? {} : { Description: rule.Description };
  return {
    IpProtocol: String(rule.IpProtocol),
    ...(rule.FromPort === undefined ? {} : { FromPort: Number(rule.FromPort) }),
    ...(rule.ToPort === undefined ? {} : { ToPort: Number(rule.ToPort) }),
    ...(rule.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: rule.CidrIp, ...described }] }),
    ...(rule.CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: rule.CidrIpv6, ...described }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...described }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: list, ...described }] }),
  };
}

function rulesOf(
  { IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }: IpPermission,
  end: 'Source' | 'Destination',
): Rule[] {
  const common = {
    IpProtocol,
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
  };
  const described = (Description: string | undefined) => (Description === undefined ? {} : { Description });
  return [
    ...(IpRanges ?? []).map(({ CidrIp = '', ...more }) => ({ ...common, CidrIp, ...more })),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6 = '', ...more }) => ({ ...common, CidrIpv6, ...more })),
    ...(UserIdGroupPairs ?? []).map(({ GroupId = '', Description }) => ({
      ...common,
      [`${end}SecurityGroupId`]: GroupId,
      ...described(Description),
    })),
    ...(PrefixListIds ?? []).map(({ PrefixListId = '', Description }) => ({
      ...common,
      [`${end}PrefixListId`]: PrefixListId,
      ...described(Description),
    })),
  ];
}
