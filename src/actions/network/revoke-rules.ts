import { z } from 'zod';
import { awsErrorCode } from '../../aws/errors.ts';
import { type Json, toJson } from '../../model/json.ts';
import type { ActionContext, ActionOutcome, UndoContext } from '../action.ts';
import { done } from '../action.ts';
import { recordedRules } from './record-security-group.ts';
import { type GroupRule, ruleKeys, rulesOfGroup, ruleText } from './security-group.ts';

const described = { Description: z.string().optional() };

/** Which rules: by their ids, or by what they permit, as the EC2 API writes it. */
export const RULES = z
  .strictObject({
    rules: z
      .union([z.string(), z.array(z.string())])
      .transform((ids) => [ids].flat())
      .default([]),
    permissions: z
      .array(
        z.strictObject({
          IpProtocol: z.string(),
          FromPort: z.number().int().optional(),
          ToPort: z.number().int().optional(),
          IpRanges: z.array(z.strictObject({ CidrIp: z.string(), ...described })).optional(),
          Ipv6Ranges: z.array(z.strictObject({ CidrIpv6: z.string(), ...described })).optional(),
          PrefixListIds: z.array(z.strictObject({ PrefixListId: z.string(), ...described })).optional(),
          UserIdGroupPairs: z
            .array(z.strictObject({ GroupId: z.string(), UserId: z.string().optional(), ...described }))
            .optional(),
        }),
      )
      .default([]),
  })
  .refine(({ rules, permissions }) => rules.length + permissions.length > 0, 'rules or permissions');

export type Rules = z.output<typeof RULES>;
export type Side = 'ingress' | 'egress';

interface Revoked {
  readonly groupId: string;
  readonly revoked: readonly GroupRule[];
}

/** Revokes the very rules that are named, by their ids; the rest of the group is not touched. */
export async function revokeRules(context: ActionContext<Rules>, side: Side): Promise<ActionOutcome> {
  const { aws, subject, input } = context;
  const before = recordedRules(context.output('record-security-group'), subject, side === 'egress');
  if (before === undefined)
    return {
      status: 'ask',
      reason: `record-security-group of ${subject.id} must come first in the playbook`,
    };
  const named = namedRules(before, input, side);
  if (typeof named === 'string') return { status: 'ask', reason: `${subject.id} had ${named}` };
  const keys = new Set(named.flatMap(({ permission }) => ruleKeys(permission)));
  // What was taken away and came back has another id and is the same hole.
  const open = async () =>
    (await rulesOfGroup(aws, subject.id)).filter(
      (rule) => rule.egress === (side === 'egress') && ruleKeys(rule.permission).some((key) => keys.has(key)),
    );
  const now = await open();
  if (now.length > 0) {
    const ids = { GroupId: subject.id, SecurityGroupRuleIds: now.map(({ id }) => id) };
    try {
      await (side === 'ingress'
        ? aws.ec2.revokeSecurityGroupIngress(ids)
        : aws.ec2.revokeSecurityGroupEgress(ids));
    } catch (error) {
      // Somebody else was quicker with one of them: what is left is revoked at the next look.
      if (awsErrorCode(error) !== 'InvalidSecurityGroupRuleId.NotFound') throw error;
    }
  }
  const left = await open();
  if (left.length > 0) return { status: 'waiting', progress: `${left.length} rules are still there` };
  const revoked: Revoked = { groupId: subject.id, revoked: named };
  return done(toJson(revoked), `${subject.id} has no rule ${named.map(ruleText).join(', ')}`);
}

/** Authorizes again what was revoked, with its description and tags, unless such a rule is there already. */
export async function authorizeAgain({ aws, undone }: UndoContext, side: Side): Promise<ActionOutcome> {
  const { groupId, revoked } = undone as unknown as Revoked;
  const now = await rulesOfGroup(aws, groupId);
  const known = new Set(
    now
      .filter(({ egress }) => egress === (side === 'egress'))
      .flatMap(({ permission }) => ruleKeys(permission)),
  );
  const missing = revoked.filter(({ permission }) => !ruleKeys(permission).some((key) => known.has(key)));
  for (const { permission, tags } of missing) {
    const rule = {
      GroupId: groupId,
      IpPermissions: [permission],
      ...(tags.length === 0
        ? {}
        : { TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: [...tags] }] }),
    };
    try {
      await (side === 'ingress'
        ? aws.ec2.authorizeSecurityGroupIngress(rule)
        : aws.ec2.authorizeSecurityGroupEgress(rule));
    } catch (error) {
      if (awsErrorCode(error) !== 'InvalidPermission.Duplicate') throw error;
    }
  }
  const output: Json = toJson(missing.map(({ permission }) => permission));
  return done(
    output,
    missing.length === 0
      ? `${groupId} has its rules already`
      : `${groupId} has ${missing.map(ruleText).join(', ')} again`,
  );
}

/** The recorded rules that are meant; a text names what the group did not have. */
function namedRules(before: readonly GroupRule[], { rules, permissions }: Rules, side: Side) {
  const named = new Set<GroupRule>();
  for (const id of rules) {
    const found = before.find((rule) => rule.id === id);
    if (found === undefined) return `no ${side} rule ${JSON.stringify(id.slice(0, 80))}`;
    named.add(found);
  }
  for (const key of permissions.flatMap((permission) => ruleKeys(permission as GroupRule['permission']))) {
    const found = before.find((rule) => ruleKeys(rule.permission).includes(key));
    if (found === undefined) return `no ${side} rule for ${JSON.stringify(key.slice(0, 80))}`;
    named.add(found);
  }
  return [...named];
}
