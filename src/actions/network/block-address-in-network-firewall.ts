import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { changeList, missingFrom, removeFrom } from './address-list.ts';
import { ADDRESSES, hostileAddresses } from './hostile-address.ts';
import { recordedVariable } from './record-rule-group.ts';
import {
  CHANGED_MEANWHILE,
  RULE_GROUP,
  type RuleGroupList,
  type RuleGroupVariable,
  readVariable,
} from './rule-group.ts';

interface Blocked extends RuleGroupVariable {
  /** What was not in the variable before. */
  readonly added: readonly string[];
}

export const blockAddressInNetworkFirewall = defineAction({
  name: 'block-address-in-network-firewall',
  title: 'Block the address in Network Firewall',
  group: 'network',
  subjects: [],
  effect: 'reversible',
  needs: ['record-rule-group'],
  permissions: [
    'network-firewall:DescribeRuleGroup',
    'network-firewall:UpdateRuleGroup',
    'ec2:DescribeNetworkInterfaces',
  ],
  about: {
    precondition:
      'every address is one of the Internet, of nobody in this account and not to be spared; a rule of the group drops what is in the variable',
    effect: 'adds the addresses to the IP set variable; the rules themselves stay as they are',
    proof: 'Network Firewall shows the addresses in the variable',
    idempotency: 'what is in the variable is not added, and AWS takes a change only of what was read',
  },
  input: RULE_GROUP.extend(ADDRESSES),
  undo: {
    kind: 'by',
    how: 'remove from the variable the addresses that were added',
    permissions: ['network-firewall:DescribeRuleGroup', 'network-firewall:UpdateRuleGroup'],
    run: unblock,
  },
  plan: (_, { group, variable }) => `add the addresses to $${variable} of ${group}`,
  async run(context) {
    const { aws, input } = context;
    const { group, variable } = input;
    const hostile = await hostileAddresses(context);
    if ('refused' in hostile) return { status: 'ask', reason: hostile.refused };
    const { networks } = hostile;
    const before = recordedVariable(context.output('record-rule-group'), input);
    if (before === undefined)
      return { status: 'ask', reason: `record-rule-group of ${group} must come first in the playbook` };
    const list = await readVariable(aws, input);
    if (typeof list === 'string') return { status: 'ask', reason: list };
    await changeList(
      () => variableOf(context, input),
      CHANGED_MEANWHILE,
      (now) => {
        const missing = missingFrom(now, networks);
        return missing.length === 0 ? undefined : [...now, ...missing];
      },
    );
    const blocked = { group, variable, added: missingFrom(before.addresses, networks) };
    return done(blocked, `${networks.join(', ')} in $${variable} of ${group}`);
  },
});

async function unblock(context: UndoContext): Promise<ActionOutcome> {
  const { added, ...where } = context.undone as unknown as Blocked;
  const removed = await removeFrom(() => variableOf(context, where), CHANGED_MEANWHILE, added);
  return done(
    removed,
    removed.length === 0
      ? `nothing to remove from $${where.variable}`
      : `${removed.join(', ')} out of $${where.variable}`,
  );
}

async function variableOf(
  { aws }: Pick<UndoContext, 'aws'>,
  where: RuleGroupVariable,
): Promise<RuleGroupList> {
  const list = await readVariable(aws, where);
  if (typeof list === 'string') throw new Error(list);
  return list;
}
