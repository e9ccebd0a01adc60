import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';

/** A domain list of Route 53 Resolver DNS Firewall that is the account's own. */
export const DOMAIN_LIST = z.string().regex(/^rslvr-fdl-[\w-]+$/, 'the id of a domain list, rslvr-fdl-…');

/** The domains of a list, without the dot that the resolver writes at their ends. */
export async function domainsOf(aws: AwsClients, id: string): Promise<string[]> {
  const resolver = await aws.use('route53resolver');
  const domains: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await resolver.listFirewallDomains({
      FirewallDomainListId: id,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    domains.push(...(page.Domains ?? []).map((domain) => domain.toLowerCase().replace(/\.$/, '')));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return domains;
}

/** What AWS says of a list, and why it cannot be changed now or at all. */
export async function lookAtList(aws: AwsClients, id: string) {
  const resolver = await aws.use('route53resolver');
  const { FirewallDomainList: list } = await resolver.getFirewallDomainList({ FirewallDomainListId: id });
  const { Status, StatusMessage, ManagedOwnerName } = list ?? {};
  const busy = Status === 'UPDATING' ? `${id} takes over a change` : undefined;
  const managed = ManagedOwnerName === undefined ? undefined : `${id} is managed by ${ManagedOwnerName}`;
  const failed = Status?.endsWith('FAILED') ? `${id}: ${Status} (${StatusMessage ?? ''})` : undefined;
  return { list, busy, refused: managed ?? failed };
}
