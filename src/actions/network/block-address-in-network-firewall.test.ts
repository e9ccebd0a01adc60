import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { blockAddressInNetworkFirewall } from './block-address-in-network-firewall.ts';
import { recordRuleGroup } from './record-rule-group.ts';

const ATTACKER = '198.51.100.7';
const RULES = 'drop ip $BLOCKED any <> any any (msg:"blocked"; sid:1; rev:1;)';

async function world(RulesString = RULES) {
  const one = await acting();
  const firewall = await one.aws.use('network-firewall');
  const RuleGroup = {
    RuleVariables: {
      IPSets: { BLOCKED: { Definition: ['192.0.2.0/24'] }, HOME: { Definition: ['10.0.0.0/8'] } },
      PortSets: { WEB: { Definition: ['443'] } },
    },
    RulesSource: { RulesString },
    StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' as const },
  };
  const { RuleGroupResponse } = await firewall.createRuleGroup({
    RuleGroupName: 'cordon',
    Type: 'STATEFUL',
    Capacity: 10,
    Description: 'what nobody wants',
    RuleGroup,
  });
  const where = { group: RuleGroupResponse?.RuleGroupArn ?? '', variable: 'BLOCKED' };
  const shown = () => firewall.describeRuleGroup({ RuleGroupArn: where.group });
  const definition = async () => (await shown()).RuleGroup?.RuleVariables?.IPSets?.BLOCKED?.Definition;
  return { one, where, RuleGroup, shown, definition };
}
const block = (one: Acting, where: object, more: object = {}) =>
  one.act(blockAddressInNetworkFirewall, { with: { ...where, addresses: [ATTACKER], ...more } });

describe('blocking an address in Network Firewall', () => {
  it('adds it to the variable, leaves everything else of the group, and takes only that out again', async () => {
    const { one, where, RuleGroup, shown, definition } = await world();
    await using _ = one;
    await one.act(recordRuleGroup, { with: where });
    expect(await block(one, where)).toMatchObject({ status: 'done', output: { added: [`${ATTACKER}/32`] } });
    expect(await definition()).toEqual(['192.0.2.0/24', `${ATTACKER}/32`]);
    await one.undo(blockAddressInNetworkFirewall);
    await one.undo(blockAddressInNetworkFirewall);
    const after = await shown();
    expect(after.RuleGroup).toEqual(RuleGroup);
    expect(after.RuleGroupResponse?.Description).toBe('what nobody wants');
    expect(one.made('UpdateRuleGroup')).toBe(2);
  });

  it('adds it once, also when the answer is lost or somebody else changes the group', async () => {
    const { one, where, definition } = await world();
    await using _ = one;
    await one.act(recordRuleGroup, { with: where });
    one.range.faults.add({ operation: 'UpdateRuleGroup', fault: { kind: 'drop-after' } });
    expect(await block(one, where)).toMatchObject({ output: { added: [`${ATTACKER}/32`] } });
    expect(await block(one, where)).toMatchObject({ output: { added: [`${ATTACKER}/32`] } });
    expect(await definition()).toEqual(['192.0.2.0/24', `${ATTACKER}/32`]);
  });

  it('asks when no rule uses the variable, there is no such variable, or the record is of another', async () => {
    const { one, where, definition } = await world('drop ip $BLOCKED_TOO any <> any any (sid:1;)');
    await using _ = one;
    expect(await one.act(recordRuleGroup, { with: where })).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('no rule of'),
    });
    const other = { ...where, variable: 'NONE' };
    expect(await one.act(recordRuleGroup, { with: other })).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('no IP set variable NONE'),
    });
    expect(await block(one, where)).toMatchObject({ status: 'ask' });
    expect(await definition()).toEqual(['192.0.2.0/24']);
  });

  it('asks before it blocks what is not of the Internet', async () => {
    const { one, where } = await world();
    await using _ = one;
    await one.act(recordRuleGroup, { with: where });
    expect(await block(one, where, { addresses: '10.0.0.1' })).toMatchObject({ status: 'ask' });
    expect(one.made('UpdateRuleGroup')).toBe(0);
  });
});
