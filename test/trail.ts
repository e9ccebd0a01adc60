import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The keys of CloudTrail in one region. */
export interface SigningKey {
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
  /** PKCS #1 DER. */
  readonly publicKey: Buffer;
}

export function signingKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  return { privateKey, publicKey: der, fingerprint: createHash('md5').update(der).digest('hex') };
}

/** What `aws cloudtrail list-public-keys` prints. */
export function publicKeyList(keys: readonly SigningKey[], validity: object = {}): string {
  const list = keys.map(({ fingerprint, publicKey }) => ({
    Value: publicKey.toString('base64'),
    ValidityStartTime: '2026-11-01T00:00:00+00:00',
    ValidityEndTime: 1_798_761_600.5,
    Fingerprint: fingerprint,
    ...validity,
  }));
  return JSON.stringify({ PublicKeyList: list });
}

export const BUCKET = 'amzn-s3-demo-bucket';
const ACCOUNT = '111122223333';
const REGION = 'us-east-2';
const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T00:00:00Z');

export interface DeliveredDigest {
  /** The object's key. */
  readonly key: string;
  readonly content: Record<string, unknown>;
  readonly signature: string;
  readonly logs: readonly string[];
}

export interface Trail {
  /** The folder that mirrors the bucket. */
  readonly folder: string;
  readonly digests: readonly DeliveredDigest[];
  path(key: string): string;
  /** Writes a digest as CloudTrail would with this key, and its signature beside it where wanted. */
  deliver(
    digest: Record<string, unknown>,
    key: SigningKey,
    options?: { readonly beside?: boolean },
  ): DeliveredDigest;
}

export interface TrailSettings {
  readonly hours?: number;
  readonly logsPerHour?: number;
  readonly key: SigningKey;
  readonly prefix?: string;
  /** Hours whose digest begins a new chain, because validation had been off. */
  readonly restarts?: readonly number[];
}

/** A trail as CloudTrail delivers it: hourly digests, each with two log files. */
export function deliverTrail(
  folder: string,
  { hours = 5, logsPerHour = 2, key, prefix = '', restarts = [] }: TrailSettings,
): Trail {
  rmSync(folder, { recursive: true, force: true });
  const path = (object: string): string => join(folder, object);
  const write = (object: string, content: Buffer | string): void => {
    mkdirSync(dirname(path(object)), { recursive: true });
    writeFileSync(path(object), content);
  };
  const deliver: Trail['deliver'] = (content, { privateKey }, { beside = false } = {}) => {
    const text = JSON.stringify(content);
    const object = String(content.digestS3Object);
    const signed = [
      content.digestEndTime,
      `${content.digestS3Bucket}/${object}`,
      createHash('sha256').update(text).digest('hex'),
      content.previousDigestSignature ?? 'null',
    ].join('\n');
    const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('hex');
    write(object, gzipSync(text));
    if (beside) write(`${object}.json`, headObject(signature));
    const logs = (content.logFiles as { s3Object: string }[]).map(({ s3Object }) => s3Object);
    return { key: object, content, signature, logs };
  };
  const digests: DeliveredDigest[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const from = new Date(START + hour * HOUR);
    const to = new Date(START + (hour + 1) * HOUR);
    const day = `${to.toISOString().slice(0, 10).replaceAll('-', '/')}`;
    const logFiles = Array.from({ length: logsPerHour }, (_, index) => {
      const minute = compact(new Date(from.getTime() + index * 300_000)).replace(/\d\dZ$/, 'Z');
      const object = `${prefix}AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${day}/${ACCOUNT}_CloudTrail_${REGION}_${minute}_h${hour}n${index}.json.gz`;
      const text = JSON.stringify({ Records: [{ eventName: 'DescribeInstances', hour, index }] });
      write(object, gzipSync(text));
      return {
        s3Bucket: BUCKET,
        s3Object: object,
        hashValue: createHash('sha256').update(text).digest('hex'),
        hashAlgorithm: 'SHA-256',
        newestEventTime: iso(to),
        oldestEventTime: iso(from),
      };
    });
    const before = restarts.includes(hour) ? undefined : digests.at(-1);
    const content = {
      awsAccountId: ACCOUNT,
      digestStartTime: iso(from),
      digestEndTime: iso(to),
      digestS3Bucket: BUCKET,
      digestS3Object: `${prefix}AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/${day}/${ACCOUNT}_CloudTrail-Digest_${REGION}_my_trail_us-east-1_${compact(to)}.json.gz`,
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: iso(to),
      oldestEventTime: iso(from),
      previousDigestS3Bucket: before === undefined ? null : BUCKET,
      previousDigestS3Object: before?.key ?? null,
      previousDigestHashValue:
        before === undefined
          ? null
          : createHash('sha256').update(JSON.stringify(before.content)).digest('hex'),
      previousDigestHashAlgorithm: before === undefined ? null : 'SHA-256',
      previousDigestSignature: before?.signature ?? null,
      logFiles,
    };
    digests.push(deliver(content, key, { beside: hour === hours - 1 }));
  }
  return { folder, digests, path, deliver };
}

/** What `aws s3api head-object` prints. */
export function headObject(signature: string): string {
  return JSON.stringify({
    ContentLength: 1,
    Metadata: { signature, 'signature-algorithm': 'SHA256withRSA' },
  });
}

function iso(time: Date): string {
  return time.toISOString().replace('.000', '');
}

function compact(time: Date): string {
  return iso(time).replaceAll(/[-:]/g, '');
}
