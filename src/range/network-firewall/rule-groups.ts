import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type {
  CreateRuleGroupRequest,
  DescribeRuleGroupRequest,
  RuleGroup,
  RuleGroupResponse,
  UpdateRuleGroupRequest,
} from '@aws-sdk/client-network-firewall';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

interface SimulatedRuleGroup {
  readonly response: RuleGroupResponse;
  readonly rules: RuleGroup;
  readonly updateToken: string;
}

/** Rule groups by their ARNs. */
const ruleGroupsOf = accountState(() => new Map<string, SimulatedRuleGroup>());

export function createRuleGroup(account: Account, input: CreateRuleGroupRequest): object {
  const kind = input.Type === 'STATELESS' ? 'stateless' : 'stateful';
  const arn = `arn:aws:network-firewall:${account.region}:${account.id}:${kind}-rulegroup/${input.RuleGroupName}`;
  if (ruleGroupsOf(account).has(arn))
    throw invalidRequest('A resource with the specified name already exists');
  const made = {
    response: {
      RuleGroupArn: arn,
      RuleGroupName: input.RuleGroupName,
      RuleGroupId: randomUUID(),
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      Type: input.Type,
      Capacity: input.Capacity,
      RuleGroupStatus: 'ACTIVE' as const,
      Tags: input.Tags ?? [],
      LastModifiedTime: new Date(account.clock.now()),
    },
    rules: rulesOf(input),
    updateToken: randomUUID(),
  };
  ruleGroupsOf(account).set(arn, made);
  return { UpdateToken: made.updateToken, RuleGroupResponse: made.response };
}

export function describeRuleGroup(account: Account, input: DescribeRuleGroupRequest): object {
  const { response, rules, updateToken } = found(account, input);
  return { UpdateToken: updateToken, RuleGroup: rules, RuleGroupResponse: response };
}

/** A change is the whole group: who changes a part of it reads it first, and sends the rest as it was. */
export function updateRuleGroup(account: Account, input: UpdateRuleGroupRequest): object {
  const { response: before, updateToken } = found(account, input);
  const { Description: _, ...response } = before;
  const rules = rulesOf(input);
  if (input.UpdateToken !== updateToken) {
    const message = 'The token you provided is stale or isn’t valid for the operation.';
    throw new AwsError('InvalidTokenException', message);
  }
  const next = {
    response: {
      ...response,
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      LastModifiedTime: new Date(account.clock.now()),
    },
    rules,
    updateToken: randomUUID(),
  };
  ruleGroupsOf(account).set(response.RuleGroupArn ?? '', next);
  return { UpdateToken: next.updateToken, RuleGroupResponse: next.response };
}

interface Named {
  readonly RuleGroupArn?: string | undefined;
  readonly RuleGroupName?: string | undefined;
  readonly Type?: string | undefined;
}

function found(account: Account, { RuleGroupArn, RuleGroupName, Type }: Named): SimulatedRuleGroup {
  const all = ruleGroupsOf(account);
  const group =
    RuleGroupArn === undefined
      ? [...all.values()].find(
          ({ response }) => response.RuleGroupName === RuleGroupName && response.Type === Type,
        )
      : all.get(RuleGroupArn);
  if (group === undefined)
    throw new AwsError('ResourceNotFoundException', 'Unable to locate a resource using the specified ARN');
  return group;
}

/** Rules come as a whole group, or as the text of Suricata rules alone. */
function rulesOf(input: {
  readonly RuleGroup?: RuleGroup | undefined;
  readonly Rules?: string | undefined;
}): RuleGroup {
  const rules = input.RuleGroup ?? { RulesSource: { RulesString: input.Rules } };
  const { IPSets = {} } = rules.RuleVariables ?? {};
  for (const [name, { Definition = [] }] of Object.entries(IPSets)) {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(name)) throw invalidRequest(`parameter is invalid: ${name}`);
    for (const entry of Definition) {
      const [address = '', length] = entry.replace(/^!/, '').split('/');
      const bits = isIP(address) === 6 ? 128 : 32;
      const valid = isIP(address) !== 0 && (length === undefined || Number(length) <= bits);
      if (!valid && !entry.startsWith('$')) throw invalidRequest(`parameter is invalid: ${entry}`);
    }
  }
  return rules;
}

function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}
