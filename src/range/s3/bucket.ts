import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedBucket {
  readonly name: string;
  readonly createdAt: number;
  versioned: boolean;
  notifications: NotificationConfiguration;
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
  readonly lastModified: number;
  readonly deleteMarker: boolean;
  readonly storageClass: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  /** Orders the events of a key. */
  readonly sequencer: string;
}

export function newBucket(account: Account, name: string, { versioned = false } = {}): SimulatedBucket {
  const createdAt = account.clock.now();
  const bucket = { name, createdAt, versioned, notifications: {}, objects: new Map() };
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
