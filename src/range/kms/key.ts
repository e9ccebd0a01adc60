import { createHash } from 'node:crypto';
import type { KeyMetadata, Tag } from '@aws-sdk/client-kms';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { matchesWildcard } from '../iam/wildcard.ts';

/** Times are simulated milliseconds since the epoch. */
export interface SimulatedKey {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string;
  readonly usage: KeyMetadata['KeyUsage'];
  readonly spec: KeyMetadata['KeySpec'];
  readonly multiRegion: boolean;
  readonly tags: Map<string, string>;
  policy: string;
  enabled: boolean;
  /** When it is gone, once its deletion is scheduled. */
  deletionAt: number | undefined;
  /** Days between two rotations, while they are on. */
  rotationDays: number | undefined;
}

export const keysOf = accountState(() => new Map<string, SimulatedKey>());

/** An id as KMS writes it; the same sequence for every account. */
export function newKeyId(account: Account): string {
  const digest = createHash('sha256').update(account.newId('key')).digest('hex');
  const [a, b, c, d, e] = [0, 8, 12, 16, 20].map((start, index) =>
    digest.slice(start, start + ([8, 4, 4, 4, 12][index] ?? 0)),
  );
  return `${a}-${b}-${c}-${d}-${e}`;
}

/** The key of an id or ARN; AWS's error when there is none, or its waiting period is over. */
export function keyOf(account: Account, { KeyId = '' }: { KeyId?: string | undefined }): SimulatedKey {
  const prefix = `arn:aws:kms:${account.region}:${account.id}:key/`;
  const id = KeyId.startsWith(prefix) ? KeyId.slice(prefix.length) : KeyId;
  const key = keysOf(account).get(id);
  const isGone = key?.deletionAt !== undefined && key.deletionAt <= account.clock.now();
  if (key === undefined || isGone) {
    const arn = KeyId.startsWith('arn:') ? KeyId : `${prefix}${KeyId}`;
    throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
  }
  return key;
}

/** A key that waits for its deletion can only be looked at, or kept. */
export function refusePending({ arn, deletionAt }: SimulatedKey): void {
  if (deletionAt !== undefined) throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
}

export function metadataOf({ id: account }: Account, key: SimulatedKey): KeyMetadata {
  const pending = key.deletionAt !== undefined;
  return {
    AWSAccountId: account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.enabled && !pending,
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: pending ? 'PendingDeletion' : key.enabled ? 'Enabled' : 'Disabled',
    ...(key.deletionAt === undefined ? {} : { DeletionDate: new Date(key.deletionAt) }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec as KeyMetadata['CustomerMasterKeySpec'],
    MultiRegion: key.multiRegion,
  };
}

/** What KMS gives a key that comes without a policy: the account decides by IAM. */
export function defaultPolicy({ id }: Account): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${id}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/**
 * Refuses what is no policy, and one that would leave nobody in the account who may change it.
 * Source: AWS KMS Developer Guide, "Key policies in AWS KMS"; API Reference, "PutKeyPolicy".
 */
export function checkKeyPolicy({ id }: Account, policy: string, bypassed: boolean): void {
  let statements: ReturnType<typeof parsePolicy>;
  try {
    statements = parsePolicy(policy, 'resource');
  } catch (error) {
    throw new AwsError('MalformedPolicyDocumentException', (error as Error).message);
  }
  if (bypassed) return;
  const changes = statements.some(
    ({ effect, actions = [], principals = {} }) =>
      effect === 'Allow' &&
      actions.some((action) => matchesWildcard(action.toLowerCase(), 'kms:putkeypolicy')) &&
      [...(principals.AWS ?? []), ...(principals['*'] ?? [])].some(
        (one) => one === '*' || one === id || one.startsWith(`arn:aws:iam::${id}:`),
      ),
  );
  if (!changes)
    throw new AwsError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    );
}

export function tagsOf({ tags }: SimulatedKey): Tag[] {
  return [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
