import type {
  BucketVersioningStatus,
  Grant,
  LoggingEnabled,
  NotificationConfiguration,
  ObjectLockRule,
  ObjectOwnership,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
  Tag,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedBucket {
  readonly name: string;
  readonly createdAt: number;
  /** Nothing in a bucket that never had versions. */
  versioning: BucketVersioningStatus | undefined;
  notifications: NotificationConfiguration;
  /** The text as it was put. */
  policy: string | undefined;
  publicAccessBlock: PublicAccessBlockConfiguration | undefined;
  /** What the access control list grants to others than the owner. */
  grants: Grant[];
  ownership: ObjectOwnership | undefined;
  encryption: ServerSideEncryptionRule;
  logging: LoggingEnabled | undefined;
  tags: Tag[];
  /** Present when Object Lock is enabled; without a rule, objects are locked only one by one. */
  objectLock: { readonly rule: ObjectLockRule | undefined } | undefined;
  /** Every version of every key, the newest last. */
  readonly objects: Map<string, SimulatedObject[]>;
}

export interface SimulatedObject {
  readonly key: string;
  /** `null` in a bucket without versions. */
  readonly versionId: string;
  /** With its quotes, as the header has it. */
  readonly etag: string;
  readonly body: Buffer;
  /** As the upload gave it, in base64; S3 keeps no other. */
  readonly sha256: string | undefined;
  readonly lastModified: number;
  readonly deleteMarker: boolean;
  readonly storageClass: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  readonly encryption: ServerSideEncryptionRule;
  /** Orders the events of a key. */
  readonly sequencer: string;
  retention: Retention | undefined;
}

/** Until when nobody may delete or overwrite a version. */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Source: Amazon S3 User Guide, "Default encryption FAQ". */
export const SSE_S3: ServerSideEncryptionRule = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
  BucketKeyEnabled: false,
};

const ALL_BLOCKED: PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** A bucket with AWS's defaults. Source: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ". */
export function newBucket(
  account: Account,
  name: string,
  { versioned = false, locked = false } = {},
): SimulatedBucket {
  const bucket: SimulatedBucket = {
    name,
    createdAt: account.clock.now(),
    versioning: versioned || locked ? 'Enabled' : undefined,
    notifications: {},
    policy: undefined,
    publicAccessBlock: ALL_BLOCKED,
    grants: [],
    ownership: 'BucketOwnerEnforced',
    encryption: SSE_S3,
    logging: undefined,
    tags: [],
    objectLock: locked ? { rule: undefined } : undefined,
    objects: new Map(),
  };
  account.buckets.set(name, bucket);
  return bucket;
}

export function bucketOf(account: Account, name: string | undefined): SimulatedBucket {
  const bucket = account.buckets.get(name ?? '');
  if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return bucket;
}

/** The newest version of a key, or the one that is named; AWS's error when there is none. */
export function objectOf(
  bucket: SimulatedBucket,
  key: string | undefined,
  versionId: string | undefined,
): SimulatedObject {
  const versions = bucket.objects.get(key ?? '') ?? [];
  const found =
    versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
  if (found === undefined && versionId !== undefined)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  if (found?.deleteMarker === true && versionId !== undefined)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  if (found === undefined || found.deleteMarker)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return found;
}
