import type {
  CreateKeyCommandInput,
  EnableKeyRotationCommandInput,
  KeyMetadata,
  ListKeysCommandInput,
  PutKeyPolicyCommandInput,
  ScheduleKeyDeletionCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-kms';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  checkKeyPolicy,
  defaultPolicy,
  keyOf,
  keysOf,
  metadataOf,
  newKeyId,
  refusePending,
  type SimulatedKey,
  tagsOf,
} from './key.ts';

type KeyInput = { readonly KeyId?: string | undefined };

const DAY = 86_400_000;

export function createKey(account: Account, input: CreateKeyCommandInput): { KeyMetadata: KeyMetadata } {
  const policy = input.Policy ?? defaultPolicy(account);
  checkKeyPolicy(account, policy, input.BypassPolicyLockoutSafetyCheck ?? false);
  const id = newKeyId(account);
  const key: SimulatedKey = {
    id,
    arn: `arn:aws:kms:${account.region}:${account.id}:key/${id}`,
    createdAt: account.clock.now(),
    description: input.Description ?? '',
    usage: input.KeyUsage ?? 'ENCRYPT_DECRYPT',
    spec: input.KeySpec ?? 'SYMMETRIC_DEFAULT',
    multiRegion: input.MultiRegion ?? false,
    tags: new Map(),
    policy,
    enabled: true,
    deletionAt: undefined,
    rotationDays: undefined,
  };
  putTags(key, input.Tags);
  keysOf(account).set(id, key);
  return { KeyMetadata: metadataOf(account, key) };
}

export function describeKey(account: Account, input: KeyInput): { KeyMetadata: KeyMetadata } {
  return { KeyMetadata: metadataOf(account, keyOf(account, input)) };
}

export function listKeys(account: Account, { Marker, Limit = 100 }: ListKeysCommandInput) {
  const keys = [...keysOf(account).values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn }));
  const start = Marker === undefined ? 0 : keys.findIndex(({ KeyId }) => KeyId === Marker);
  if (start < 0) throw new AwsError('InvalidMarkerException', 'Could not deserialize marker.');
  const next = keys[start + Limit];
  return {
    Keys: keys.slice(start, start + Limit),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next.KeyId }),
  };
}

export function getKeyPolicy(account: Account, input: KeyInput) {
  return { Policy: keyOf(account, input).policy, PolicyName: 'default' };
}

export function putKeyPolicy(account: Account, input: PutKeyPolicyCommandInput): object {
  const key = keyOf(account, input);
  refusePending(key);
  if (input.PolicyName !== undefined && input.PolicyName !== 'default')
    throw new AwsError('NotFoundException', 'No such policy exists');
  checkKeyPolicy(account, input.Policy ?? '', input.BypassPolicyLockoutSafetyCheck ?? false);
  key.policy = input.Policy ?? '';
  return {};
}

export function enable(enabled: boolean) {
  return (account: Account, input: KeyInput): object => {
    const key = keyOf(account, input);
    refusePending(key);
    key.enabled = enabled;
    return {};
  };
}

export function scheduleKeyDeletion(account: Account, input: ScheduleKeyDeletionCommandInput) {
  const key = keyOf(account, input);
  const { PendingWindowInDays: days = 30 } = input;
  refusePending(key);
  if (days < 7 || days > 30)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
    );
  key.deletionAt = account.clock.now() + days * DAY;
  return {
    KeyId: key.arn,
    DeletionDate: new Date(key.deletionAt),
    KeyState: 'PendingDeletion',
    PendingWindowInDays: days,
  };
}

/** A key whose deletion is cancelled is disabled, whatever it was before. */
export function cancelKeyDeletion(account: Account, input: KeyInput): { KeyId: string } {
  const key = keyOf(account, input);
  if (key.deletionAt === undefined)
    throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
  key.deletionAt = undefined;
  key.enabled = false;
  return { KeyId: key.arn };
}

export function enableKeyRotation(account: Account, input: EnableKeyRotationCommandInput): object {
  const key = rotatableKey(account, input);
  const { RotationPeriodInDays: days = key.rotationDays ?? 365 } = input;
  if (days < 90 || days > 2_560)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${days}' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560`,
    );
  key.rotationDays = days;
  return {};
}

export function disableKeyRotation(account: Account, input: KeyInput): object {
  rotatableKey(account, input).rotationDays = undefined;
  return {};
}

export function getKeyRotationStatus(account: Account, input: KeyInput) {
  const { arn, rotationDays, deletionAt, createdAt } = keyOf(account, input);
  // Rotation stands still while a key waits for its deletion.
  if (rotationDays === undefined || deletionAt !== undefined)
    return { KeyRotationEnabled: false, KeyId: arn };
  const past = Math.floor((account.clock.now() - createdAt) / (rotationDays * DAY));
  return {
    KeyRotationEnabled: true,
    KeyId: arn,
    RotationPeriodInDays: rotationDays,
    NextRotationDate: new Date(createdAt + (past + 1) * rotationDays * DAY),
  };
}

export function listResourceTags(account: Account, input: KeyInput) {
  return { Tags: tagsOf(keyOf(account, input)), Truncated: false };
}

export function tagResource(account: Account, input: TagResourceCommandInput): object {
  const key = keyOf(account, input);
  refusePending(key);
  putTags(key, input.Tags);
  return {};
}

export function untagResource(account: Account, input: UntagResourceCommandInput): object {
  const key = keyOf(account, input);
  refusePending(key);
  for (const name of input.TagKeys ?? []) key.tags.delete(name);
  return {};
}

function rotatableKey(account: Account, input: KeyInput): SimulatedKey {
  const key = keyOf(account, input);
  refusePending(key);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  if (key.spec !== 'SYMMETRIC_DEFAULT')
    throw new AwsError('UnsupportedOperationException', `${key.arn} cannot be rotated.`);
  return key;
}

function putTags({ tags }: SimulatedKey, given: TagResourceCommandInput['Tags'] = []): void {
  for (const { TagKey = '', TagValue = '' } of given) tags.set(TagKey, TagValue);
  if (tags.size > 50) throw new AwsError('LimitExceededException', 'The number of tags exceeds the limit.');
}
