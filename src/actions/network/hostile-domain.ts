import { z } from 'zod';
import { parseDomain } from '../../intel/name-set.ts';
import type { ActionContext } from '../action.ts';
import { quoted } from './hostile-address.ts';

const LIMIT = 100;

/** Which domains an action blocks: those that are named, and those of fields that made rules match. */
export const DOMAINS = {
  domains: z.union([z.string(), z.array(z.string()).max(LIMIT)]).default([]),
  /** Fields of the findings, as the rules name them, e.g. `query`. */
  fields: z.array(z.string()).max(LIMIT).default([]),
  /** Also every name below each domain. */
  subdomains: z.boolean().default(false),
  /** Domains that are never blocked, nor anything below or above them. */
  never: z.array(z.string()).default([]),
};

interface DomainInput {
  readonly domains: string | readonly string[];
  readonly fields: readonly string[];
  readonly subdomains: boolean;
  readonly never: readonly string[];
}

/** AWS itself is reached by these; without them nothing in a VPC works, Cordon included. */
const OF_AWS = ['amazonaws.com', 'amazonaws.com.cn', 'amazon.com', 'api.aws', 'awsstatic.com', 'aws.dev'];
/** Names that the Internet does not have. Sources: RFC 6761, RFC 6762, RFC 9476; ICANN, "internal". */
const NOT_OF_THE_INTERNET = ['arpa', 'internal', 'local', 'localhost', 'home', 'lan', 'corp'];

/** Domains as DNS Firewall lists them, without the dot at the end, or why a person must look first. */
export type HostileDomains = { readonly domains: readonly string[] } | { readonly refused: string };

/** The domains that are named or were found; whoever was found chose them, so each is looked at. */
export async function hostileDomains(context: ActionContext<DomainInput>): Promise<HostileDomains> {
  const { input, subject } = context;
  const named = typeof input.domains === 'string' ? [input.domains] : input.domains;
  const { findings } = input.fields.length === 0 ? { findings: [] } : await context.findings();
  const found = findings.flatMap(({ branch }) =>
    branch.because.filter(({ field }) => input.fields.includes(field)).map(({ value }) => value),
  );
  const nothingSaid = input.fields.length === 0 && named.length === 0;
  const texts = [...new Set(nothingSaid ? [subject.id] : [...named, ...found])];
  if (texts.length === 0) return { refused: `the findings have no ${input.fields.join(', ')} to block` };
  if (texts.length > LIMIT) return { refused: `${texts.length} domains are more than ${LIMIT}` };
  const domains = new Set<string>();
  for (const text of texts) {
    const domain = parseDomain(text);
    if (domain === undefined) return { refused: `${quoted(text)} is not a domain` };
    const reason = objection(domain, input);
    if (reason !== undefined) return { refused: reason };
    domains.add(domain);
    if (input.subdomains) domains.add(`*.${domain}`);
  }
  return { domains: [...domains] };
}

function objection(domain: string, { never, subdomains }: DomainInput): string | undefined {
  const aws = OF_AWS.find((one) => isWithin(domain, one));
  if (aws !== undefined) return `${domain} is in ${aws}, which AWS itself needs`;
  const local = NOT_OF_THE_INTERNET.find((one) => isWithin(domain, one));
  if (local !== undefined) return `${domain} is in ${local}, which is not of the Internet`;
  for (const entry of never) {
    const spared = parseDomain(entry);
    if (spared === undefined) return `with.never: ${quoted(entry)} is not a domain`;
    if (isWithin(domain, spared) || isWithin(spared, domain))
      return `${domain} would touch ${spared}, which is never to be blocked`;
  }
  // `co.uk`, `com.au`: below them are strangers. Which names are such is nowhere in the DNS itself.
  if (subdomains && /^[a-z]{2,3}\.[a-z]{2}$/.test(domain))
    return `${domain} looks like a suffix under which anybody may have a name`;
  return undefined;
}

function isWithin(domain: string, other: string): boolean {
  return domain === other || domain.endsWith(`.${other}`);
}
