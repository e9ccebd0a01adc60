import type {
  CreateFirewallDomainListCommandInput,
  FirewallDomainList,
  ListFirewallDomainsCommandInput,
  UpdateFirewallDomainsCommandInput,
} from '@aws-sdk/client-route53resolver';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

interface SimulatedDomainList {
  readonly list: FirewallDomainList;
  /** As the resolver writes them: small letters, with the dot of the root. */
  readonly domains: Set<string>;
  /** Until when it takes over what was changed, milliseconds since the epoch. */
  updatingUntil: number;
  modifiedAt: number;
}

/** Domain lists by their ids. */
export const domainListsOf = accountState(() => new Map<string, SimulatedDomainList>());

/** Domains of one request. Source: Route 53 Resolver API Reference, "UpdateFirewallDomains". */
const REQUEST_LIMIT = 1_000;
const PAGE = 100;

export function createFirewallDomainList(
  account: Account,
  { CreatorRequestId = '', Name = '' }: CreateFirewallDomainListCommandInput,
): object {
  const lists = domainListsOf(account);
  const earlier = [...lists.values()].find(({ list }) => list.CreatorRequestId === CreatorRequestId);
  if (earlier !== undefined) return { FirewallDomainList: shown(account, earlier) };
  const Id = account.newId('rslvr-fdl').replace('-fdl-0', '-fdl-');
  const now = account.clock.now();
  const made: SimulatedDomainList = {
    list: {
      Id,
      Arn: `arn:aws:route53resolver:${account.region}:${account.id}:firewall-domain-list/${Id}`,
      Name,
      CreatorRequestId,
      CreationTime: new Date(now).toISOString(),
    },
    domains: new Set(),
    updatingUntil: now,
    modifiedAt: now,
  };
  lists.set(Id, made);
  return { FirewallDomainList: shown(account, made) };
}

export function getFirewallDomainList(
  account: Account,
  { FirewallDomainListId }: { FirewallDomainListId?: string | undefined },
): object {
  return { FirewallDomainList: shown(account, found(account, FirewallDomainListId)) };
}

/** A list that takes over a change takes no other one meanwhile. */
export function updateFirewallDomains(account: Account, input: UpdateFirewallDomainsCommandInput): object {
  const one = found(account, input.FirewallDomainListId);
  const { Operation, Domains = [] } = input;
  if (Domains.length > REQUEST_LIMIT)
    throw new AwsError('LimitExceededException', `A request may have ${REQUEST_LIMIT} domains at most`);
  const domains = Domains.map(normal);
  if (isUpdating(account, one)) {
    const message = 'The firewall domain list is being updated. Try again later.';
    throw new AwsError('ConflictException', message);
  }
  if (Operation === 'REPLACE') one.domains.clear();
  for (const domain of domains) {
    if (Operation === 'REMOVE') one.domains.delete(domain);
    else one.domains.add(domain);
  }
  one.modifiedAt = account.clock.now();
  one.updatingUntil = one.modifiedAt + account.settings.stateChangeDuration;
  const { Id, Name } = one.list;
  return { Id, Name, Status: 'UPDATING', StatusMessage: 'Updating the Firewall Domain List' };
}

export function listFirewallDomains(account: Account, input: ListFirewallDomainsCommandInput): object {
  const { domains } = found(account, input.FirewallDomainListId);
  const from = Number(input.NextToken ?? 0);
  const to = from + (input.MaxResults ?? PAGE);
  const all = [...domains];
  return { Domains: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
}

function isUpdating(account: Account, { updatingUntil }: SimulatedDomainList): boolean {
  return updatingUntil > account.clock.now();
}

function shown(account: Account, one: SimulatedDomainList): FirewallDomainList {
  return {
    ...one.list,
    DomainCount: one.domains.size,
    Status: isUpdating(account, one) ? 'UPDATING' : 'COMPLETE',
    ModificationTime: new Date(one.modifiedAt).toISOString(),
  };
}

function found(account: Account, id: string | undefined): SimulatedDomainList {
  const one = domainListsOf(account).get(id ?? '');
  if (one === undefined) {
    const message = `[RSLVR-02004] Could not find FirewallDomainList with ID '${id}'`;
    throw new AwsError('ResourceNotFoundException', message);
  }
  return one;
}

/** Source: Route 53 Resolver API Reference, "UpdateFirewallDomains": what a domain may look like. */
function normal(domain: string): string {
  const name = domain.toLowerCase().replace(/\.$/, '');
  if (name.length > 255 || !/^(\*\.)?([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$|^\*$/.test(name))
    throw new AwsError('ValidationException', `The domain name ${domain} is not valid`);
  return `${name}.`;
}
