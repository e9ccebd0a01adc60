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
import { bucketOf, objectOf, type SimulatedObject } from './bucket.ts';
import { announce } from './notifications.ts';

const PAGE = 1_000;

export function putObject(account: Account, input: PutObjectCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const { Key: key = '' } = input;
  const body = Buffer.from((input.Body ?? Buffer.alloc(0)) as Uint8Array);
  const object = {
    key,
    versionId: bucket.versioned ? newVersionId(account) : 'null',
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    body,
    lastModified: account.clock.now(),
    deleteMarker: false,
    storageClass: input.StorageClass ?? 'STANDARD',
    metadata: input.Metadata ?? {},
    contentType: input.ContentType ?? 'binary/octet-stream',
    contentEncoding: input.ContentEncoding,
    sequencer: newSequencer(account),
  };
  store(bucket, object);
  announce(account, bucket, object, 'ObjectCreated:Put');
  return { ETag: object.etag, ...versionOf(object) };
}

/** Source: Amazon S3 API Reference, "GetObject": Range, If-Match, If-None-Match, versionId. */
export function getObject(account: Account, input: GetObjectCommandInput): object {
  const object = found(account, input);
  if (object.storageClass === 'GLACIER' || object.storageClass === 'DEEP_ARCHIVE') {
    const message = "The operation is not valid for the object's storage class";
    throw new AwsError('InvalidObjectState', message, 403);
  }
  const size = object.body.length;
  const range = rangeOf(input.Range, size);
  const { ContentLength: _, ...facts } = factsOf(object);
  if (range === undefined) return { ...facts, Body: object.body };
  const [first, last] = range;
  return {
    ...facts,
    ContentRange: `bytes ${first}-${last}/${size}`,
    Body: object.body.subarray(first, last + 1),
  };
}

export function headObject(account: Account, input: HeadObjectCommandInput): object {
  return factsOf(found(account, input));
}

export function deleteObject(
  account: Account,
  { Bucket, Key = '', VersionId }: DeleteObjectCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  const versions = bucket.objects.get(Key) ?? [];
  const newest = versions.at(-1);
  if (bucket.versioned && VersionId === undefined) {
    if (newest === undefined) return {};
    const marker = {
      ...newest,
      body: Buffer.alloc(0),
      versionId: newVersionId(account),
      deleteMarker: true,
      sequencer: newSequencer(account),
    };
    store(bucket, marker);
    announce(account, bucket, marker, 'ObjectRemoved:DeleteMarkerCreated');
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  const gone = VersionId === undefined ? newest : versions.find((one) => one.versionId === VersionId);
  bucket.objects.set(
    Key,
    versions.filter((one) => one !== gone),
  );
  if (gone !== undefined)
    announce(account, bucket, { ...gone, sequencer: newSequencer(account) }, 'ObjectRemoved:Delete');
  return VersionId === undefined ? {} : { VersionId };
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

function found(account: Account, input: GetObjectCommandInput | HeadObjectCommandInput): SimulatedObject {
  const object = objectOf(bucketOf(account, input.Bucket), input.Key, input.VersionId);
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

function factsOf(object: SimulatedObject) {
  const { etag, body, lastModified, contentType, contentEncoding, storageClass, metadata } = object;
  return {
    AcceptRanges: 'bytes',
    ContentLength: body.length,
    ContentType: contentType,
    ETag: etag,
    LastModified: new Date(lastModified),
    Metadata: metadata,
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(storageClass === 'STANDARD' ? {} : { StorageClass: storageClass }),
    ...versionOf(object),
  };
}

function store(
  { objects, versioned }: { objects: Map<string, SimulatedObject[]>; versioned: boolean },
  object: SimulatedObject,
): void {
  const earlier = (objects.get(object.key) ?? []).filter(
    ({ versionId }) => versioned || versionId !== 'null',
  );
  objects.set(object.key, [...earlier, object]);
}

function versionOf({ versionId }: SimulatedObject): { VersionId?: string } {
  return versionId === 'null' ? {} : { VersionId: versionId };
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
