import { NetworkFirewall } from '@aws-sdk/client-network-firewall';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

let world: Range;
let firewall: NetworkFirewall;

beforeEach(async () => {
  world = await startRange();
  firewall = new NetworkFirewall({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  firewall.destroy();
  await world.close();
});

const RULES = 'drop ip $BLOCKED any <> any any (msg:"blocked"; sid:1; rev:1;)';
const group = (Definition: string[]) => ({
  RuleVariables: { IPSets: { BLOCKED: { Definition } } },
  RulesSource: { RulesString: RULES },
});
const named = { RuleGroupName: 'cordon', Type: 'STATEFUL' } as const;

describe('a rule group', () => {
  it('is changed as a whole, and only by who has seen its last change', async () => {
    const { UpdateToken, RuleGroupResponse } = await firewall.createRuleGroup({
      ...named,
      Capacity: 10,
      RuleGroup: group(['192.0.2.0/24']),
    });
    const RuleGroupArn = RuleGroupResponse?.RuleGroupArn;
    expect(RuleGroupArn).toBe('arn:aws:network-firewall:us-east-1:123456789012:stateful-rulegroup/cordon');
    await firewall.updateRuleGroup({ RuleGroupArn, UpdateToken, RuleGroup: group(['198.51.100.7/32']) });
    await expect(
      firewall.updateRuleGroup({ RuleGroupArn, UpdateToken, RuleGroup: group([]) }),
    ).rejects.toMatchObject({ name: 'InvalidTokenException' });
    const described = await firewall.describeRuleGroup(named);
    expect(described.RuleGroup).toEqual(group(['198.51.100.7/32']));
    expect(described.UpdateToken).not.toBe(UpdateToken);
  });

  it('has addresses in its variables, and is there only once', async () => {
    const create = (Definition: string[]) =>
      firewall.createRuleGroup({ ...named, Capacity: 10, RuleGroup: group(Definition) });
    await expect(create(['example.com'])).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await create([]);
    await expect(create([])).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(
      firewall.describeRuleGroup({ RuleGroupName: 'other', Type: 'STATEFUL' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
