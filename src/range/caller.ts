import type { Account } from './account.ts';
import { iamOf, type SimulatedSession, type SimulatedUser } from './iam/state.ts';
import type { HttpRequest } from './service.ts';

/** Who signed a request. Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element". */
export interface Caller {
  readonly type: 'IAMUser' | 'AssumedRole';
  readonly arn: string;
  /** Of an assumed role, `ROLE-ID:SESSION`. */
  readonly principalId: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  /** Of a user only. */
  readonly userName?: string;
  /** Of an assumed role only. */
  readonly session?: CallerSession;
  /** What IAM keeps of the caller; nothing of the one who may do everything. */
  readonly principal?: SimulatedUser | SimulatedSession;
}

export interface CallerSession {
  readonly issuer: {
    readonly type: 'Role';
    readonly principalId: string;
    readonly arn: string;
    readonly accountId: string;
    readonly userName: string;
  };
  /** Simulated milliseconds since the epoch. */
  readonly createdAt: number;
  readonly sourceIdentity?: string;
}

/** Whoever comes without a key that the account's IAM gave: who set the range up, and may do everything. */
export const OWNER_NAME = 'cordon';
const OWNER_ID = 'AIDASIMULATED0000000';
export const OWNER_KEY = 'AKIASIMULATED0000000';

/** Who signed a request; `unknown` and `expired` when its credentials are good for nothing. */
export function callerOf(account: Account, request: HttpRequest): Caller | 'unknown' | 'expired' {
  const accessKeyId = accessKeyIdOf(request);
  const { users, roles, sessions, deletedKeys } = iamOf(account);
  const session = sessions.get(accessKeyId);
  if (session !== undefined) {
    const { role, token } = session;
    if (tokenOf(request) !== token || roles.get(role.name) !== role) return 'unknown';
    return session.expiresAt <= account.clock.now() ? 'expired' : sessionCaller(account, session);
  }
  for (const user of users.values()) {
    const key = user.accessKeys.get(accessKeyId);
    if (key === undefined) continue;
    return key.status === 'Active' ? userCaller(account, user, accessKeyId) : 'unknown';
  }
  return deletedKeys.has(accessKeyId) ? 'unknown' : ownerOf(account, accessKeyId || OWNER_KEY);
}

function userCaller({ id: accountId }: Account, user: SimulatedUser, accessKeyId: string): Caller {
  const { arn, id, name } = user;
  return { type: 'IAMUser', arn, principalId: id, accountId, accessKeyId, userName: name, principal: user };
}

function sessionCaller({ id: accountId }: Account, session: SimulatedSession): Caller {
  const { role, name, accessKeyId, issuedAt, sourceIdentity } = session;
  return {
    type: 'AssumedRole',
    arn: sessionArn(accountId, role.name, name),
    principalId: `${role.id}:${name}`,
    accountId,
    accessKeyId,
    session: {
      issuer: { type: 'Role', principalId: role.id, arn: role.arn, accountId, userName: role.name },
      createdAt: issuedAt,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    principal: session,
  };
}

/** The path of the role is not in it. */
export function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}

function ownerOf({ id: accountId }: Account, accessKeyId: string): Caller {
  return {
    type: 'IAMUser',
    arn: `arn:aws:iam::${accountId}:user/${OWNER_NAME}`,
    principalId: OWNER_ID,
    accountId,
    accessKeyId,
    userName: OWNER_NAME,
  };
}

/** Source: AWS General Reference, "Signature Version 4": in a header, or in the query when presigned. */
export function accessKeyIdOf({ headers, query }: HttpRequest): string {
  const header = /Credential=([^/,\s]+)\//.exec(String(headers.authorization ?? ''));
  return header?.[1] ?? (query.get('X-Amz-Credential') ?? '').split('/')[0] ?? '';
}

function tokenOf({ headers, query }: HttpRequest): string {
  return String(headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? '');
}
