import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { parseNetwork } from '../../intel/address.ts';
import { type AddressSet, addressSet } from '../../intel/address-set.ts';
import { formatIpv4 } from '../../intel/ipv4.ts';
import type { ActionContext } from '../action.ts';

const LIMIT = 100;

/** Which addresses an action blocks: those that are named, and those of fields that made rules match. */
export const ADDRESSES = {
  /** One or more; without any, and without fields, it is the subject itself. */
  addresses: z.union([z.string(), z.array(z.string()).max(LIMIT)]).default([]),
  /** Fields of the findings, as the rules name them, e.g. `dst_ip`. */
  fields: z.array(z.string()).max(LIMIT).default([]),
  /** Addresses and networks that are never blocked: offices, partners, monitoring. */
  never: z.array(z.string()).default([]),
};

interface AddressInput {
  readonly addresses: string | readonly string[];
  readonly fields: readonly string[];
  readonly never: readonly string[];
}

/**
 * Networks that nobody on the Internet is in, and in which a block would hurt the VPC itself: the services
 * of every VPC are at link-local addresses. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 * Those that are for documentation are left out: they hurt nobody.
 */
const NOT_OF_THE_INTERNET: AddressSet = addressSet([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  '::/8',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]);

/** Addresses in CIDR notation, or why a person must look first. */
export type Hostile = { readonly networks: readonly string[] } | { readonly refused: string };

/** The addresses that are named or were found; whoever was found chose them, so each is looked at. */
export async function hostileAddresses(context: ActionContext<AddressInput>): Promise<Hostile> {
  const { input, subject, aws } = context;
  const named = typeof input.addresses === 'string' ? [input.addresses] : input.addresses;
  const found = input.fields.length === 0 ? [] : await foundIn(context, input.fields);
  const nothingSaid = input.fields.length === 0 && named.length === 0;
  const texts = [...new Set(nothingSaid ? [subject.id] : [...named, ...found])];
  if (texts.length === 0) return { refused: `the findings have no ${input.fields.join(', ')} to block` };
  if (texts.length > LIMIT) return { refused: `${texts.length} addresses are more than ${LIMIT}` };
  const never = neverOf(input.never);
  if ('refused' in never) return never;
  const networks = new Set<string>();
  for (const text of texts) {
    const network = hostNetwork(text);
    if (network === undefined) return { refused: `${quoted(text)} is not an address` };
    const [address = ''] = network.split('/');
    const special = NOT_OF_THE_INTERNET.find(address);
    if (special !== undefined)
      return { refused: `${address} is in ${special}, which is not of the Internet` };
    const spared = never.set.find(address);
    if (spared !== undefined) return { refused: `${address} is in ${spared}, which is never to be blocked` };
    networks.add(network);
  }
  const own = await ownAddress(aws, [...networks]);
  if (own !== undefined) return { refused: `${own} is an address of this account` };
  return { networks: [...networks] };
}

/** One host in CIDR notation; nothing when the text is anything else, also when it is a network. */
export function hostNetwork(text: string): string | undefined {
  const network = parseNetwork(text);
  if (network?.family === 4) {
    return network.prefixLength === 32 ? `${formatIpv4(network.start)}/32` : undefined;
  }
  if (network === undefined || network.prefixLength !== 128) return undefined;
  const groups = [...network.words].flatMap((word) => [word >>> 16, word & 0xffff]);
  const url = URL.parse(`http://[${groups.map((group) => group.toString(16)).join(':')}]`);
  return url === null ? undefined : `${url.hostname.slice(1, -1)}/128`;
}

/** The values of fields that made rules match. */
async function foundIn(context: ActionContext, fields: readonly string[]): Promise<string[]> {
  const { findings } = await context.findings();
  return findings.flatMap(({ branch }) =>
    branch.because.filter(({ field }) => fields.includes(field)).map(({ value }) => value),
  );
}

function neverOf(entries: readonly string[]): { readonly set: AddressSet } | { readonly refused: string } {
  const wrong = entries.find((entry) => parseNetwork(entry) === undefined);
  if (wrong !== undefined)
    return { refused: `with.never: ${quoted(wrong)} is neither an address nor a network` };
  return { set: addressSet(entries) };
}

/** An address that an interface of the account has on the Internet. */
async function ownAddress(aws: AwsClients, networks: readonly string[]): Promise<string | undefined> {
  const addresses = networks.map((network) => network.split('/')[0] ?? '');
  const byFamily = [
    ['association.public-ip', addresses.filter((address) => !address.includes(':'))],
    ['ipv6-addresses.ipv6-address', addresses.filter((address) => address.includes(':'))],
  ] as const;
  for (const [Name, Values] of byFamily) {
    if (Values.length === 0) continue;
    const filters = [{ Name, Values: [...Values] }];
    for await (const page of aws.ec2.paginateDescribeNetworkInterfaces({ Filters: filters })) {
      const [one] = page.NetworkInterfaces ?? [];
      if (one !== undefined) return `${Values.join(', ')} (${one.NetworkInterfaceId})`;
    }
  }
  return undefined;
}

/** What came from a log, short and on one line. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
