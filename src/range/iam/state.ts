import { createHash } from 'node:crypto';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

/** What users, roles and groups have in common. Times are simulated milliseconds since the epoch. */
interface SimulatedIdentity {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  /** Documents of inline policies, by name. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
}

export interface SimulatedUser extends SimulatedIdentity {
  readonly accessKeys: Map<string, SimulatedAccessKey>;
  /** When each MFA device was enabled, by serial number. */
  readonly mfaDevices: Map<string, number>;
  loginProfile: { readonly createdAt: number; passwordResetRequired: boolean } | undefined;
  permissionsBoundary: string | undefined;
}

export interface SimulatedAccessKey {
  readonly id: string;
  readonly secret: string;
  readonly createdAt: number;
  status: 'Active' | 'Inactive';
  lastUsed: { readonly at: number; readonly service: string; readonly region: string } | undefined;
}

export interface SimulatedRole extends SimulatedIdentity {
  /** Document of who may assume it. */
  trust: string;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  permissionsBoundary: string | undefined;
}

export interface SimulatedGroup extends SimulatedIdentity {
  /** Names of users. */
  readonly members: Set<string>;
}

export interface SimulatedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  readonly tags: Map<string, string>;
  /** By id, `v1` first. */
  readonly versions: Map<string, { readonly document: string; readonly createdAt: number }>;
  defaultVersion: string;
  /** A number is never given twice. */
  newestVersion: number;
  updatedAt: number;
}

export interface SimulatedProfile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  role: string | undefined;
}

/** Temporary credentials that STS gave for a role. */
export interface SimulatedSession {
  readonly accessKeyId: string;
  readonly token: string;
  readonly role: SimulatedRole;
  readonly name: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Documents and ARNs that narrow it. */
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  readonly sourceIdentity: string | undefined;
}

export interface IamState {
  readonly users: Map<string, SimulatedUser>;
  readonly roles: Map<string, SimulatedRole>;
  readonly groups: Map<string, SimulatedGroup>;
  /** Customer-managed policies, by ARN. */
  readonly policies: Map<string, SimulatedPolicy>;
  readonly profiles: Map<string, SimulatedProfile>;
  /** By access key id. */
  readonly sessions: Map<string, SimulatedSession>;
  /** Access keys that were deleted, alone or with their user: they are good for nothing any more. */
  readonly deletedKeys: Set<string>;
  passwordPolicy: Readonly<Record<string, unknown>> | undefined;
}

export const iamOf = accountState(
  (): IamState => ({
    users: new Map(),
    roles: new Map(),
    groups: new Map(),
    policies: new Map(),
    profiles: new Map(),
    sessions: new Map(),
    deletedKeys: new Set(),
    passwordPolicy: undefined,
  }),
);

export function userOf(account: Account, name = ''): SimulatedUser {
  return found(iamOf(account).users.get(name), `The user with name ${name} cannot be found.`);
}

export function roleOf(account: Account, name = ''): SimulatedRole {
  return found(iamOf(account).roles.get(name), `The role with name ${name} cannot be found.`);
}

export function groupOf(account: Account, name = ''): SimulatedGroup {
  return found(iamOf(account).groups.get(name), `The group with name ${name} cannot be found.`);
}

export function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new AwsError('NoSuchEntity', message, 404);
  return value;
}

/** Unlike AWS's other names, those of IAM differ by more than their case. */
export function refuseTaken(names: Iterable<string>, name: string, kind: string): void {
  for (const one of names) {
    if (one.toLowerCase() !== name.toLowerCase()) continue;
    throw new AwsError('EntityAlreadyExists', `${kind} with name ${name} already exists.`, 409);
  }
}

/** Names of users, roles, groups and policies. Source: IAM User Guide, "IAM and AWS STS quotas". */
export function checkName(name: string, parameter: string, longest: number): void {
  if (new RegExp(`^[\\w+=,.@-]{1,${longest}}$`).test(name)) return;
  throw new AwsError(
    'ValidationError',
    `The specified value for ${parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

export function checkPath(path: string): void {
  if (/^(\/|\/[\x21-\x7e]+\/)$/.test(path) && path.length <= 512) return;
  throw new AwsError(
    'ValidationError',
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM writes them, e.g. `AIDA` and 17 letters or digits; the same sequence for every account. */
export function iamId(account: Account, prefix: string, length = 17): string {
  const digest = createHash('sha256').update(account.newId(prefix)).digest();
  return prefix + [...digest.subarray(0, length)].map((byte) => ALPHABET[byte % 32]).join('');
}
