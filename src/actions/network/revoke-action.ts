import { defineAction } from '../action.ts';
import { SECURITY_GROUP } from './record-security-group.ts';
import { authorizeAgain, RULES, revokeRules, type Side } from './revoke-rules.ts';

/** An action that revokes rules of one side of a security group. */
export function revokeAction(side: Side) {
  const operation = side === 'ingress' ? 'SecurityGroupIngress' : 'SecurityGroupEgress';
  return defineAction({
    name: `revoke-${side}`,
    title: `Revoke ${side} rules`,
    group: 'network',
    subjects: [SECURITY_GROUP],
    effect: 'reversible',
    needs: ['record-security-group'],
    permissions: ['ec2:DescribeSecurityGroupRules', `ec2:Revoke${operation}`],
    about: {
      precondition: 'the rules that are named were in the group when it was recorded',
      effect:
        'revokes these rules and nothing else; connections that are tracked already go on until they end',
      proof: 'EC2 shows no rule in the group that permits the same',
      idempotency: 'rules are revoked by their ids, and those that are gone are not looked for',
    },
    input: RULES,
    undo: {
      kind: 'by',
      how: 'authorize exactly what was revoked, with its description and tags',
      permissions: ['ec2:DescribeSecurityGroupRules', `ec2:Authorize${operation}`, 'ec2:CreateTags'],
      run: (context) => authorizeAgain(context, side),
    },
    plan: ({ id }, { rules, permissions }) =>
      `revoke ${rules.length + permissions.length} ${side} rules of ${id}`,
    run: (context) => revokeRules(context, side),
  });
}
