import { z } from 'zod';
import { toJson } from '../../model/json.ts';
import { defineAction, done } from '../action.ts';
import { DOMAIN_LIST, domainsOf, lookAtList } from './domain-list.ts';

/** The list as it was found: what the undo of a block leaves alone. */
export interface RecordedDomainList {
  readonly list: string;
  readonly domains: readonly string[];
}

export const recordDomainList = defineAction({
  name: 'record-domain-list',
  title: 'Record the domain list',
  group: 'network',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['route53resolver:GetFirewallDomainList', 'route53resolver:ListFirewallDomains'],
  about: {
    precondition: 'the domain list is there',
    effect: 'writes what DNS Firewall says of the list, and its domains, into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: z.strictObject({ list: DOMAIN_LIST }),
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: (_, { list }) => `record the domain list ${list}`,
  async run({ aws, input, caseFile }) {
    const { list, busy } = await lookAtList(aws, input.list);
    if (busy !== undefined) return { status: 'waiting', progress: busy };
    const domains = await domainsOf(aws, input.list);
    caseFile.writeJson(`domain-list-${input.list}.json`, toJson({ list, domains }));
    const recorded: RecordedDomainList = { list: input.list, domains };
    return done(toJson(recorded), `${input.list}: ${domains.length} domains`);
  },
});

/** The list as {@link recordDomainList} found it; nothing when it was another one. */
export function recordedDomainList(output: unknown, list: string): RecordedDomainList | undefined {
  const recorded = output as RecordedDomainList | undefined;
  return recorded?.list === list ? recorded : undefined;
}
