import type { JsonRecord } from '../formats/format.ts';
import { isRecord, parseJson } from '../formats/json.ts';

/** An object that was announced. */
export interface ObjectReference {
  readonly bucket: string;
  readonly key: string;
  /** Absent in a bucket without versions. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly etag?: string;
  /** Where the bucket is, when the announcement says. */
  readonly region?: string;
}

/** What a message of a queue is about. */
export type Delivery =
  | { readonly kind: 'objects'; readonly objects: readonly ObjectReference[] }
  /** The message itself holds log records or events. `id` is the sender's own, the same when it sends again. */
  | { readonly kind: 'content'; readonly content: string | Uint8Array; readonly id?: string }
  /** Right, and nothing to read: a test event, an object that was removed. */
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** SNS may carry what another SNS topic has wrapped; nobody wraps more often than that. */
const WRAPPINGS = 3;

/**
 * Reads the body of an SQS message: S3 event notifications, EventBridge events, CloudTrail's own
 * notifications, CloudWatch Logs subscription messages and plain log records, each by itself or
 * wrapped by SNS. Never throws.
 */
export function readEnvelope(body: string, wrapped = 0): Delivery {
  const text = body.trim();
  if (text === '') return { kind: 'unknown', reason: 'the message is empty' };
  if (!/^[{[]/.test(text)) return gzipInBase64(text) ?? { kind: 'content', content: body };
  const parsed = parseJson(text);
  // Several JSON records, one a line, are no JSON text but content.
  if (parsed === undefined && !everyLineIsJson(text)) return { kind: 'unknown', reason: 'not JSON' };
  if (parsed === undefined || !isRecord(parsed.value)) return { kind: 'content', content: body };
  return (
    snsMessage(parsed.value, wrapped) ??
    testEvent(parsed.value) ??
    s3Event(parsed.value) ??
    eventBridgeEvent(parsed.value, body) ??
    cloudTrailNotification(parsed.value) ??
    kinesisEvent(parsed.value) ?? { kind: 'content', content: body }
  );
}

/** Source: Amazon SNS Developer Guide, "HTTP/HTTPS notification JSON format"; raw delivery has no envelope. */
function snsMessage(value: JsonRecord, wrapped: number): Delivery | undefined {
  const { Type, TopicArn, Message } = value;
  if (typeof Type !== 'string' || typeof TopicArn !== 'string') return undefined;
  if (Type !== 'Notification')
    return {
      kind: 'unknown',
      reason: `SNS sent ${Type}: the subscription of the queue waits to be confirmed`,
    };
  if (typeof Message !== 'string')
    return { kind: 'unknown', reason: 'an SNS notification without a message' };
  if (wrapped >= WRAPPINGS) return { kind: 'unknown', reason: 'SNS notifications inside each other' };
  return readEnvelope(Message, wrapped + 1);
}

/** Source: Amazon S3 User Guide, "Event message structure": what S3 sends when notifications are set up. */
function testEvent({ Event, Service }: JsonRecord): Delivery | undefined {
  return Event === 's3:TestEvent' && Service === 'Amazon S3'
    ? { kind: 'nothing', reason: 's3:TestEvent' }
    : undefined;
}

/** Source: Amazon S3 User Guide, "Event message structure". Keys are URL-encoded as in a form. */
function s3Event({ Records }: JsonRecord): Delivery | undefined {
  if (!Array.isArray(Records) || !Records.some((one) => isRecord(one) && isRecord(one.s3))) return undefined;
  const objects: ObjectReference[] = [];
  for (const record of Records as unknown[]) {
    if (!isRecord(record) || typeof record.eventName !== 'string')
      return { kind: 'unknown', reason: 'an S3 event with a record that has no eventName' };
    if (!/^(s3:)?ObjectCreated:/.test(record.eventName)) continue;
    const { bucket, object } = isRecord(record.s3) ? record.s3 : {};
    const reference = objectReference(bucket, object, {
      version: 'versionId',
      region: record.awsRegion,
      encoded: true,
    });
    if (reference === undefined)
      return { kind: 'unknown', reason: 'an S3 event with a record that names no bucket and key' };
    objects.push(reference);
  }
  return objects.length === 0
    ? { kind: 'nothing', reason: 'no object was created' }
    : { kind: 'objects', objects };
}

/** Sources: Amazon S3 User Guide, "EventBridge event message structure" (keys as they are); Amazon EventBridge User Guide, "Events". */
function eventBridgeEvent(value: JsonRecord, body: string): Delivery | undefined {
  const { 'detail-type': type, source, detail, id, region } = value;
  if (typeof type !== 'string' || !isRecord(detail)) return undefined;
  // An API call on S3 has the same source and is a CloudTrail event.
  const ofS3 = source === 'aws.s3' && isRecord(detail.object) && isRecord(detail.bucket);
  if (!ofS3) return { kind: 'content', content: body, ...(typeof id === 'string' ? { id } : {}) };
  if (type !== 'Object Created') return { kind: 'nothing', reason: type };
  const reference = objectReference(detail.bucket, detail.object, {
    version: 'version-id',
    region,
    encoded: false,
  });
  return reference === undefined
    ? { kind: 'unknown', reason: 'an Object Created event that names no bucket and key' }
    : { kind: 'objects', objects: [reference] };
}

/** Source: AWS CloudTrail User Guide, "Configuring Amazon SNS notifications for CloudTrail". */
function cloudTrailNotification({ s3Bucket, s3ObjectKey }: JsonRecord): Delivery | undefined {
  if (typeof s3Bucket !== 'string' || !Array.isArray(s3ObjectKey)) return undefined;
  const keys = s3ObjectKey.filter((key) => typeof key === 'string' && key !== '');
  return keys.length === s3ObjectKey.length
    ? { kind: 'objects', objects: keys.map((key) => ({ bucket: s3Bucket, key })) }
    : { kind: 'unknown', reason: 'a CloudTrail notification that names no object' };
}

/** A Kinesis record as EventBridge Pipes hands it on. Source: Amazon EventBridge User Guide, "Amazon Kinesis stream as a source". */
function kinesisEvent({ eventSource, data, sequenceNumber, eventID }: JsonRecord): Delivery | undefined {
  if (eventSource !== 'aws:kinesis' || typeof data !== 'string' || typeof sequenceNumber !== 'string')
    return undefined;
  return {
    kind: 'content',
    content: Buffer.from(data, 'base64'),
    id: typeof eventID === 'string' ? eventID : sequenceNumber,
  };
}

interface ReferenceShape {
  /** The member that holds the version. */
  readonly version: string;
  readonly region: unknown;
  readonly encoded: boolean;
}

function objectReference(
  bucket: unknown,
  object: unknown,
  shape: ReferenceShape,
): ObjectReference | undefined {
  if (!isRecord(bucket) || !isRecord(object)) return undefined;
  const { name } = bucket;
  const { key } = object;
  if (typeof name !== 'string' || name === '' || typeof key !== 'string' || key === '') return undefined;
  const decoded = shape.encoded ? decodedKey(key) : key;
  const versionId = object[shape.version];
  const etag = object.eTag ?? object.etag;
  if (decoded === undefined) return undefined;
  return {
    bucket: name,
    key: decoded,
    ...(typeof versionId === 'string' && versionId !== '' && versionId !== 'null' ? { versionId } : {}),
    ...(typeof etag === 'string' && etag !== '' ? { etag } : {}),
    ...(typeof shape.region === 'string' ? { region: shape.region } : {}),
  };
}

function decodedKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** How gzip begins in base64: the bytes 1f 8b 08. */
const GZIP_BASE64 = /^H4sI[A-Za-z0-9+/\s]+={0,2}$/;

function gzipInBase64(text: string): Delivery | undefined {
  return GZIP_BASE64.test(text) ? { kind: 'content', content: Buffer.from(text, 'base64') } : undefined;
}

function everyLineIsJson(text: string): boolean {
  return (
    text.includes('\n') &&
    text.split('\n').every((line) => line.trim() === '' || parseJson(line) !== undefined)
  );
}
