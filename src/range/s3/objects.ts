import { createHash } from 'node:crypto';
import type {
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { refuseObjectAcl } from './access-control-lists.ts';
import { bucketOf, objectOf, type SimulatedBucket, type SimulatedObject } from './bucket.ts';
import { announce } from './notifications.ts';
import { encryptionOf, refuseLocked, requestedRetention } from './object-lock.ts';

const PAGE = 1_000;

export function putObject(account: Account, input: PutObjectCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  refuseObjectAcl(bucket, input.ACL);
  const retention = requestedRetention(account, bucket, input);
  const { Key: key = '' } = input;
  const body = Buffer.from((input.Body ?? Buffer.alloc(0)) as Uint8Array);
  const object = {
    key,
    versionId: bucket.versioning === 'Enabled' ? newVersionId(account) : 'null',
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    body,
    sha256: checkedSha256(body, input.ChecksumSHA256),
    lastModified: account.clock.now(),
    deleteMarker: false,
    storageClass: input.StorageClass ?? 'STANDARD',
    metadata: input.Metadata ?? {},
    contentType: input.ContentType ?? 'binary/octet-stream',
    contentEncoding: input.ContentEncoding,
    encryption: encryptionOf(bucket, input),
    sequencer: newSequencer(account),
    retention,
  };
  store(bucket, object);
  announce(account, bucket, object, 'ObjectCreated:Put');
  return { ETag: object.etag, ...encryptionFacts(object), ...versionOf(bucket, object) };
}

/** Source: Amazon S3 API Reference, "GetObject": Range, If-Match, If-None-Match, versionId. */
export function getObject(account: Account, input: GetObjectCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const object = found(bucket, input);
  if (object.storageClass === 'GLACIER' || object.storageClass === 'DEEP_ARCHIVE') {
    const message = "The operation is not valid for the object's storage class";
    throw new AwsError('InvalidObjectState', message, 403);
  }
  const size = object.body.length;
  const range = rangeOf(input.Range, size);
  const { ContentLength: _, ...facts } = factsOf(bucket, object);
  if (range === undefined) return { ...facts, Body: object.body };
  const [first, last] = range;
  return {
    ...facts,
    ContentRange: `bytes ${first}-${last}/${size}`,
    Body: object.body.subarray(first, last + 1),
  };
}

/** Source: Amazon S3 API Reference, "HeadObject": checksums are told only to who asks with ChecksumMode. */
export function headObject(account: Account, input: HeadObjectCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const object = found(bucket, input);
  const asked = input.ChecksumMode === 'ENABLED' && object.sha256 !== undefined;
  const checksum = asked ? { ChecksumSHA256: object.sha256, ChecksumType: 'FULL_OBJECT' } : {};
  return { ...factsOf(bucket, object), ...checksum };
}

/** Source: Amazon S3 User Guide, "Checking object integrity for data uploads". */
function checkedSha256(body: Buffer, claimed: string | undefined): string | undefined {
  if (claimed === undefined || createHash('sha256').update(body).digest('base64') === claimed) return claimed;
  throw new AwsError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
}

/** Source: Amazon S3 User Guide, "Deleting object versions from a versioning-enabled bucket" and "… suspended …". */
export function deleteObject(account: Account, input: DeleteObjectCommandInput): object {
  const { Bucket, Key = '', VersionId } = input;
  const bucket = bucketOf(account, Bucket);
  const versions = bucket.objects.get(Key) ?? [];
  const newest = versions.at(-1);
  if (bucket.versioning !== undefined && VersionId === undefined) {
    if (newest === undefined) return {};
    const marker: SimulatedObject = {
      ...newest,
      body: Buffer.alloc(0),
      versionId: bucket.versioning === 'Enabled' ? newVersionId(account) : 'null',
      deleteMarker: true,
      lastModified: account.clock.now(),
      sequencer: newSequencer(account),
      retention: undefined,
    };
    store(bucket, marker);
    announce(account, bucket, marker, 'ObjectRemoved:DeleteMarkerCreated');
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  const gone = VersionId === undefined ? newest : versions.find((one) => one.versionId === VersionId);
  refuseLocked(account, gone, input.BypassGovernanceRetention);
  const left = versions.filter((one) => one !== gone);
  if (left.length === 0) bucket.objects.delete(Key);
  else bucket.objects.set(Key, left);
  if (gone !== undefined)
    announce(account, bucket, { ...gone, sequencer: newSequencer(account) }, 'ObjectRemoved:Delete');
  return VersionId === undefined ? {} : { VersionId, ...(gone?.deleteMarker ? { DeleteMarker: true } : {}) };
}

export function listObjects(account: Account, input: ListObjectsV2CommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const { Prefix = '', MaxKeys = PAGE, ContinuationToken, StartAfter = '' } = input;
  const after =
    ContinuationToken === undefined ? StartAfter : Buffer.from(ContinuationToken, 'base64url').toString();
  const current = [...bucket.objects.values()]
    .flatMap((versions) => versions.at(-1) ?? [])
    .filter(({ key, deleteMarker }) => !deleteMarker && key.startsWith(Prefix) && key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = current.slice(0, Math.min(MaxKeys, PAGE));
  const truncated = page.length < current.length;
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    KeyCount: page.length,
    IsTruncated: truncated,
    ...(truncated
      ? { NextContinuationToken: Buffer.from(page.at(-1)?.key ?? '').toString('base64url') }
      : {}),
    Contents: page.map(({ key, etag, body, lastModified, storageClass }) => ({
      Key: key,
      ETag: etag,
      Size: body.length,
      LastModified: new Date(lastModified),
      StorageClass: storageClass,
    })),
  };
}

function found(
  bucket: SimulatedBucket,
  input: GetObjectCommandInput | HeadObjectCommandInput,
): SimulatedObject {
  const object = objectOf(bucket, input.Key, input.VersionId);
  const matches = (condition: string): boolean =>
    condition === '*' || condition.split(',').some((etag) => unquoted(etag) === unquoted(object.etag));
  if (input.IfMatch !== undefined && !matches(input.IfMatch)) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new AwsError('PreconditionFailed', message, 412);
  }
  if (input.IfNoneMatch !== undefined && matches(input.IfNoneMatch))
    throw new AwsError('NotModified', 'Not Modified', 304);
  return object;
}

/** First and last byte, both included. Source: RFC 9110, "Range". */
function rangeOf(header: string | undefined, size: number): [first: number, last: number] | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return [first, last];
}

