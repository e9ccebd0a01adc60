import type {
  CreateNetworkAclEntryRequest,
  CreateNetworkAclRequest,
  CreateNetworkAclResult,
  DeleteNetworkAclEntryRequest,
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAcl,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, tagsOf } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { filtered, named, one, page } from './query.ts';

interface SimulatedAcl {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  entries: NetworkAclEntry[];
}

const NO_ACL = { code: 'InvalidNetworkAclID.NotFound', what: 'networkAcl' };
const LAST_RULE = 32_766;
/** Rules for each direction, the last one aside. Source: Amazon VPC User Guide, "Amazon VPC quotas". */
const ENTRY_QUOTA = 20;

const acls = accountState(() => new Map<string, SimulatedAcl>());
/** The network ACL of a subnet that has another than its VPC's default. */
const chosen = accountState(() => new Map<string, string>());

/** Every network ACL; each VPC has a default one that lets everything through. */
function aclsOf(account: Account): Map<string, SimulatedAcl> {
  const all = acls(account);
  for (const vpcId of account.vpcs.keys()) {
    if ([...all.values()].some((acl) => acl.vpcId === vpcId && acl.isDefault)) continue;
    const id = account.newId('acl');
    const entries = [entry(100, 'allow', false), entry(100, 'allow', true), ...lastEntries()];
    all.set(id, { id, vpcId, isDefault: true, entries });
  }
  return all;
}

function entry(RuleNumber: number, RuleAction: 'allow' | 'deny', Egress: boolean): NetworkAclEntry {
  return { RuleNumber, RuleAction, Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0' };
}

function lastEntries(): NetworkAclEntry[] {
  return [false, true].map((egress) => entry(LAST_RULE + 1, 'deny', egress));
}

/** The entries that judge a subnet's traffic of one direction, in their order. */
export function aclEntries(account: Account, subnetId: string, egress: boolean): NetworkAclEntry[] {
  const { entries = [] } = [...aclsOf(account).values()].find((acl) => isOf(account, acl, subnetId)) ?? {};
  return entries
    .filter(({ Egress }) => Egress === egress)
    .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
}

function isOf(account: Account, acl: SimulatedAcl, subnetId: string): boolean {
  const other = chosen(account).get(subnetId);
  if (other !== undefined) return other === acl.id;
  return acl.isDefault && account.subnets.get(subnetId)?.vpcId === acl.vpcId;
}

/** Gives a subnet a network ACL of its own. */
export function useAcl(account: Account, subnetId: string, aclId: string): void {
  chosen(account).set(subnetId, aclId);
}

export function createNetworkAcl(account: Account, input: CreateNetworkAclRequest): CreateNetworkAclResult {
  const { VpcId = '' } = input;
  one(account.vpcs, VpcId, { code: 'InvalidVpcID.NotFound', what: 'vpc' });
  const id = account.newId('acl');
  const acl = { id, vpcId: VpcId, isDefault: false, entries: lastEntries() };
  aclsOf(account).set(id, acl);
  putTags(account, id, requestedTags(input.TagSpecifications, 'network-acl'));
  return { NetworkAcl: shown(account, acl) };
}

export function describeNetworkAcls(
  account: Account,
  input: DescribeNetworkAclsRequest,
): DescribeNetworkAclsResult {
  const all = named(aclsOf(account), input.NetworkAclIds, NO_ACL).map((acl) => shown(account, acl));
  const found = filtered(
    all,
    input.Filters,
    {
      'network-acl-id': ({ NetworkAclId }) => [NetworkAclId],
      'vpc-id': ({ VpcId }) => [VpcId],
      default: ({ IsDefault }) => [String(IsDefault)],
      'association.subnet-id': ({ Associations }) => (Associations ?? []).map(({ SubnetId }) => SubnetId),
    },
    ({ Tags }) => Tags ?? [],
  );
  const { items, NextToken } = page(found, input);
  return { NetworkAcls: items, ...(NextToken ? { NextToken } : {}) };
}

function shown(account: Account, acl: SimulatedAcl): NetworkAcl {
  const subnets = [...account.subnets.keys()].filter((id) => isOf(account, acl, id));
  return {
    NetworkAclId: acl.id,
    VpcId: acl.vpcId,
    IsDefault: acl.isDefault,
    OwnerId: account.id,
    Entries: acl.entries,
    Associations: subnets.map((SubnetId) => ({
      NetworkAclAssociationId: `aclassoc-${SubnetId.slice('subnet-'.length)}`,
      NetworkAclId: acl.id,
      SubnetId,
    })),
    Tags: tagsOf(account, acl.id),
  };
}

export function createNetworkAclEntry(
  account: Account,
  input: CreateNetworkAclEntryRequest,
): Record<string, never> {
  const acl = one(aclsOf(account), input.NetworkAclId, NO_ACL);
  const { RuleNumber = 0, Egress = false, CidrBlock, Ipv6CidrBlock, PortRange } = input;
  if (RuleNumber < 1 || RuleNumber > LAST_RULE)
    throw badParameter(`Value (${RuleNumber}) for parameter ruleNumber is invalid.`);
  if ((CidrBlock === undefined) === (Ipv6CidrBlock === undefined))
    throw new AwsError(
      'MissingParameter',
      'The request must contain exactly one of cidrBlock, ipv6CidrBlock',
    );
  const own = acl.entries.filter((one) => one.Egress === Egress && (one.RuleNumber ?? 0) <= LAST_RULE);
  if (own.some((one) => one.RuleNumber === RuleNumber))
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${RuleNumber} already exists.`,
    );
  if (own.length >= ENTRY_QUOTA)
    throw new AwsError(
      'NetworkAclEntryLimitExceeded',
      `The maximum number of network acl entries has been reached for ${acl.id}.`,
    );
  acl.entries.push({
    RuleNumber,
    Egress,
    Protocol: input.Protocol,
    RuleAction: input.RuleAction,
    ...(CidrBlock === undefined ? {} : { CidrBlock }),
    ...(Ipv6CidrBlock === undefined ? {} : { Ipv6CidrBlock }),
    ...(PortRange === undefined ? {} : { PortRange }),
  });
  return {};
}

export function deleteNetworkAclEntry(
  account: Account,
  { NetworkAclId, RuleNumber, Egress }: DeleteNetworkAclEntryRequest,
): Record<string, never> {
  const acl = one(aclsOf(account), NetworkAclId, NO_ACL);
  const found = acl.entries.find((one) => one.RuleNumber === RuleNumber && one.Egress === Egress);
  if (found === undefined)
    throw new AwsError(
      'InvalidNetworkAclEntry.NotFound',
      `The network acl entry identified by ${RuleNumber} does not exist in ${NetworkAclId}`,
    );
  acl.entries = acl.entries.filter((one) => one !== found);
  return {};
}
