import type { Account } from '../account.ts';
import type { Caller } from '../caller.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import type { RequestContext } from './conditions.ts';
import { groupsOf } from './groups.ts';
import { type PolicyStatement, parsePolicy } from './policy-document.ts';
import { iamOf, type SimulatedSession, type SimulatedUser } from './state.ts';

/**
 * The sets of statements that must each allow a call: what the identity has, and what narrows it (the
 * permissions boundary, the policies of the session).
 */
export function policySetsOf(
  account: Account,
  principal: SimulatedUser | SimulatedSession,
): readonly (readonly PolicyStatement[])[] {
  const identity = 'role' in principal ? principal.role : principal;
  const groups = 'role' in principal ? [] : groupsOf(account, principal.name);
  const own = [identity, ...groups].flatMap(({ inline, attached }) => [
    ...[...inline.values()].flatMap((document) => parsePolicy(document, 'identity')),
    ...[...attached].flatMap((arn) => managedStatements(account, arn)),
  ]);
  const boundary = identity.permissionsBoundary;
  const sets = [own];
  if (boundary !== undefined) sets.push(managedStatements(account, boundary));
  if ('role' in principal && principal.policies.length + principal.policyArns.length > 0)
    sets.push([
      ...principal.policies.flatMap((document) => parsePolicy(document, 'identity')),
      ...principal.policyArns.flatMap((arn) => managedStatements(account, arn)),
    ]);
  return sets;
}

function managedStatements(account: Account, arn: string): PolicyStatement[] {
  const policy = iamOf(account).policies.get(arn);
  const document = policy?.versions.get(policy.defaultVersion)?.document ?? AWS_MANAGED.get(arn)?.document;
  return document === undefined ? [] : parsePolicy(document, 'identity');
}

/** Source: IAM User Guide, "AWS global condition context keys". */
export function contextOf(account: Account, caller: Caller): RequestContext {
  const { principal, session } = caller;
  const tags = principal === undefined ? [] : 'role' in principal ? principal.role.tags : principal.tags;
  return new Map<string, string | undefined>([
    ['aws:currenttime', new Date(account.clock.now()).toISOString()],
    ['aws:epochtime', String(Math.floor(account.clock.now() / 1_000))],
    ['aws:principalaccount', caller.accountId],
    // Of a session it is the role that counts.
    ['aws:principalarn', session?.issuer.arn ?? caller.arn],
    ['aws:principaltype', session === undefined ? 'User' : 'AssumedRole'],
    ['aws:requestedregion', account.region],
    // The range plays endpoints that AWS has behind TLS alone.
    ['aws:securetransport', 'true'],
    ['aws:multifactorauthpresent', session === undefined ? undefined : 'false'],
    ['aws:multifactorauthage', undefined],
    ['aws:tokenissuetime', session === undefined ? undefined : new Date(session.createdAt).toISOString()],
    ['aws:userid', caller.principalId],
    ['aws:username', caller.userName],
    ['aws:sourceidentity', session?.sourceIdentity],
    ...[...tags].map(([key, value]): [string, string] => [`aws:principaltag/${key.toLowerCase()}`, value]),
  ]);
}