function factsOf(bucket: SimulatedBucket, object: SimulatedObject) {
  const { etag, body, lastModified, contentType, contentEncoding, storageClass, metadata, retention } =
    object;
  return {
    AcceptRanges: 'bytes',
    ContentLength: body.length,
    ContentType: contentType,
    ETag: etag,
    LastModified: new Date(lastModified),
    Metadata: metadata,
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(storageClass === 'STANDARD' ? {} : { StorageClass: storageClass }),
    ...(retention === undefined
      ? {}
      : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.until) }),
    ...encryptionFacts(object),
    ...versionOf(bucket, object),
  };
}

function encryptionFacts({ encryption }: SimulatedObject): object {
  const { SSEAlgorithm, KMSMasterKeyID } = encryption.ApplyServerSideEncryptionByDefault ?? {};
  return {
    ServerSideEncryption: SSEAlgorithm,
    ...(KMSMasterKeyID === undefined ? {} : { SSEKMSKeyId: KMSMasterKeyID }),
    ...(encryption.BucketKeyEnabled ? { BucketKeyEnabled: true } : {}),
  };
}

/** What has no version of its own takes the place of what had none either. */
function store({ objects, versioning }: SimulatedBucket, object: SimulatedObject): void {
  const earlier = (objects.get(object.key) ?? []).filter(
    ({ versionId }) => versioning === 'Enabled' || versionId !== 'null',
  );
  objects.set(object.key, [...earlier, object]);
}

function versionOf(bucket: SimulatedBucket, { versionId }: SimulatedObject): { VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: versionId };
}

function newVersionId(account: Account): string {
  return createHash('sha256').update(account.newId('version')).digest('base64url').slice(0, 32);
}

function newSequencer(account: Account): string {
  return account.newId('sequencer').slice(-16).toUpperCase();
}

function unquoted(etag: string): string {
  return etag.trim().replace(/^"|"$/g, '');
}
