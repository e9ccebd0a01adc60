import type { PutBucketPolicyCommandInput } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { bucketOf } from './bucket.ts';
import { publicAccessBlockOf, refusedBecausePublic } from './public-access.ts';
import { isPublicPolicy } from './public-policy.ts';

export function getBucketPolicy(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  return { Policy: policyOf(account, Bucket) };
}

/** Source: Amazon S3 API Reference, "PutBucketPolicy" and "Error responses". */
export function putBucketPolicy(
  account: Account,
  { Bucket, Policy = '' }: PutBucketPolicyCommandInput,
): object {
  const bucket = bucketOf(account, Bucket);
  const statements = statementsOf(Policy);
  if (isPublicPolicy(statements) && publicAccessBlockOf(account, bucket).BlockPublicPolicy)
    throw refusedBecausePublic(account, bucket, 'PutBucketPolicy', 'public policies', 'BlockPublicPolicy');
  bucket.policy = Policy;
  return {};
}

export function deleteBucketPolicy(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  bucketOf(account, Bucket).policy = undefined;
  return {};
}

export function getBucketPolicyStatus(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  return { PolicyStatus: { IsPublic: isPublicPolicy(statementsOf(policyOf(account, Bucket))) } };
}

function policyOf(account: Account, name: string | undefined): string {
  const { policy } = bucketOf(account, name);
  if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
  return policy;
}

function statementsOf(text: string): unknown[] {
  let policy: { Statement?: unknown } | null;
  try {
    policy = JSON.parse(text);
  } catch {
    policy = null;
  }
  if (policy === null || typeof policy !== 'object' || !text.startsWith('{'))
    throw new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'");
  if (policy.Statement === undefined)
    throw new AwsError('MalformedPolicy', 'Missing required field Statement');
  return [policy.Statement].flat();
}
