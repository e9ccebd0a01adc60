import type {
  PutBucketEncryptionCommandInput,
  PutBucketLoggingCommandInput,
  PutBucketOwnershipControlsCommandInput,
  PutBucketTaggingCommandInput,
  PutBucketVersioningCommandInput,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { bucketOf, SSE_S3 } from './bucket.ts';

interface OfBucket {
  readonly Bucket?: string | undefined;
}

export function getVersioning(account: Account, { Bucket }: OfBucket): object {
  const { versioning } = bucketOf(account, Bucket);
  return versioning === undefined ? {} : { Status: versioning };
}

/** Versioning can be suspended, never be taken off. Source: Amazon S3 API Reference, "PutBucketVersioning". */
export function putVersioning(
  account: Account,
  { Bucket, VersioningConfiguration }: PutBucketVersioningCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  const status = VersioningConfiguration?.Status;
  if (status !== 'Enabled' && status !== 'Suspended')
    throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
  if (bucket.objectLock !== undefined && status === 'Suspended') {
    const message =
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.';
    throw new AwsError('InvalidBucketState', message, 409);
  }
  bucket.versioning = status;
  return {};
}

export function getEncryption(account: Account, { Bucket }: OfBucket): object {
  return { ServerSideEncryptionConfiguration: { Rules: [bucketOf(account, Bucket).encryption] } };
}

export function putEncryption(account: Account, input: PutBucketEncryptionCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const [rule] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
  if (rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm === undefined) throw malformed();
  bucket.encryption = { ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false };
  return {};
}

/** A bucket without encryption does not exist: it goes back to the default. Source: Amazon S3 API Reference, "DeleteBucketEncryption". */
export function deleteEncryption(account: Account, { Bucket }: OfBucket): object {
  bucketOf(account, Bucket).encryption = SSE_S3;
  return {};
}

export function getLogging(account: Account, { Bucket }: OfBucket): object {
  const { logging } = bucketOf(account, Bucket);
  return logging === undefined ? {} : { LoggingEnabled: logging };
}

export function putLogging(
  account: Account,
  { Bucket, BucketLoggingStatus }: PutBucketLoggingCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  const wanted = BucketLoggingStatus?.LoggingEnabled;
  if (wanted !== undefined && !account.buckets.has(wanted.TargetBucket ?? ''))
    throw new AwsError('InvalidTargetBucketForLogging', 'The target bucket for logging does not exist');
  bucket.logging = wanted;
  return {};
}

export function getTagging(account: Account, { Bucket }: OfBucket): object {
  const { tags } = bucketOf(account, Bucket);
  if (tags.length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
  return { TagSet: tags };
}

export function putTagging(account: Account, { Bucket, Tagging }: PutBucketTaggingCommandInput): object {
  const bucket = bucketOf(account, Bucket);
  const tags = Tagging?.TagSet ?? [];
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  bucket.tags = tags;
  return {};
}

export function deleteTagging(account: Account, { Bucket }: OfBucket): object {
  bucketOf(account, Bucket).tags = [];
  return {};
}

export function getOwnershipControls(account: Account, { Bucket }: OfBucket): object {
  const { ownership } = bucketOf(account, Bucket);
  if (ownership === undefined) {
    const message = 'The bucket ownership controls were not found';
    throw new AwsError('OwnershipControlsNotFoundError', message, 404);
  }
  return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
}

/** Lists that grant something to others must go before they can be switched off. */
export function putOwnershipControls(
  account: Account,
  { Bucket, OwnershipControls }: PutBucketOwnershipControlsCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  const ownership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  if (ownership === undefined) throw malformed();
  if (ownership === 'BucketOwnerEnforced' && bucket.grants.length > 0) {
    const message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    throw new AwsError('InvalidBucketAclWithObjectOwnership', message);
  }
  bucket.ownership = ownership;
  return {};
}

export function deleteOwnershipControls(account: Account, { Bucket }: OfBucket): object {
  bucketOf(account, Bucket).ownership = undefined;
  return {};
}

function malformed(): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new AwsError('MalformedXML', message);
}
