import type { DescribeRuleGroupCommandOutput } from '@aws-sdk/client-network-firewall';
import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import type { AddressList } from './address-list.ts';

/** A stateful rule group of Network Firewall, and the IP set variable in it that its drop rules use. */
export const RULE_GROUP = z.strictObject({
  group: z.string().regex(/^arn:[\w-]+:network-firewall:/, 'the ARN of a rule group'),
  /** Without the $ that rules write before it. */
  variable: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/),
});

export type RuleGroupVariable = z.output<typeof RULE_GROUP>;

export interface RuleGroupList extends AddressList {
  readonly description: DescribeRuleGroupCommandOutput;
}

export const CHANGED_MEANWHILE = 'InvalidTokenException';

/**
 * The addresses of a variable; a text says why there is none to change.
 * Source: AWS Network Firewall API Reference, "UpdateRuleGroup": describe, change the object, and send all
 * of it with the token; "RuleVariables": IP sets in CIDR notation.
 */
export async function readVariable(
  aws: AwsClients,
  { group, variable }: RuleGroupVariable,
): Promise<RuleGroupList | string> {
  const firewall = await aws.use('network-firewall');
  const description = await firewall.describeRuleGroup({ RuleGroupArn: group });
  const { RuleGroup, RuleGroupResponse, UpdateToken } = description;
  if (RuleGroupResponse?.Type !== 'STATEFUL') return `${group} is no stateful rule group`;
  const sets = RuleGroup?.RuleVariables?.IPSets ?? {};
  const entries = Object.hasOwn(sets, variable) ? sets[variable]?.Definition : undefined;
  if (RuleGroup === undefined || entries === undefined) return `${group} has no IP set variable ${variable}`;
  if (!usesVariable(RuleGroup, variable)) return `no rule of ${group} uses $${variable}`;
  const { Description, EncryptionConfiguration, SourceMetadata, SummaryConfiguration } = RuleGroupResponse;
  return {
    entries,
    description,
    async replace(next: readonly string[]) {
      const IPSets = { ...sets, [variable]: { Definition: [...next] } };
      await firewall.updateRuleGroup({
        RuleGroupArn: group,
        UpdateToken,
        RuleGroup: { ...RuleGroup, RuleVariables: { ...RuleGroup.RuleVariables, IPSets } },
        ...(Description === undefined ? {} : { Description }),
        ...(EncryptionConfiguration === undefined ? {} : { EncryptionConfiguration }),
        ...(SourceMetadata === undefined ? {} : { SourceMetadata }),
        ...(SummaryConfiguration === undefined ? {} : { SummaryConfiguration }),
      });
    },
  };
}

function usesVariable(
  { RulesSource }: NonNullable<DescribeRuleGroupCommandOutput['RuleGroup']>,
  variable: string,
): boolean {
  const { RulesString = '', StatefulRules = [] } = RulesSource ?? {};
  const ends = StatefulRules.flatMap(({ Header }) => [Header?.Source ?? '', Header?.Destination ?? '']);
  return [RulesString, ...ends].some((text) => text.split(/[^$\w]/).some((word) => word === `$${variable}`));
}
