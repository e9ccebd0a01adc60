import type {
  CreateBucketCommandInput,
  PutBucketNotificationConfigurationCommandInput,
  PutBucketVersioningCommandInput,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { bucketOf, newBucket } from './bucket.ts';
import { announceTest } from './notifications.ts';

export function createBucket(
  account: Account,
  { Bucket = '' }: CreateBucketCommandInput,
): { Location: string } {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(Bucket))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  if (account.buckets.has(Bucket)) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError('BucketAlreadyOwnedByYou', message, 409);
  }
  newBucket(account, Bucket);
  return { Location: `/${Bucket}` };
}

export function headBucket(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  bucketOf(account, Bucket);
  return { BucketRegion: account.region };
}

export function putVersioning(
  account: Account,
  { Bucket, VersioningConfiguration }: PutBucketVersioningCommandInput,
): object {
  bucketOf(account, Bucket).versioned = VersioningConfiguration?.Status === 'Enabled';
  return {};
}

/** S3 sends a test event to every queue and topic that is configured. */
export function putNotificationConfiguration(
  account: Account,
  { Bucket, NotificationConfiguration }: PutBucketNotificationConfigurationCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  bucket.notifications = NotificationConfiguration ?? {};
  announceTest(account, bucket);
  return {};
}
