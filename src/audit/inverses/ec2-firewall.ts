import type { Json } from '../../model/json.ts';
import type { ApiCall } from '../api-call.ts';
import { booleanOf, isObject, listOf, memberOf, numberOf, present, textOf } from '../members.ts';
import type { BackCall, Inverse, WayBack } from '../way-back.ts';
import {
  type Direction,
  type GroupRule,
  isRuleId,
  permissionOf,
  ruleIdsOf,
  ruleKey,
  ruleRequestOf,
  rulesOfGroup,
  rulesOfPermissions,
  rulesOfSet,
  ruleText,
  without,
} from './group-rules.ts';
import { backCall, calls, linesOf, noBefore, nothing, notInRecord, stateBefore, unknown } from './inverse.ts';

const row = linesOf('ec2.amazonaws.com');
const GROUP = 'AWS::EC2::SecurityGroup';
const ENTRY = 'AWS::EC2::NetworkAclEntry';
const GONE = ['InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound', 'InvalidGroup.NotFound'];
const NO_ENTRY = ['InvalidNetworkAclEntry.NotFound', 'InvalidNetworkAclID.NotFound'];

function groupOf(call: ApiCall): string | undefined {
  const sets = ['securityGroupRuleSet', 'revokedSecurityGroupRuleSet'];
  const answered = sets.flatMap((set) => listOf(call.response, `${set}.items`));
  return textOf(call.request, 'groupId') ?? answered.map((item) => textOf(item, 'groupId'))[0];
}

/** A rule a call: EC2 refuses all of a call when one rule of it is gone, and then the others would stay. */
function each(texts: readonly string[], does: string, back: (text: string, at: number) => BackCall): WayBack {
  return calls(`${does} ${texts.join(', ')}`, ...texts.map(back));
}

function authorized(name: string, direction: Direction): Inverse {
  const operation = `RevokeSecurityGroup${direction === 'ingress' ? 'Ingress' : 'Egress'}`;
  return row(name, GROUP, [`ec2:${operation}`], (call, states) => {
    const GroupId = groupOf(call);
    if (GroupId === undefined) return notInRecord(call);
    const set = memberOf(call.response, 'securityGroupRuleSet');
    const ids = ruleIdsOf(set);
    const asked = rulesOfPermissions(memberOf(call.request, 'ipPermissions'));
    if (ids.length > 0) {
      const told = rulesOfSet(set).map((rule) => ruleText(rule, direction));
      const what = told.length === ids.length ? ids.map((id, at) => `${id} (${told[at]})`) : ids;
      return each(what, `revoke in ${GroupId}`, (_, at) =>
        backCall('ec2', operation, { GroupId, SecurityGroupRuleIds: [ids[at] ?? ''] }, GONE),
      );
    }
    if (asked.length === 0) return notInRecord(call);
    const rules = without(asked, rulesOfGroup(stateBefore(states), direction));
    if (rules.length === 0) return nothing(`${GroupId} had all of it before`);
    return revoked(rules, direction, GroupId, operation);
  });
}

function revoked(
  rules: readonly GroupRule[],
  direction: Direction,
  GroupId: string,
  operation: string,
): WayBack {
  return each(
    rules.map((rule) => ruleText(rule, direction)),
    `revoke in ${GroupId}`,
    (_, at) =>
      backCall('ec2', operation, { GroupId, IpPermissions: rules.slice(at, at + 1).map(permissionOf) }, GONE),
  );
}

function authorizedAgain(name: string, direction: Direction): Inverse {
  const operation = `AuthorizeSecurityGroup${direction === 'ingress' ? 'Ingress' : 'Egress'}`;
  return row(name, GROUP, [`ec2:${operation}`], (call, states) => {
    const GroupId = groupOf(call);
    if (GroupId === undefined) return notInRecord(call);
    const answered = rulesOfSet(memberOf(call.response, 'revokedSecurityGroupRuleSet'));
    const asked = rulesOfPermissions(memberOf(call.request, 'ipPermissions'));
    const missed = rulesOfPermissions(memberOf(call.response, 'unknownIpPermissionSet'));
    const gone = answered.length > 0 ? answered : without(asked, missed);
    if (gone.length === 0)
      return asked.length > 0 ? nothing(`${GroupId} had nothing of it`) : notInRecord(call);
    const before = stateBefore(states);
    const described = new Map(rulesOfGroup(before, direction).map((rule) => [ruleKey(rule), rule]));
    // Who opens a port and closes it again must not have it opened by us.
    const rules = before === undefined ? gone : gone.flatMap((rule) => described.get(ruleKey(rule)) ?? []);
    if (rules.length === 0) return nothing(`${GroupId} had none of it before`);
    return each(
      rules.map((rule) => ruleText(rule, direction)),
      `allow in ${GroupId} again`,
      (_, at) =>
        backCall('ec2', operation, { GroupId, IpPermissions: rules.slice(at, at + 1).map(permissionOf) }, [
          'InvalidPermission.Duplicate',
        ]),
    );
  });
}

