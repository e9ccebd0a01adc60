import type { IpPermission } from '@aws-sdk/client-ec2';
import { tagsOf } from '../../account.ts';
import { EC2 } from '../../ec2.ts';
import { singles } from '../../operations/security-group-rules.ts';
import { perform } from '../../perform.ts';
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
  ['Ingress', 'SecurityGroupIngress', 'Source'],
  ['Egress', 'SecurityGroupEgress', 'Destination'],
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
    this.update(account, id, { ...properties, Tags: tags });
    return { physicalId: id, attributes: { GroupId: id, Id: id, VpcId: vpcId } };
  },
  update(account, id, properties) {
    const before = this.read?.(account, id) ?? {};
    for (const [side, property] of SIDES) {
      const wanted = rules(properties, property).map(permission);
      const now = rules(before, property).map(permission);
      const revoked = without(now, wanted, account.id);
      const added = without(wanted, now, account.id);
      if (revoked.length > 0)
        perform(account, EC2, `RevokeSecurityGroup${side}`, { GroupId: id, IpPermissions: revoked });
      if (added.length > 0)
        perform(account, EC2, `AuthorizeSecurityGroup${side}`, { GroupId: id, IpPermissions: added });
    }
    const { put, remove } = tagChanges(tagsOf(account, id), properties.Tags);
    if (put.length > 0) perform(account, EC2, 'CreateTags', { Resources: [id], Tags: put });
    if (remove.length > 0)
      perform(account, EC2, 'DeleteTags', { Resources: [id], Tags: remove.map((Key) => ({ Key })) });
  },
  delete(account, id) {
    perform(account, EC2, 'DeleteSecurityGroup', { GroupId: id });
  },
  read(account, id): Properties | undefined {
    const group = account.securityGroups.get(id);
    if (group === undefined) return undefined;
    return {
      GroupDescription: group.description,
      GroupName: group.name,
      VpcId: group.vpcId,
      Id: id,
      GroupId: id,
      SecurityGroupIngress: group.ingress.flatMap((one) => rulesOf(one, 'Source')),
      SecurityGroupEgress: group.egress.flatMap((one) => rulesOf(one, 'Destination')),
      ...tagProperty(tagsOf(account, id)),
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
