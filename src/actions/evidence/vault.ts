import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeadObjectCommandOutput, S3 } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { type CaseFile, filesOf } from '../../evidence/case-file.ts';
import { PARTIAL } from '../../evidence/durable.ts';
import type { VaultSettings } from '../action.ts';

const DAY = 86_400_000;

/** IAM actions that a copy needs: S3 says of a key that is not there only to who may list the bucket. */
export const VAULT_PERMISSIONS = [
  's3:PutObject',
  's3:PutObjectRetention',
  's3:GetObject',
  's3:GetObjectRetention',
  's3:ListBucket',
];

/** A copy of a case that nobody can delete before its time. */
export interface VaultCopy {
  /** `s3://BUCKET/PREFIX/CASE/`. */
  readonly place: string;
  readonly files: number;
  /** Until when the first of the files to be free is locked; ISO 8601. */
  readonly lockedUntil: string;
}

/**
 * Copies what a case folder holds to a bucket with S3 Object Lock, and asks S3 of each object whether it is
 * the same and locked. What is there and locked already is left alone. Throws when one is not.
 * Source: Amazon S3 API Reference, "PutObject", "HeadObject" and "GetObjectRetention".
 */
export async function copyToVault(
  aws: AwsClients,
  file: CaseFile,
  vault: VaultSettings,
  now: number,
): Promise<VaultCopy> {
  const s3 = await aws.use('s3');
  const folder = `${vault.prefix}${file.caseId}/`;
  const names = filesOf(file.folder).flatMap(({ name }) => (name.endsWith(PARTIAL) ? [] : [name]));
  let first = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const until = await copyFile(s3, join(file.folder, name), `${folder}${name}`, vault, now);
    first = Math.min(first, until);
  }
  return {
    place: `s3://${vault.bucket}/${folder}`,
    files: names.length,
    lockedUntil: new Date(first).toISOString(),
  };
}

/** Answers until when the object is locked, milliseconds since the epoch. */
async function copyFile(
  s3: S3,
  path: string,
  key: string,
  { bucket, mode, days }: VaultSettings,
  now: number,
): Promise<number> {
  const body = readFileSync(path);
  const checksum = createHash('sha256').update(body).digest('base64');
  const place = { Bucket: bucket, Key: key };
  const there = await head(s3, place);
  if (there?.ChecksumSHA256 !== checksum || lockOf(there) < now + (days - 1) * DAY) {
    await s3.putObject({
      ...place,
      Body: body,
      ChecksumSHA256: checksum,
      ObjectLockMode: mode,
      ObjectLockRetainUntilDate: new Date(now + days * DAY),
    });
  }
  const stored = await head(s3, place);
  if (stored?.ChecksumSHA256 !== checksum)
    throw new Error(`s3://${bucket}/${key} is not what was sent: its SHA-256 is ${stored?.ChecksumSHA256}`);
  const version = stored.VersionId === undefined ? {} : { VersionId: stored.VersionId };
  const { Retention } = await s3.getObjectRetention({ ...place, ...version });
  const until = Retention?.RetainUntilDate?.getTime() ?? 0;
  if (until <= now) throw new Error(`s3://${bucket}/${key} is not locked`);
  return until;
}

async function head(
  s3: S3,
  place: { readonly Bucket: string; readonly Key: string },
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.headObject({ ...place, ChecksumMode: 'ENABLED' });
  } catch (error) {
    if (['NotFound', 'NoSuchKey'].includes(awsErrorCode(error))) return undefined;
    throw error;
  }
}

function lockOf({ ObjectLockRetainUntilDate }: HeadObjectCommandOutput): number {
  return ObjectLockRetainUntilDate?.getTime() ?? 0;
}
