import { z } from 'zod';
import { awsErrorCode } from '../../aws/errors.ts';
import { parseNetwork } from '../../intel/address.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { ADDRESSES, hostileAddresses } from '../network/hostile-address.ts';
import {
  type Denial,
  denialsOf,
  describeAcls,
  firstFreeNumber,
  isSameDenial,
  isSameNetwork,
} from './network-acl.ts';
import { type RecordedInstance, recordedInstance } from './record-instance.ts';

/** Whoever blocks more than this cuts off half the world by a slip of the hand. */
const WIDEST = { 4: 8, 6: 19 } as const;

const NETWORK = z
  .string()
  .refine((text) => parseNetwork(text) !== undefined, 'an address, or a network in CIDR notation')
  .refine((text) => {
    const network = parseNetwork(text);
    return network === undefined || network.prefixLength >= WIDEST[network.family];
  }, `not wider than /${WIDEST[4]}, or /${WIDEST[6]} of IPv6`);

interface Input {
  readonly address?: string | undefined;
  readonly fields: readonly string[];
  readonly never: readonly string[];
}

/** Entries of a network ACL that are this case's. */
interface Blocked {
  readonly aclId: string;
  readonly entries: readonly Denial[];
}

/** Somebody else may take the number between the look and the call; looks for each network. */
const TRIES = 3;

export const blockAddress = defineAction({
  name: 'block-address',
  title: 'Block an address in the network ACL',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: ['ec2:DescribeNetworkAcls', 'ec2:CreateNetworkAclEntry', 'ec2:DescribeNetworkInterfaces'],
  about: {
    precondition:
      'a rule number is free before the first entry that lets something through; what was found is a host of the Internet that is not ours',
    effect:
      "a DENY entry in and out in the network ACL of each of the instance's subnets; all instances there lose the address, established connections at once",
    proof: 'EC2 shows the entries, before every ALLOW',
    idempotency: 'a DENY of the same network that is there already is left alone',
  },
  input: z
    .strictObject({
      address: NETWORK.optional().describe('An address, or a network in CIDR notation'),
      fields: ADDRESSES.fields.describe('Fields of the findings that hold addresses, such as dst_ip'),
      never: ADDRESSES.never.describe('Addresses and networks that are never blocked when they were found'),
    })
    .refine(({ address, fields }) => address !== undefined || fields.length > 0, 'address or fields'),
  undo: {
    kind: 'by',
    how: 'delete exactly the entries that were made, where they still deny that network',
    permissions: ['ec2:DescribeNetworkAcls', 'ec2:DeleteNetworkAclEntry'],
    run: unblock,
  },
  plan: ({ id }, { address, fields }) =>
    `deny ${address ?? `what was found in ${fields.join(', ')}`} in and out, first of all entries, in the network ACLs of the subnets of ${id}; it is of every instance there`,
  async run(context) {
    const recorded = recordedInstance(context.output('record-instance'));
    const networks = await networksOf(context);
    if (typeof networks === 'string') return { status: 'ask', reason: networks };
    const subnetIds = recorded.networkInterfaces.map(({ subnetId }) => subnetId);
    for (let round = 0; round < TRIES * networks.length; round++) {
      const missing = await deny(context, subnetIds, networks);
      if (typeof missing === 'string') return { status: 'ask', reason: missing };
      if (!missing) return done(...(await result(context, recorded, networks)));
    }
    return { status: 'waiting', progress: `the entries for ${networks.join(', ')} are not there yet` };
  },
});

/** What is to be denied; a text says why a person must look first. */
async function networksOf(context: ActionContext<Input>): Promise<readonly string[] | string> {
  const { address, fields, never } = context.input;
  const named = address === undefined ? [] : [cidrOf(address)];
  if (fields.length === 0) return named;
  const found = await hostileAddresses({ ...context, input: { addresses: [], fields, never } });
  return 'refused' in found ? found.refused : [...new Set([...named, ...found.networks])];
}

