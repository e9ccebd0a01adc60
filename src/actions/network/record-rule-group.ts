import { toJson } from '../../model/json.ts';
import { defineAction, done } from '../action.ts';
import { RULE_GROUP, type RuleGroupVariable, readVariable } from './rule-group.ts';

/** The variable as it was found: what the undo of a block leaves alone. */
export interface RecordedVariable extends RuleGroupVariable {
  readonly addresses: readonly string[];
}

export const recordRuleGroup = defineAction({
  name: 'record-rule-group',
  title: 'Record the rule group',
  group: 'network',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['network-firewall:DescribeRuleGroup'],
  about: {
    precondition: 'the rule group is stateful, and one of its rules uses the IP set variable',
    effect: 'writes what Network Firewall says of the rule group into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: RULE_GROUP,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: (_, { group }) => `record the rule group ${group}`,
  async run({ aws, input, caseFile }) {
    const list = await readVariable(aws, input);
    if (typeof list === 'string') return { status: 'ask', reason: list };
    const { RuleGroup, RuleGroupResponse } = list.description;
    const name = (RuleGroupResponse?.RuleGroupName ?? '').replace(/[^\w-]/g, '_');
    caseFile.writeJson(`rule-group-${name}.json`, toJson({ RuleGroup, RuleGroupResponse }));
    const recorded: RecordedVariable = { ...input, addresses: list.entries };
    return done(
      toJson(recorded),
      `${input.group}: ${list.entries.length} addresses and networks in $${input.variable}`,
    );
  },
});

/** The variable as {@link recordRuleGroup} found it; nothing when it was another one. */
export function recordedVariable(
  output: unknown,
  { group, variable }: RuleGroupVariable,
): RecordedVariable | undefined {
  const recorded = output as RecordedVariable | undefined;
  return recorded?.group === group && recorded.variable === variable ? recorded : undefined;
}
