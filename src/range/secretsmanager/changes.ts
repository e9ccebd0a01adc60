import type {
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { Account } from '../account.ts';
import { makeCurrent, newVersionId, secretOf } from './secret.ts';

/** A new value becomes a new version; the same token again is the same version. */
export function updateSecret(account: Account, input: UpdateSecretCommandInput) {
  const secret = secretOf(account, input);
  const { Description, KmsKeyId, SecretString: text, SecretBinary: binary } = input;
  if (Description !== undefined) secret.description = Description;
  if (KmsKeyId !== undefined) secret.kmsKeyId = KmsKeyId;
  secret.changedAt = account.clock.now();
  const named = { ARN: secret.arn, Name: secret.name };
  if (text === undefined && binary === undefined) return named;
  const { ClientRequestToken: token = newVersionId(account) } = input;
  if (!secret.versions.has(token)) {
    secret.versions.set(token, { text, binary, createdAt: account.clock.now(), stages: new Set() });
    makeCurrent(secret, token);
  }
  return { ...named, VersionId: token };
}

export function tagResource(account: Account, input: TagResourceCommandInput): object {
  const { tags } = secretOf(account, input);
  for (const { Key = '', Value = '' } of input.Tags ?? []) tags.set(Key, Value);
  return {};
}

export function untagResource(account: Account, input: UntagResourceCommandInput): object {
  const { tags } = secretOf(account, input);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
}
