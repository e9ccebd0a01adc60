import type {
  CreateBucketCommandInput,
  PutBucketNotificationConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { canonicalId, putBucketAcl } from './access-control-lists.ts';
import { bucketOf, newBucket } from './bucket.ts';
import { announceTest } from './notifications.ts';

export function createBucket(
  account: Account,
  { Bucket = '', ACL = 'private', ObjectOwnership, ObjectLockEnabledForBucket }: CreateBucketCommandInput,
): { Location: string } {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(Bucket))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  if (account.buckets.has(Bucket)) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError('BucketAlreadyOwnedByYou', message, 409);
  }
  const ownership = ObjectOwnership ?? 'BucketOwnerEnforced';
  if (ACL !== 'private' && ownership === 'BucketOwnerEnforced') {
    const message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    throw new AwsError('InvalidBucketAclWithObjectOwnership', message);
  }
  const bucket = newBucket(account, Bucket, { locked: ObjectLockEnabledForBucket === true });
  bucket.ownership = ownership;
  try {
    if (ACL !== 'private') putBucketAcl(account, { Bucket, ACL });
  } catch (error) {
    account.buckets.delete(Bucket);
    throw error;
  }
  return { Location: `/${Bucket}` };
}

export function headBucket(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  bucketOf(account, Bucket);
  return { BucketRegion: account.region };
}

export function listBuckets(account: Account): object {
  const buckets = [...account.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    Buckets: buckets.map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt),
      BucketRegion: account.region,
    })),
    Owner: { ID: canonicalId(account) },
  };
}

/** Source: Amazon S3 API Reference, "DeleteBucket": every version and delete marker must be gone. */
export function deleteBucket(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  const bucket = bucketOf(account, Bucket);
  if (bucket.objects.size > 0) {
    const more = bucket.versioning === undefined ? '' : '. You must delete all versions in the bucket.';
    throw new AwsError('BucketNotEmpty', `The bucket you tried to delete is not empty${more}`, 409);
  }
  account.buckets.delete(bucket.name);
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
