import { createHash } from 'node:crypto';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';

/** KMS keys that EBS can no longer use: what is copied under one ends in state `error`. */
export const inaccessibleKeys = accountState(() => new Set<string>());

/** The ARN of the account's AWS managed key for EBS, `alias/aws/ebs`. */
export function managedKeyOf({ id, region }: Account): string {
  const hex = createHash('sha256').update(`${id}/${region}/aws/ebs`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `arn:aws:kms:${region}:${id}:key/${parts.join('-')}`;
}

/** The key as EBS shows it: an ARN, whatever the caller named it by; EBS's own key when none is named. */
export function keyArn(account: Account, keyId: string | undefined): string {
  if (keyId === undefined || keyId === 'alias/aws/ebs') return managedKeyOf(account);
  if (keyId.startsWith('arn:')) return keyId;
  const resource = keyId.startsWith('alias/') ? keyId : `key/${keyId}`;
  return `arn:aws:kms:${account.region}:${account.id}:${resource}`;
}
