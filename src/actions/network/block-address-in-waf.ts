import { z } from 'zod';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { changeList, missingFrom, removeFrom } from './address-list.ts';
import { ADDRESSES, hostileAddresses } from './hostile-address.ts';
import { CHANGED_MEANWHILE, IP_SET, type IpSetName, outOfReach, readIpSet } from './ip-set.ts';
import { recordedIpSet } from './record-ip-set.ts';

interface Blocked {
  readonly set: IpSetName;
  /** What was not in the set before. */
  readonly added: readonly string[];
}

export const blockAddressInWaf = defineAction({
  name: 'block-address-in-waf',
  title: 'Block the address in AWS WAF',
  group: 'network',
  subjects: [],
  effect: 'reversible',
  needs: ['record-ip-set'],
  permissions: ['wafv2:GetIPSet', 'wafv2:UpdateIPSet', 'ec2:DescribeNetworkInterfaces'],
  about: {
    precondition:
      'every address is one of the Internet, of nobody in this account and not to be spared; a rule of the web ACL blocks what is in the set',
    effect: 'adds the addresses to the IP set, whatever else is changed in it meanwhile',
    proof: 'AWS WAF shows the addresses in the set',
    idempotency: 'what is in the set is not added, and AWS takes a change only of the set that was read',
  },
  input: z.strictObject({ set: IP_SET, ...ADDRESSES }),
  undo: {
    kind: 'by',
    how: 'remove from the IP set the addresses that were added',
    permissions: ['wafv2:GetIPSet', 'wafv2:UpdateIPSet'],
    run: unblock,
  },
  plan: (_, { set }) => `add the addresses to the IP set ${set.name} of AWS WAF`,
  async run(context) {
    const { aws, input } = context;
    const away = outOfReach(aws, input.set);
    if (away !== undefined) return { status: 'ask', reason: away };
    const hostile = await hostileAddresses(context);
    if ('refused' in hostile) return { status: 'ask', reason: hostile.refused };
    const { networks } = hostile;
    const before = recordedIpSet(context.output('record-ip-set'), input.set.id);
    if (before === undefined)
      return { status: 'ask', reason: `record-ip-set of ${input.set.name} must come first in the playbook` };
    const { family } = await readIpSet(aws, input.set);
    const other = networks.find((network) => network.includes(':') !== (family === 6));
    if (other !== undefined)
      return { status: 'ask', reason: `${other} does not fit into ${input.set.name}, a set of IPv${family}` };
    const entries = await changeList(
      () => readIpSet(aws, input.set),
      CHANGED_MEANWHILE,
      (now) => {
        const missing = missingFrom(now, networks);
        return missing.length === 0 ? undefined : [...now, ...missing];
      },
    );
    const blocked = { set: input.set, added: missingFrom(before.addresses, networks) };
    return done(blocked, `${networks.join(', ')} in ${input.set.name}, with ${entries.length} in all`);
  },
});

async function unblock({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { set, added } = undone as unknown as Blocked;
  const removed = await removeFrom(() => readIpSet(aws, set), CHANGED_MEANWHILE, added);
  return done(
    removed,
    removed.length === 0 ? `nothing to remove from ${set.name}` : `${removed.join(', ')} out of ${set.name}`,
  );
}
