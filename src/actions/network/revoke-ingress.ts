import { defineAction } from '../action.ts';
import { SECURITY_GROUP } from './record-security-group.ts';
import { authorizeAgain, RULES, revokeRules } from './revoke-rules.ts';

export const revokeIngress = defineAction({
  name: 'revoke-ingress',
  title: 'Revoke ingress rules',
  group: 'network',
  subjects: [SECURITY_GROUP],
  effect: 'reversible',
  needs: ['record-security-group'],
  permissions: ['ec2:DescribeSecurityGroupRules', 'ec2:RevokeSecurityGroupIngress'],
  about: {
    precondition: 'the rules that are named were in the group when it was recorded',
    effect: 'revokes these rules and nothing else; connections that are tracked already go on until they end',
    proof: 'EC2 shows no rule in the group that permits the same',
    idempotency: 'rules are revoked by their ids, and those that are gone are not looked for',
  },
  input: RULES,
  undo: {
    kind: 'by',
    how: 'authorize exactly what was revoked, with its description and tags',
    permissions: ['ec2:DescribeSecurityGroupRules', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'],
    run: (context) => authorizeAgain(context, 'ingress'),
  },
  plan: ({ id }, { rules, permissions }) =>
    `revoke ${rules.length + permissions.length} ingress rules of ${id}`,
  run: (context) => revokeRules(context, 'ingress'),
});
