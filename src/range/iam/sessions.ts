import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import type { Account } from '../account.ts';
import { decide } from '../authorize.ts';
import { AwsError } from '../aws-error.ts';
import { type Caller, sessionArn } from '../caller.ts';
import { conditionsHold } from './evaluate.ts';
import { parsePolicy } from './policy-document.ts';
import { contextOf } from './principal-policies.ts';
import { iamId, iamOf, type SimulatedRole, type SimulatedSession } from './state.ts';

const HOUR = 3_600;

/** Temporary credentials for a role that trusts the caller. Source: AWS STS API Reference, "AssumeRole". */
export function assumeRole(
  account: Account,
  input: AssumeRoleCommandInput,
  _: AbortSignal,
  caller: Caller,
): Omit<AssumeRoleCommandOutput, '$metadata'> {
  const { RoleArn: arn = '', RoleSessionName: name = '', DurationSeconds: seconds = HOUR } = input;
  if (!/^[\w+=,.@-]{2,64}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  const role = [...iamOf(account).roles.values()].find((one) => one.arn === arn);
  // A role that is not there is refused as one that trusts nobody: STS does not say which roles exist.
  if (role === undefined || !mayAssume(account, role, caller, input.ExternalId))
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      403,
    );
  if (caller.type === 'AssumedRole' && seconds > HOUR)
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  if (seconds > role.maxSessionDuration)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const policies = input.Policy === undefined ? [] : [input.Policy];
  for (const document of policies) parsePolicy(document, 'identity');
  const issuedAt = account.clock.now();
  const session: SimulatedSession = {
    accessKeyId: iamId(account, 'ASIA', 16),
    token: iamId(account, 'simulated-session/', 32),
    role,
    name,
    issuedAt,
    expiresAt: issuedAt + seconds * 1_000,
    policies,
    policyArns: (input.PolicyArns ?? []).flatMap((one) => (one.arn === undefined ? [] : [one.arn])),
    sourceIdentity: input.SourceIdentity,
  };
  iamOf(account).sessions.set(session.accessKeyId, session);
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: iamId(account, 'simulated/', 30),
      SessionToken: session.token,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${name}`,
      Arn: sessionArn(account.id, role.name, name),
    },
    ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
  };
}

/**
 * A trust policy that names the caller is enough; one that names the account leaves it to the policies of
 * the caller. The owner of the range may assume every role, as the services that roles are for.
 */
function mayAssume(
  account: Account,
  role: SimulatedRole,
  caller: Caller,
  externalId: string | undefined,
): boolean {
  if (caller.principal === undefined) return true;
  const own = decide(account, caller, 'sts:AssumeRole', role.arn);
  if (own === 'explicit-deny') return false;
  const context = new Map([...contextOf(account, caller), ['sts:externalid', externalId] as const]);
  const asAccount = new Set(['*', account.id, `arn:aws:iam::${account.id}:root`]);
  const asCaller = new Set([caller.arn, caller.session?.issuer.arn]);
  let allowed = false;
  for (const statement of parsePolicy(role.trust, 'trust')) {
    if (!statement.actions?.some((action) => /^(\*|sts:\*|sts:assumerole)$/i.test(action))) continue;
    const named = statement.principals?.['*'] ?? statement.principals?.AWS ?? [];
    const direct = named.some((one) => asCaller.has(one));
    if (!direct && !named.some((one) => asAccount.has(one))) continue;
    const holds = conditionsHold(statement, context);
    if (statement.effect === 'Deny' && holds !== false) return false;
    if (statement.effect === 'Allow' && holds === true) allowed ||= direct || own === 'allow';
  }
  return allowed;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
