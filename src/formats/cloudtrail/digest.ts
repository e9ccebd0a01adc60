import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../json.ts';

const hex = z.string().regex(/^([0-9a-fA-F]{2})+$/);

/** Source: AWS CloudTrail User Guide, "CloudTrail digest file structure". */
const schema = z.object({
  awsAccountId: z.string(),
  digestStartTime: z.iso.datetime(),
  digestEndTime: z.iso.datetime(),
  digestS3Bucket: z.string(),
  digestS3Object: z.string(),
  digestPublicKeyFingerprint: z.string(),
  digestSignatureAlgorithm: z.string(),
  /** Nothing in the first digest after validation was turned on. */
  previousDigestS3Bucket: z.string().nullish(),
  previousDigestS3Object: z.string().nullish(),
  previousDigestHashValue: hex.nullish(),
  previousDigestSignature: hex.nullish(),
  logFiles: z.array(
    z.object({
      s3Bucket: z.string(),
      s3Object: z.string(),
      /** Of the uncompressed content. */
      hashValue: hex,
      hashAlgorithm: z.string(),
    }),
  ),
});

export type Digest = z.output<typeof schema>;
/** A digest without its list. */
export type DigestHeader = Omit<Digest, 'logFiles'>;
export type DigestedLog = Digest['logFiles'][number];

/** Reads the uncompressed content of a digest file; a text says what is wrong with it. */
export function readDigest(content: Buffer): Digest | string {
  const parsed = parseJson(content.toString('utf8'));
  if (parsed === undefined) return 'not JSON';
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return `not a digest: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim();
}

/** What the name of a digest file says. */
export interface DigestName {
  /** All digests of a trail in a region; those that fill in what came late are a chain of their own. */
  readonly chain: string;
  readonly region: string;
  readonly trail: string;
}

const NAME =
  /(?:^|\/)(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z0-9-]+)_\d{8}T\d{6}Z(_backfill)?\.json\.gz$/;

export function digestName({ digestS3Bucket, digestS3Object }: DigestHeader): DigestName | undefined {
  const [name, account, region = '', trail = '', home, backfill = ''] = NAME.exec(digestS3Object) ?? [];
  if (name === undefined) return undefined;
  const folder = /^(.*?)CloudTrail-Digest\//.exec(digestS3Object)?.[1] ?? '';
  return {
    chain: `s3://${digestS3Bucket}/${folder}CloudTrail-Digest/${region}/${account}_${trail}_${home}${backfill}`,
    region,
    trail,
  };
}

/** A public key of CloudTrail in one region, as ListPublicKeys gives it. */
export interface DigestKey {
  readonly fingerprint: string;
  readonly key: KeyObject;
  /** When it was in use, milliseconds since the epoch; unknown times are open. */
  readonly from: number;
  readonly to: number;
}

/** A key from its PKCS #1 DER bytes; nothing when they are none. Source: AWS CloudTrail API Reference, "PublicKey". */
export function publicKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
  } catch {
    return undefined;
  }
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * What CloudTrail signs. Source: AWS CloudTrail User Guide, "Custom implementations of CloudTrail log
 * file integrity validation": end time, place, hash of the uncompressed content and the signature
 * before, which is the word `null` in a first digest.
 */
export function stringToSign(digest: DigestHeader, contentHash: string): string {
  return [
    digest.digestEndTime,
    `${digest.digestS3Bucket}/${digest.digestS3Object}`,
    contentHash,
    digest.previousDigestSignature ?? 'null',
  ].join('\n');
}

/** Whether a signature, in hex, is the one of a digest: RSA with PKCS #1 v1.5 padding and SHA-256. */
export function isSignedBy(key: KeyObject, text: string, signature: string): boolean {
  try {
    return verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}
