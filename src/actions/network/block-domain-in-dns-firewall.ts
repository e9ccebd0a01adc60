import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { DOMAIN_LIST, domainsOf, lookAtList } from './domain-list.ts';
import { DOMAINS, hostileDomains } from './hostile-domain.ts';
import { recordedDomainList } from './record-domain-list.ts';

interface Blocked {
  readonly list: string;
  /** What was not in the list before. */
  readonly added: readonly string[];
}

const PERMISSIONS = [
  'route53resolver:GetFirewallDomainList',
  'route53resolver:ListFirewallDomains',
  'route53resolver:UpdateFirewallDomains',
];

export const blockDomainInDnsFirewall = defineAction({
  name: 'block-domain-in-dns-firewall',
  title: 'Block the domain in DNS Firewall',
  group: 'network',
  subjects: [],
  effect: 'reversible',
  needs: ['record-domain-list'],
  permissions: PERMISSIONS,
  about: {
    precondition:
      'every domain is one of the Internet, none that AWS needs and not to be spared; a rule of DNS Firewall blocks what is in the list, which is the account’s own',
    effect: 'adds the domains to the domain list',
    proof: 'DNS Firewall has taken over the change and shows the domains in the list',
    idempotency: 'what is in the list is not added, and adding it again changes nothing',
  },
  input: z.strictObject({ list: DOMAIN_LIST, ...DOMAINS }),
  undo: {
    kind: 'by',
    how: 'remove from the domain list the domains that were added',
    permissions: PERMISSIONS,
    run: unblock,
  },
  plan: (_, { list }) => `add the domains to ${list} of DNS Firewall`,
  async run(context) {
    const { aws, input } = context;
    const hostile = await hostileDomains(context);
    if ('refused' in hostile) return { status: 'ask', reason: hostile.refused };
    const { domains } = hostile;
    const before = recordedDomainList(context.output('record-domain-list'), input.list);
    if (before === undefined)
      return { status: 'ask', reason: `record-domain-list of ${input.list} must come first in the playbook` };
    const pending = await change(aws, input.list, 'ADD', (now) =>
      domains.filter((domain) => !now.includes(domain)),
    );
    if (pending !== undefined) return pending;
    const added = domains.filter((domain) => !before.domains.includes(domain));
    return done({ list: input.list, added }, `${domains.join(', ')} in ${input.list}`);
  },
});

async function unblock({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { list, added } = undone as unknown as Blocked;
  const pending = await change(aws, list, 'REMOVE', (now) => added.filter((domain) => now.includes(domain)));
  if (pending !== undefined) return pending;
  return done(
    [...added],
    added.length === 0 ? `nothing was added to ${list}` : `${added.join(', ')} not in ${list}`,
  );
}

/** Changes the list; answers what is still awaited, and nothing once AWS shows that nothing is left to do. */
async function change(
  aws: AwsClients,
  id: string,
  operation: 'ADD' | 'REMOVE',
  left: (now: readonly string[]) => string[],
): Promise<ActionOutcome | undefined> {
  const { busy, refused } = await lookAtList(aws, id);
  if (refused !== undefined) return { status: 'ask', reason: refused };
  if (busy !== undefined) return { status: 'waiting', progress: busy };
  const domains = left(await domainsOf(aws, id));
  if (domains.length === 0) return undefined;
  const resolver = await aws.use('route53resolver');
  try {
    await resolver.updateFirewallDomains({
      FirewallDomainListId: id,
      Operation: operation,
      Domains: domains,
    });
  } catch (error) {
    // Somebody else's change came first.
    if (awsErrorCode(error) !== 'ConflictException') throw error;
  }
  return { status: 'waiting', progress: `${id} takes over a change` };
}
