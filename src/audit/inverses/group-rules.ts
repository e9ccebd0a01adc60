import type { Json } from '../../model/json.ts';
import { isObject, listOf, memberOf, numberOf, present, textOf } from '../members.ts';

/** One rule of a security group: a protocol, ports, and one peer. */
export interface GroupRule {
  readonly protocol: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly peer: {
    readonly kind: 'CidrIp' | 'CidrIpv6' | 'PrefixListId' | 'GroupId';
    readonly value: string;
  };
  /** The account of a group of another one. */
  readonly owner: string | undefined;
  readonly description: string | undefined;
}

export type Direction = 'ingress' | 'egress';

/** Names of protocols that EC2 writes for their numbers. Source: Amazon EC2 API Reference, IpPermission. */
const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

function ruleOf(
  protocol: string | undefined,
  ports: readonly [number | undefined, number | undefined],
  peer: readonly [GroupRule['peer']['kind'], string | undefined],
  { owner, description }: { readonly owner?: string | undefined; readonly description?: string | undefined },
): GroupRule[] {
  const [kind, value] = peer;
  if (protocol === undefined || value === undefined) return [];
  const name = PROTOCOLS[protocol] ?? protocol;
  const [from, to] = name === '-1' ? [undefined, undefined] : ports;
  return [{ protocol: name, from, to, peer: { kind, value }, owner, description }];
}

/** `ipPermissions` of a record, a rule for each peer. */
export function rulesOfPermissions(permissions: Json | undefined): GroupRule[] {
  return listOf(permissions, 'items').flatMap((permission) => {
    const protocol = textOf(permission, 'ipProtocol');
    const ports = [numberOf(permission, 'fromPort'), numberOf(permission, 'toPort')] as const;
    const peers = (list: string, kind: GroupRule['peer']['kind'], member: string): GroupRule[] =>
      listOf(permission, `${list}.items`).flatMap((one) =>
        ruleOf(protocol, ports, [kind, textOf(one, member)], {
          owner: textOf(one, 'userId'),
          description: textOf(one, 'description'),
        }),
      );
    return [
      ...peers('ipRanges', 'CidrIp', 'cidrIp'),
      ...peers('ipv6Ranges', 'CidrIpv6', 'cidrIpv6'),
      ...peers('prefixListIds', 'PrefixListId', 'prefixListId'),
      ...peers('groups', 'GroupId', 'groupId'),
    ];
  });
}

/** The items of `securityGroupRuleSet` or `revokedSecurityGroupRuleSet` of a record. */
export function rulesOfSet(set: Json | undefined): GroupRule[] {
  return listOf(set, 'items').flatMap((item) => {
    const peer = firstPeer(item, {
      cidrIpv4: 'CidrIp',
      cidrIpv6: 'CidrIpv6',
      prefixListId: 'PrefixListId',
      referencedGroupId: 'GroupId',
      'referencedGroupInfo.groupId': 'GroupId',
    });
    return ruleOf(textOf(item, 'ipProtocol'), [numberOf(item, 'fromPort'), numberOf(item, 'toPort')], peer, {
      owner: textOf(item, 'referencedGroupInfo.userId'),
      description: textOf(item, 'description'),
    });
  });
}

/** The rules of AWS::EC2::SecurityGroup in one direction. */
export function rulesOfGroup(group: Json | undefined, direction: Direction): GroupRule[] {
  const property = direction === 'ingress' ? 'SecurityGroupIngress' : 'SecurityGroupEgress';
  return listOf(group, property).flatMap((item) => {
    const peer = firstPeer(item, {
      CidrIp: 'CidrIp',
      CidrIpv6: 'CidrIpv6',
      SourcePrefixListId: 'PrefixListId',
      DestinationPrefixListId: 'PrefixListId',
      SourceSecurityGroupId: 'GroupId',
      DestinationSecurityGroupId: 'GroupId',
    });
    const protocol = memberOf(item, 'IpProtocol');
    return ruleOf(
      protocol === undefined ? undefined : String(protocol),
      [numberOf(item, 'FromPort'), numberOf(item, 'ToPort')],
      peer,
      {
        owner: textOf(item, 'SourceSecurityGroupOwnerId'),
        description: textOf(item, 'Description'),
      },
    );
  });
}

function firstPeer(
  item: Json,
  names: Readonly<Record<string, GroupRule['peer']['kind']>>,
): readonly [GroupRule['peer']['kind'], string | undefined] {
  for (const [member, kind] of Object.entries(names)) {
    const value = textOf(item, member);
    if (value !== undefined) return [kind, value];
  }
  return ['CidrIp', undefined];
}

/** The same for rules that let the same through, whatever they are described as. */
export function ruleKey({ protocol, from, to, peer }: GroupRule): string {
  return [protocol, from ?? '', to ?? '', peer.kind, peer.value].join(' ');
}

/** The rules of one list that are not in the other. */
export function without(rules: readonly GroupRule[], others: readonly GroupRule[]): GroupRule[] {
  const known = new Set(others.map(ruleKey));
  return rules.filter((rule) => !known.has(ruleKey(rule)));
}

/** As EC2 takes it, in `IpPermissions`. */
export function permissionOf({ protocol, from, to, peer, owner, description }: GroupRule): Json {
  const member = present({
    [peer.kind]: peer.value,
    UserId: peer.kind === 'GroupId' ? owner : undefined,
    Description: description,
  });
  const list = {
    CidrIp: 'IpRanges',
    CidrIpv6: 'Ipv6Ranges',
    PrefixListId: 'PrefixListIds',
    GroupId: 'UserIdGroupPairs',
  };
  return present({ IpProtocol: protocol, FromPort: from, ToPort: to, [list[peer.kind]]: [member] });
}

/** As ModifySecurityGroupRules takes it. */
export function ruleRequestOf({ protocol, from, to, peer, description }: GroupRule): Json {
  const names = {
    CidrIp: 'CidrIpv4',
    CidrIpv6: 'CidrIpv6',
    PrefixListId: 'PrefixListId',
    GroupId: 'ReferencedGroupId',
  };
  return present({
    IpProtocol: protocol,
    // EC2 wants both, also for all protocols.
    FromPort: from ?? -1,
    ToPort: to ?? -1,
    [names[peer.kind]]: peer.value,
    Description: description,
  });
}

/** For a person: `tcp 22 from 0.0.0.0/0`. */
export function ruleText({ protocol, from, to, peer }: GroupRule, direction: Direction): string {
  const ports = from === undefined ? '' : from === to ? ` ${from}` : ` ${from}-${to}`;
  const name = protocol === '-1' ? 'all traffic' : `${protocol}${ports}`;
  return `${name} ${direction === 'ingress' ? 'from' : 'to'} ${peer.value}`;
}

export function isRuleId(value: Json): value is string {
  return typeof value === 'string' && /^sgr-[0-9a-f]+$/.test(value);
}

/** Ids of the rules that an answer tells of. */
export function ruleIdsOf(set: Json | undefined): string[] {
  return listOf(set, 'items')
    .filter(isObject)
    .map((item) => item.securityGroupRuleId ?? null)
    .filter(isRuleId);
}