/** An address as the network that has it alone; AWS takes only CIDR notation. */
function cidrOf(text: string): string {
  if (text.includes('/')) return text;
  return `${text}/${text.includes(':') ? 128 : 32}`;
}

/** Makes what is missing; `true` when something was, a text when it cannot be made. */
async function deny(
  { aws }: ActionContext<unknown>,
  subnetIds: readonly string[],
  networks: readonly string[],
): Promise<boolean | string> {
  let missing = false;
  for (const { NetworkAclId = '', Entries } of await describeAcls(aws, subnetIds)) {
    for (const Egress of [false, true]) {
      const denied = denialsOf(Entries).filter(({ egress }) => egress === Egress);
      // One a look: the number that is free after it is known at the next.
      const network = networks.find((one) => !denied.some((known) => isSameNetwork(known.network, one)));
      if (network === undefined) continue;
      missing = true;
      const RuleNumber = firstFreeNumber(Entries, Egress);
      if (RuleNumber === undefined)
        return `${NetworkAclId} has no free rule number before its first ALLOW ${Egress ? 'out' : 'in'}`;
      const cidr = network.includes(':') ? { Ipv6CidrBlock: network } : { CidrBlock: network };
      await aws.ec2
        .createNetworkAclEntry({
          NetworkAclId,
          RuleNumber,
          Egress,
          Protocol: '-1',
          RuleAction: 'deny',
          ...cidr,
        })
        .catch((error: unknown) => {
          if (awsErrorCode(error) !== 'NetworkAclEntryAlreadyExists') throw error;
        });
    }
  }
  return missing;
}

/** What denies the networks now; what did when the instance was recorded is not this case's. */
async function result(
  { aws }: ActionContext<unknown>,
  recorded: RecordedInstance,
  networks: readonly string[],
) {
  const subnetIds = recorded.networkInterfaces.map(({ subnetId }) => subnetId);
  const blocked: Blocked[] = [];
  const proofs: string[] = [];
  for (const { NetworkAclId = '', Entries } of await describeAcls(aws, subnetIds)) {
    const denials = denialsOf(Entries).filter((one) =>
      networks.some((network) => isSameNetwork(one.network, network)),
    );
    const before = recorded.networkAcls.find(({ id }) => id === NetworkAclId)?.denials ?? [];
    const entries = denials.filter((one) => !before.some((known) => isSameDenial(known, one)));
    blocked.push({ aclId: NetworkAclId, entries });
    const numbers = denials.map(({ number, egress }) => `${number} ${egress ? 'out' : 'in'}`);
    proofs.push(`${NetworkAclId} denies ${networks.join(', ')}: rules ${numbers.join(', ')}`);
  }
  return [toJson({ networks, blocked }), proofs.join('; ')] as const;
}

async function unblock({ aws, undone, output }: UndoContext): Promise<ActionOutcome> {
  const { blocked } = undone as unknown as { readonly blocked: readonly Blocked[] };
  const { networkInterfaces } = recordedInstance(output('record-instance'));
  const now = await describeAcls(
    aws,
    networkInterfaces.map(({ subnetId }) => subnetId),
  );
  const deleted: string[] = [];
  for (const { aclId, entries } of blocked) {
    const current = denialsOf(now.find(({ NetworkAclId }) => NetworkAclId === aclId)?.Entries);
    for (const entry of entries) {
      if (!current.some((one) => isSameDenial(one, entry))) continue;
      await aws.ec2
        .deleteNetworkAclEntry({ NetworkAclId: aclId, RuleNumber: entry.number, Egress: entry.egress })
        .catch((error: unknown) => {
          if (awsErrorCode(error) !== 'InvalidNetworkAclEntry.NotFound') throw error;
        });
      deleted.push(`${aclId} ${entry.number} ${entry.egress ? 'out' : 'in'} (${entry.network})`);
    }
  }
  return done(
    deleted,
    deleted.length === 0
      ? 'no entry of this case is there any more'
      : `no longer denied: ${deleted.join(', ')}`,
  );
}
