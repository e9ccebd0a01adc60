import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type {
  CreateIPSetRequest,
  GetIPSetRequest,
  IPSet,
  ListIPSetsRequest,
  UpdateIPSetRequest,
} from '@aws-sdk/client-wafv2';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

interface SimulatedIpSet {
  readonly set: IPSet;
  readonly scope: string;
  readonly lockToken: string;
}

/** IP sets by their ids. */
const ipSetsOf = accountState(() => new Map<string, SimulatedIpSet>());

/** Source: AWS WAF quotas, "IP addresses per IP set". */
const ADDRESS_LIMIT = 10_000;

export function createIPSet(account: Account, input: CreateIPSetRequest): object {
  const scope = scopeOf(account, input.Scope);
  const all = ipSetsOf(account);
  if ([...all.values()].some(({ set, ...one }) => one.scope === scope && set.Name === input.Name)) {
    throw new AwsError(
      'WAFDuplicateItemException',
      'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
    );
  }
  const id = randomUUID();
  const where = scope === 'CLOUDFRONT' ? 'global' : 'regional';
  const made = {
    set: {
      Name: input.Name,
      Id: id,
      ARN: `arn:aws:wafv2:${account.region}:${account.id}:${where}/ipset/${input.Name}/${id}`,
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      IPAddressVersion: input.IPAddressVersion,
      Addresses: addressesOf(input.Addresses, input.IPAddressVersion),
    },
    scope,
    lockToken: randomUUID(),
  };
  all.set(id, made);
  return { Summary: summaryOf(made) };
}

export function getIPSet(account: Account, input: GetIPSetRequest): object {
  const { set, lockToken } = found(account, input);
  return { IPSet: set, LockToken: lockToken };
}

/** It replaces the whole list, and only when nobody changed it since it was read. */
export function updateIPSet(account: Account, input: UpdateIPSetRequest): object {
  const { set, scope, lockToken } = found(account, input);
  const Addresses = addressesOf(input.Addresses, set.IPAddressVersion);
  if (input.LockToken !== lockToken) {
    throw new AwsError(
      'WAFOptimisticLockException',
      'AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. Reapply your changes.',
    );
  }
  const { Description: _, ...kept } = set;
  const described = input.Description === undefined ? {} : { Description: input.Description };
  const next = { set: { ...kept, ...described, Addresses }, scope, lockToken: randomUUID() };
  ipSetsOf(account).set(set.Id ?? '', next);
  return { NextLockToken: next.lockToken };
}

export function listIPSets(account: Account, { Scope }: ListIPSetsRequest): object {
  const scope = scopeOf(account, Scope);
  const own = [...ipSetsOf(account).values()].filter((one) => one.scope === scope);
  return { IPSets: own.map(summaryOf) };
}

function summaryOf({ set, lockToken }: SimulatedIpSet): object {
  const { Name, Id, ARN, Description } = set;
  return { Name, Id, ARN, Description, LockToken: lockToken };
}

function found(
  account: Account,
  { Id, Name, Scope }: { Id?: string | undefined; Name?: string | undefined; Scope?: string | undefined },
): SimulatedIpSet {
  const one = ipSetsOf(account).get(Id ?? '');
  if (one === undefined || one.set.Name !== Name || one.scope !== scopeOf(account, Scope)) {
    throw new AwsError(
      'WAFNonexistentItemException',
      'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
    );
  }
  return one;
}

/** Sets of CloudFront distributions are in us-east-1 only. */
function scopeOf(account: Account, scope: string | undefined): string {
  if (scope === 'REGIONAL' || (scope === 'CLOUDFRONT' && account.region === 'us-east-1')) return scope;
  throw invalid('The scope is not valid.', 'SCOPE_VALUE', String(scope));
}

/** Source: AWS WAF API Reference, "IPSet": CIDR notation, every range but /0. */
function addressesOf(addresses: readonly string[] | undefined, version: string | undefined): string[] {
  const family = version === 'IPV6' ? 6 : 4;
  const unique = [...new Set(addresses ?? [])];
  if (unique.length > ADDRESS_LIMIT) {
    throw new AwsError(
      'WAFLimitsExceededException',
      'AWS WAF couldn’t perform the operation because you exceeded your resource limit.',
    );
  }
  for (const one of unique) {
    const [address = '', length = ''] = one.split('/');
    const bits = Number(length);
    const valid =
      isIP(address) === family && /^\d+$/.test(length) && bits >= 1 && bits <= (family === 4 ? 32 : 128);
    if (!valid) throw invalid('The parameter contains formatting that is not valid.', 'IP_ADDRESS', one);
  }
  return unique;
}

function invalid(reason: string, field: string, parameter: string): AwsError {
  const message = `Error reason: ${reason}, field: ${field}, parameter: ${parameter}`;
  return new AwsError('WAFInvalidParameterException', message);
}
