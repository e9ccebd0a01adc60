import type { NetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { parseRange } from '../../intel/address.ts';

/** A network ACL and what it denied when it was found. */
export interface RecordedAcl {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly denials: readonly Denial[];
}

/** An entry that denies all traffic of a network in one direction. */
export interface Denial {
  readonly number: number;
  readonly egress: boolean;
  /** In CIDR notation. */
  readonly network: string;
}

/** The last entry that a person can write; those above are AWS's own. */
const LAST_RULE = 32_766;

/** The network ACLs that judge what enters and leaves the subnets. */
export async function describeAcls(aws: AwsClients, subnetIds: readonly string[]): Promise<NetworkAcl[]> {
  const acls: NetworkAcl[] = [];
  if (subnetIds.length === 0) return acls;
  const Filters = [{ Name: 'association.subnet-id', Values: [...new Set(subnetIds)] }];
  for await (const page of aws.ec2.paginateDescribeNetworkAcls({ Filters })) {
    acls.push(...(page.NetworkAcls ?? []));
  }
  return acls;
}

export function recordedAcl({ NetworkAclId = '', Associations, Entries }: NetworkAcl): RecordedAcl {
  return {
    id: NetworkAclId,
    subnetIds: (Associations ?? []).map(({ SubnetId }) => SubnetId ?? ''),
    denials: denialsOf(Entries),
  };
}

export function denialsOf(entries: readonly NetworkAclEntry[] = []): Denial[] {
  return entries
    .filter(({ RuleAction, Protocol }) => RuleAction === 'deny' && Protocol === '-1')
    .filter(({ RuleNumber = 0 }) => RuleNumber <= LAST_RULE)
    .map(({ RuleNumber = 0, Egress = false, CidrBlock, Ipv6CidrBlock }) => ({
      number: RuleNumber,
      egress: Egress,
      network: CidrBlock ?? Ipv6CidrBlock ?? '',
    }));
}

export function isSameDenial(a: Denial, b: Denial): boolean {
  return a.number === b.number && a.egress === b.egress && isSameNetwork(a.network, b.network);
}

/** AWS writes a network in its own way: what counts is which addresses are in it. */
export function isSameNetwork(a: string, b: string): boolean {
  const [left, right] = [parseRange(a), parseRange(b)];
  if (left === undefined || right === undefined) return a === b;
  return left.family === right.family && left.first === right.first && left.last === right.last;
}

/**
 * The first free number of a direction, if it is before every entry that lets something through: entries
 * are asked in the order of their numbers, and the first that fits decides. Source: Amazon VPC User
 * Guide, "Network ACL rules".
 */
export function firstFreeNumber(
  entries: readonly NetworkAclEntry[] = [],
  egress: boolean,
): number | undefined {
  const own = entries.filter(({ Egress }) => Egress === egress);
  const used = new Set(own.map(({ RuleNumber }) => RuleNumber));
  const allowing = own
    .filter(({ RuleAction }) => RuleAction === 'allow')
    .map(({ RuleNumber = LAST_RULE }) => RuleNumber);
  let free = 1;
  while (used.has(free)) free++;
  return free < Math.min(LAST_RULE + 1, ...allowing) ? free : undefined;
}
