import { createHash } from 'node:crypto';
import type { RotationRulesType } from '@aws-sdk/client-secrets-manager';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

/** Times are simulated milliseconds since the epoch. */
export interface SimulatedSecret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, SimulatedVersion>;
  changedAt: number;
  policy: string | undefined;
  rotation: { lambda: string | undefined; rules: RotationRulesType | undefined; enabled: boolean };
  rotatedAt: number | undefined;
  /** When it is gone, once its deletion is scheduled. */
  deletedAt: number | undefined;
}

export interface SimulatedVersion {
  readonly text: string | undefined;
  readonly binary: Uint8Array | undefined;
  readonly createdAt: number;
  /** `AWSCURRENT`, `AWSPREVIOUS`, `AWSPENDING`, and labels of others. */
  readonly stages: Set<string>;
}

export const secretsOf = accountState(() => new Map<string, SimulatedSecret>());

/** Names of secrets whose rotation function fails: the new version stays pending. */
export const failingRotations = accountState(() => new Set<string>());

/** A new id as Secrets Manager takes them for versions. */
export function newVersionId(account: Account): string {
  const digest = createHash('sha256').update(account.newId('version')).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`;
}

/** By name, by ARN, or by an ARN without its last six letters; rotations that are due are done first. */
export function secretOf(
  account: Account,
  { SecretId = '' }: { SecretId?: string | undefined },
  { deleted = false }: { deleted?: boolean } = {},
): SimulatedSecret {
  const secrets = [...secretsOf(account).values()];
  const secret = secrets.find(
    ({ name, arn }) => name === SecretId || arn === SecretId || arn.slice(0, -7) === SecretId,
  );
  const isGone = secret?.deletedAt !== undefined && secret.deletedAt <= account.clock.now();
  if (secret === undefined || isGone)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  if (secret.deletedAt !== undefined && !deleted)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  settleRotation(account, secret);
  return secret;
}

/** The rotation function works as long as a state of an instance takes to change. */
function settleRotation(account: Account, secret: SimulatedSecret): void {
  const pending = versionWith(secret, 'AWSPENDING');
  if (pending === undefined || failingRotations(account).has(secret.name)) return;
  const doneAt = pending[1].createdAt + account.settings.stateChangeDuration;
  if (doneAt > account.clock.now()) return;
  pending[1].stages.delete('AWSPENDING');
  makeCurrent(secret, pending[0]);
  secret.rotatedAt = doneAt;
  secret.changedAt = doneAt;
}

export function makeCurrent(secret: SimulatedSecret, versionId: string): void {
  const before = versionWith(secret, 'AWSCURRENT');
  if (before !== undefined) {
    versionWith(secret, 'AWSPREVIOUS')?.[1].stages.delete('AWSPREVIOUS');
    before[1].stages.delete('AWSCURRENT');
    before[1].stages.add('AWSPREVIOUS');
  }
  secret.versions.get(versionId)?.stages.add('AWSCURRENT');
}

export function versionWith(
  { versions }: SimulatedSecret,
  stage: string,
): [id: string, version: SimulatedVersion] | undefined {
  return [...versions].find(([, { stages }]) => stages.has(stage));
}
