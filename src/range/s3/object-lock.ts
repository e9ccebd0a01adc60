import type {
  GetObjectRetentionCommandInput,
  PutObjectCommandInput,
  PutObjectLockConfigurationCommandInput,
  PutObjectRetentionCommandInput,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { bucketOf, objectOf, type Retention, type SimulatedBucket, type SimulatedObject } from './bucket.ts';

const DAY = 86_400_000;

/** Sources: Amazon S3 API Reference, "GetObjectLockConfiguration" and "PutObjectLockConfiguration". */
export function getObjectLockConfiguration(
  account: Account,
  { Bucket }: { Bucket?: string | undefined },
): object {
  const { objectLock } = bucketOf(account, Bucket);
  if (objectLock === undefined) {
    const message = 'Object Lock configuration does not exist for this bucket';
    throw new AwsError('ObjectLockConfigurationNotFoundError', message, 404);
  }
  const { rule } = objectLock;
  return {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(rule === undefined ? {} : { Rule: rule }) },
  };
}

export function putObjectLockConfiguration(
  account: Account,
  { Bucket, ObjectLockConfiguration }: PutObjectLockConfigurationCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  if (bucket.versioning !== 'Enabled') {
    const message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
    throw new AwsError('InvalidBucketState', message, 409);
  }
  const { Days, Years } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
  const bothOrNeither = (Days === undefined) === (Years === undefined);
  if (
    ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled' ||
    (ObjectLockConfiguration.Rule !== undefined && bothOrNeither)
  ) {
    const message =
      'The XML you provided was not well-formed or did not validate against our published schema';
    throw new AwsError('MalformedXML', message);
  }
  bucket.objectLock = { rule: ObjectLockConfiguration.Rule };
  return {};
}

/** Source: Amazon S3 API Reference, "PutObject": Object Lock needs a checksum, and both of its headers. */
export function requestedRetention(
  account: Account,
  bucket: SimulatedBucket,
  input: PutObjectCommandInput,
): Retention | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  if (mode === undefined && until === undefined) return defaultRetention(account, bucket);
  needsObjectLock(bucket);
  if (mode === undefined || until === undefined) {
    const message = 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied';
    throw new AwsError('InvalidArgument', message);
  }
  const summed = Object.keys(input).some((name) => name === 'ContentMD5' || /^Checksum[A-Z]+\d/.test(name));
  if (!summed) {
    const message =
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
    throw new AwsError('InvalidRequest', message);
  }
  return retentionOf(account, mode, until);
}

export function getObjectRetention(
  account: Account,
  { Bucket, Key, VersionId }: GetObjectRetentionCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  needsObjectLock(bucket);
  const { retention } = objectOf(bucket, Key, VersionId);
  if (retention === undefined) {
    const message = 'The specified object does not have a ObjectLock configuration';
    throw new AwsError('NoSuchObjectLockConfiguration', message, 404);
  }
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
}

/** A lock can be made longer by anybody who may; only governance mode lets itself be made weaker. */
export function putObjectRetention(account: Account, input: PutObjectRetentionCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  needsObjectLock(bucket);
  const object = objectOf(bucket, input.Key, input.VersionId);
  const { Mode, RetainUntilDate } = input.Retention ?? {};
  const wanted =
    Mode === undefined || RetainUntilDate === undefined
      ? undefined
      : retentionOf(account, Mode, RetainUntilDate);
  const { retention: now } = object;
  const stronger =
    now === undefined ||
    (wanted !== undefined &&
      wanted.until >= now.until &&
      !(now.mode === 'COMPLIANCE' && wanted.mode === 'GOVERNANCE'));
  if (!stronger) refuseLocked(account, object, input.BypassGovernanceRetention);
  object.retention = wanted;
  return {};
}

/** Source: Amazon S3 User Guide, "Locking objects with Object Lock": retention modes. */
export function refuseLocked(
  account: Account,
  object: SimulatedObject | undefined,
  bypassGovernance: boolean | undefined,
): void {
  const { mode, until = 0 } = object?.retention ?? {};
  if (until <= account.clock.now() || (mode === 'GOVERNANCE' && bypassGovernance === true)) return;
  throw new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
}

/** What an upload asks for, or else the bucket's default. */
export function encryptionOf(
  bucket: SimulatedBucket,
  { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }: PutObjectCommandInput,
): ServerSideEncryptionRule {
  if (ServerSideEncryption === undefined) return bucket.encryption;
  return {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: ServerSideEncryption,
      ...(SSEKMSKeyId === undefined ? {} : { KMSMasterKeyID: SSEKMSKeyId }),
    },
    BucketKeyEnabled: BucketKeyEnabled === true,
  };
}

function defaultRetention(account: Account, { objectLock }: SimulatedBucket): Retention | undefined {
  const { Mode, Days, Years } = objectLock?.rule?.DefaultRetention ?? {};
  if (Mode === undefined) return undefined;
  const until = new Date(account.clock.now() + (Days ?? 0) * DAY);
  until.setUTCFullYear(until.getUTCFullYear() + (Years ?? 0));
  return { mode: Mode, until: until.getTime() };
}

function retentionOf(account: Account, mode: string, until: Date): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw new AwsError('InvalidArgument', 'Unknown wormMode directive.');
  if (!(until.getTime() > account.clock.now()))
    throw new AwsError('InvalidArgument', 'The retain until date must be in the future!');
  return { mode, until: until.getTime() };
}

function needsObjectLock({ objectLock }: SimulatedBucket): void {
  if (objectLock === undefined)
    throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}
