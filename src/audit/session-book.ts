import { type ApiCall, operationName } from './api-call.ts';
import { textOf } from './members.ts';
import { type KnownRoles, type Principal, principalOf, type SessionOwner } from './principal.ts';

/** Calls that hand out the keys of a session. Source: AWS STS API Reference. */
const OPENERS = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetFederationToken',
  'GetSessionToken',
]);

/** Who began which session, as far as the calls that began them were seen; the oldest are forgotten. */
export interface SessionBook {
  /** Reads a call; one that begins no session changes nothing. */
  note(call: ApiCall): void;
  readonly owner: SessionOwner;
}

/** `limit` is the number of sessions that are remembered. */
export function sessionBook(known: KnownRoles, limit = 50_000): SessionBook {
  const owners = new Map<string, Principal>();
  const owner: SessionOwner = (accessKeyId) => owners.get(accessKeyId);
  return {
    owner,
    note(call) {
      if (call.source !== 'sts.amazonaws.com' || call.errorCode !== undefined) return;
      const key = textOf(call.response, 'credentials.accessKeyId');
      if (key === undefined || !OPENERS.has(operationName(call))) return;
      owners.delete(key);
      owners.set(key, principalOf(call, known, owner));
      const [oldest] = owners.keys();
      if (owners.size > limit && oldest !== undefined) owners.delete(oldest);
    },
  };
}
