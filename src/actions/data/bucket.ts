import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import type { Subject } from '../../model/subject.ts';

export const BUCKET = 'AWS::S3::Bucket';

/** The name of a bucket; findings may have its ARN. */
export function bucketName(id: string): string {
  return id.replace(/^arn:[\w-]+:s3:::/, '').replace(/\/.*$/s, '');
}

/** The bucket of the subject, and of nobody else: names of buckets in a log are anybody's. */
export interface OwnBucket {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
}

/** Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition". */
export function ownBucket({ id, account }: Subject): OwnBucket {
  const owner = /^\d{12}$/.test(account) ? { ExpectedBucketOwner: account } : {};
  return { Bucket: bucketName(id), ...owner };
}

/** What S3 answers, and nothing when it says that there is none. */
export async function ifThere<T>(answer: Promise<T>, none: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (awsErrorCode(error) === none) return undefined;
    throw error;
  }
}

/** The policy's text; nothing where there is none. */
export async function policyOf(aws: AwsClients, bucket: OwnBucket): Promise<string | undefined> {
  const s3 = await aws.use('s3');
  return (await ifThere(s3.getBucketPolicy(bucket), 'NoSuchBucketPolicy'))?.Policy;
}

export const NO_PUBLIC_ACCESS_BLOCK = 'NoSuchPublicAccessBlockConfiguration';

/** Of a bucket or an account. Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage". */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export const ALL_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** All four settings; what AWS leaves out is false. Nothing where there is no configuration. */
export function fourOf(
  configuration: PublicAccessBlockConfiguration | undefined,
): PublicAccessBlock | undefined {
  if (configuration === undefined) return undefined;
  const {
    BlockPublicAcls = false,
    IgnorePublicAcls = false,
    BlockPublicPolicy = false,
    RestrictPublicBuckets = false,
  } = configuration;
  return { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets };
}

export function blocksAll(block: PublicAccessBlock | undefined | null): boolean {
  return block != null && Object.values(block).every(Boolean);
}

/** For a person. */
export function blockText(block: PublicAccessBlock | null): string {
  if (block === null) return 'no public access block';
  const on = Object.entries(block).flatMap(([name, value]) => (value ? [name] : []));
  return on.length === 0 ? 'a public access block that blocks nothing' : on.join(', ');
}

export async function publicAccessBlockOf(
  aws: AwsClients,
  bucket: OwnBucket,
): Promise<PublicAccessBlock | undefined> {
  const s3 = await aws.use('s3');
  const answer = await ifThere(s3.getPublicAccessBlock(bucket), NO_PUBLIC_ACCESS_BLOCK);
  return fourOf(answer?.PublicAccessBlockConfiguration);
}