/** EC2 tells the id of the rule and what it is now; what it was is what the group has lost by it. */
const modified = row('ModifySecurityGroupRules', GROUP, ['ec2:ModifySecurityGroupRules'], (call, states) => {
  const request = memberOf(call.request, 'ModifySecurityGroupRulesRequest');
  const GroupId = textOf(request, 'GroupId');
  const ids = listOf(request, 'SecurityGroupRule').map((one) => memberOf(one, 'SecurityGroupRuleId') ?? null);
  const [id = null, ...more] = ids;
  if (GroupId === undefined || !isRuleId(id)) return notInRecord(call);
  const before = stateBefore(states);
  if (before === undefined || !isObject(states.after)) return noBefore(`what the rules of ${GroupId} were`);
  const { after } = states;
  const lost = (['ingress', 'egress'] as const).flatMap((direction) =>
    without(rulesOfGroup(before, direction), rulesOfGroup(after, direction)).map((rule) => ({
      rule,
      direction,
    })),
  );
  const [was, ...others] = lost;
  if (more.length > 0 || was === undefined || others.length > 0)
    return unknown(`which rule of ${GroupId} ${ids.length > 1 ? 'each of several' : id} was is not certain`);
  return calls(
    `make ${id} of ${GroupId} ${ruleText(was.rule, was.direction)} again`,
    backCall('ec2', 'ModifySecurityGroupRules', {
      GroupId,
      SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: ruleRequestOf(was.rule) }],
    }),
  );
});

function entryOf(call: ApiCall) {
  const NetworkAclId = textOf(call.request, 'networkAclId');
  const RuleNumber = numberOf(call.request, 'ruleNumber');
  const Egress = booleanOf(call.request, 'egress');
  return NetworkAclId === undefined || RuleNumber === undefined || Egress === undefined
    ? undefined
    : { NetworkAclId, RuleNumber, Egress };
}

function entryText({ NetworkAclId, RuleNumber, Egress }: NonNullable<ReturnType<typeof entryOf>>): string {
  return `the ${Egress ? 'outbound' : 'inbound'} entry ${RuleNumber} of ${NetworkAclId}`;
}

/** What an entry of AWS::EC2::NetworkAclEntry lets through, as EC2 takes it. */
function entryInput(before: Json | undefined): { readonly [member: string]: Json } | undefined {
  const protocol = numberOf(before, 'Protocol');
  const RuleAction = textOf(before, 'RuleAction');
  if (protocol === undefined || RuleAction === undefined) return undefined;
  return present({
    Protocol: String(protocol),
    RuleAction,
    CidrBlock: textOf(before, 'CidrBlock'),
    Ipv6CidrBlock: textOf(before, 'Ipv6CidrBlock'),
    PortRange: memberOf(before, 'PortRange'),
    IcmpTypeCode: memberOf(before, 'Icmp'),
  });
}

function entryBack(name: string, operation: string, does: string, already: readonly string[]): Inverse {
  return row(name, ENTRY, [`ec2:${operation}`], (call, states) => {
    const entry = entryOf(call);
    if (entry === undefined) return notInRecord(call);
    const input = entryInput(stateBefore(states));
    if (input === undefined) return noBefore(`what ${entryText(entry)} was`);
    return calls(
      `${does} ${entryText(entry)} as it was`,
      backCall('ec2', operation, { ...entry, ...input }, already),
    );
  });
}

/** Rules of security groups and entries of network ACLs. */
export const EC2_FIREWALL_INVERSES: readonly Inverse[] = [
  authorized('AuthorizeSecurityGroupIngress', 'ingress'),
  authorized('AuthorizeSecurityGroupEgress', 'egress'),
  authorizedAgain('RevokeSecurityGroupIngress', 'ingress'),
  authorizedAgain('RevokeSecurityGroupEgress', 'egress'),
  modified,
  row('CreateNetworkAclEntry', ENTRY, ['ec2:DeleteNetworkAclEntry'], (call) => {
    const entry = entryOf(call);
    if (entry === undefined) return notInRecord(call);
    return calls(`delete ${entryText(entry)}`, backCall('ec2', 'DeleteNetworkAclEntry', entry, NO_ENTRY));
  }),
  entryBack('ReplaceNetworkAclEntry', 'ReplaceNetworkAclEntry', 'put back', []),
  entryBack('DeleteNetworkAclEntry', 'CreateNetworkAclEntry', 'make again', ['NetworkAclEntryAlreadyExists']),
];
