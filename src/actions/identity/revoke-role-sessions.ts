import type { IAM } from '@aws-sdk/client-iam';
import { awsErrorCode } from '../../aws/errors.ts';
import { ROLE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { FIND_ROLE, findPrincipal } from './principal.ts';
import { recordedIdentity } from './record-identity.ts';
import { isOurs, untilShown } from './settle.ts';

/** As the IAM console names it when a person revokes the sessions of a role. */
export const REVOCATION = 'AWSRevokeOlderSessions';

interface Revoked {
  readonly roleName: string;
  /** The policy that was put; nothing when somebody else had revoked the sessions already. */
  readonly document: string | null;
  /** The policy of the same name that was there before. */
  readonly before: string | null;
}

export const revokeRoleSessions = defineAction({
  name: 'revoke-role-sessions',
  title: 'Revoke the sessions of the role',
  group: 'identity',
  subjects: [ROLE],
  effect: 'reversible',
  needs: ['record-identity'],
  permissions: [...FIND_ROLE, 'iam:GetRolePolicy', 'iam:PutRolePolicy'],
  about: {
    precondition:
      'the subject is a role of this account or a session of one, and the role is not of a service',
    effect:
      'denies everything to every session of the role that was issued before now, with the inline policy that the IAM console writes; whoever assumes the role again may go on',
    proof: 'IAM answers the policy as it was put',
    idempotency: 'a revocation that came after the identity was recorded is left as it is',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'delete the policy, or put back the one that was there before',
    permissions: ['iam:GetRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
    run: restore,
  },
  plan: ({ id }) => `deny every session of the role of ${id} that was issued before now (${REVOCATION})`,
  async run(context) {
    const { aws, subject } = context;
    const principal = await findPrincipal(aws, subject, 'role');
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { name } = principal;
    const iam = await aws.use('iam');
    const recorded = recordedIdentity(context.output('record-identity'));
    const before = recorded.inlinePolicies[REVOCATION] ?? null;
    const now = await revocationOf(iam, name);
    if (now !== undefined && now !== before) {
      const document = isOurs(context, false) ? now : null;
      return done(
        asJson({ roleName: name, document, before }),
        `the sessions of ${name} are revoked already`,
      );
    }
    const cut = new Date(context.now()).toISOString();
    const document = revocation(cut);
    await iam.putRolePolicy({ RoleName: name, PolicyName: REVOCATION, PolicyDocument: document });
    const isPut = async (): Promise<boolean> => (await revocationOf(iam, name)) === document;
    await untilShown(context, isPut, 'the sessions are revoked');
    return done(
      asJson({ roleName: name, document, before }),
      `sessions of ${name} issued before ${cut} may do nothing`,
    );
  },
});

/** Source: IAM User Guide, "Revoke IAM role temporary security credentials". */
function revocation(before: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
      },
    ],
  });
}

async function revocationOf(iam: IAM, roleName: string): Promise<string | undefined> {
  try {
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName: roleName, PolicyName: REVOCATION });
    return decodeURIComponent(PolicyDocument ?? '');
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return undefined;
    throw error;
  }
}

/** Only the very policy that was put is taken back. */
async function restore(context: UndoContext): Promise<ActionOutcome> {
  const { roleName, document, before } = context.undone as unknown as Revoked;
  const iam = await context.aws.use('iam');
  const of = { RoleName: roleName, PolicyName: REVOCATION };
  if (document === null || (await revocationOf(iam, roleName)) !== document)
    return done({ restored: false }, `the revocation of ${roleName} is not the one that was put; it stays`);
  if (before === null) await iam.deleteRolePolicy(of);
  else await iam.putRolePolicy({ ...of, PolicyDocument: before });
  return done(
    { restored: true },
    before === null
      ? `${REVOCATION} of ${roleName} deleted`
      : `${REVOCATION} of ${roleName} as it was before`,
  );
}

function asJson(revoked: Revoked) {
  return { ...revoked };
}
