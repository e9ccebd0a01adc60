import { SECURITY_GROUP } from '../../src/actions/network/record-security-group.ts';
import type { Acting } from '../acting.ts';
import { subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios, Prepared } from './scenario.ts';

const ATTACKER = '198.51.100.7';

function opened(direction: 'ingress' | 'egress'): ActionScenario {
  return {
    name: 'a rule with a tag',
    async prepare({ aws, honeypot }) {
      const rule = {
        GroupId: honeypot.groupId,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
        ],
        TagSpecifications: [
          { ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'by', Value: 'mallory' }] },
        ],
      };
      const { SecurityGroupRules } =
        direction === 'ingress'
          ? await aws.ec2.authorizeSecurityGroupIngress(rule)
          : await aws.ec2.authorizeSecurityGroupEgress(rule);
      return {
        subject: subjectOf(SECURITY_GROUP, honeypot.groupId),
        with: { rules: [SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''] },
      };
    },
  };
}

/** Of an action that records first, with the same words; `more` is of the action alone. */
function recorded(
  name: string,
  record: string,
  make: (world: Acting) => Promise<object>,
  more: object,
): ActionScenario {
  return {
    name,
    async prepare(world): Promise<Prepared> {
      const where = await make(world);
      return { subject: world.subject, with: { ...where, ...more }, before: { [record]: where } };
    },
  };
}

async function ipSet({ aws }: Acting): Promise<object> {
  const waf = await aws.use('wafv2');
  const { Summary } = await waf.createIPSet({
    Name: 'blocked',
    Scope: 'REGIONAL',
    IPAddressVersion: 'IPV4',
    Addresses: [],
  });
  return { set: { name: 'blocked', id: Summary?.Id ?? '', scope: 'REGIONAL' } };
}

async function ruleGroup({ aws }: Acting): Promise<object> {
  const firewall = await aws.use('network-firewall');
  const { RuleGroupResponse } = await firewall.createRuleGroup({
    RuleGroupName: 'cordon',
    Type: 'STATEFUL',
    Capacity: 10,
    RuleGroup: {
      RuleVariables: { IPSets: { BLOCKED: { Definition: ['192.0.2.0/24'] } } },
      RulesSource: { RulesString: 'drop ip $BLOCKED any <> any any (msg:"blocked"; sid:1; rev:1;)' },
    },
  });
  return { group: RuleGroupResponse?.RuleGroupArn ?? '', variable: 'BLOCKED' };
}

async function domainList({ aws }: Acting): Promise<object> {
  const resolver = await aws.use('route53resolver');
  const made = await resolver.createFirewallDomainList({ CreatorRequestId: '1', Name: 'blocked' });
  return { list: made.FirewallDomainList?.Id ?? '' };
}

const block = { addresses: [ATTACKER] };

export const NETWORK_SCENARIOS: ActionScenarios = {
  'record-security-group': [
    {
      name: 'a group',
      prepare: async ({ honeypot }) => ({ subject: subjectOf(SECURITY_GROUP, honeypot.groupId) }),
    },
  ],
  'revoke-ingress': [opened('ingress')],
  'revoke-egress': [opened('egress')],
  'record-ip-set': [recorded('an IP set', '', ipSet, {})],
  'block-address-in-waf': [recorded('an IP set', 'record-ip-set', ipSet, block)],
  'record-rule-group': [recorded('a rule group', '', ruleGroup, {})],
  'block-address-in-network-firewall': [recorded('a rule group', 'record-rule-group', ruleGroup, block)],
  'record-domain-list': [recorded('a list', '', domainList, {})],
  'block-domain-in-dns-firewall': [
    recorded('a list', 'record-domain-list', domainList, { domains: ['c2.evil.example'] }),
  ],
};
