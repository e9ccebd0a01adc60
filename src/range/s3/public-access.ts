import type { PublicAccessBlockConfiguration, PutPublicAccessBlockCommandInput } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { ownerOf } from '../caller.ts';
import { bucketOf, type SimulatedBucket } from './bucket.ts';

type Settings = Required<{ [Key in keyof PublicAccessBlockConfiguration]: boolean }>;

/** What the whole account blocks, where it says so. */
export const accountBlockOf = accountState((): { settings: PublicAccessBlockConfiguration | undefined } => ({
  settings: undefined,
}));

/** What holds for a bucket: the more restrictive of its own settings and the account's. */
export function publicAccessBlockOf(account: Account, { publicAccessBlock }: SimulatedBucket): Settings {
  const own = fourOf(publicAccessBlock);
  const whole = fourOf(accountBlockOf(account).settings);
  return {
    BlockPublicAcls: own.BlockPublicAcls || whole.BlockPublicAcls,
    IgnorePublicAcls: own.IgnorePublicAcls || whole.IgnorePublicAcls,
    BlockPublicPolicy: own.BlockPublicPolicy || whole.BlockPublicPolicy,
    RestrictPublicBuckets: own.RestrictPublicBuckets || whole.RestrictPublicBuckets,
  };
}

/** S3 keeps all four: what a request leaves out is false. */
export function fourOf(settings: PublicAccessBlockConfiguration | undefined): Settings {
  const {
    BlockPublicAcls = false,
    IgnorePublicAcls = false,
    BlockPublicPolicy = false,
    RestrictPublicBuckets = false,
  } = settings ?? {};
  return { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets };
}

export function getPublicAccessBlock(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  const { publicAccessBlock } = bucketOf(account, Bucket);
  if (publicAccessBlock === undefined) throw noPublicAccessBlock();
  return { PublicAccessBlockConfiguration: publicAccessBlock };
}

export function putPublicAccessBlock(
  account: Account,
  { Bucket, PublicAccessBlockConfiguration }: PutPublicAccessBlockCommandInput,
): object {
  bucketOf(account, Bucket).publicAccessBlock = fourOf(PublicAccessBlockConfiguration);
  return {};
}

export function deletePublicAccessBlock(
  account: Account,
  { Bucket }: { Bucket?: string | undefined },
): object {
  bucketOf(account, Bucket).publicAccessBlock = undefined;
  return {};
}

export function noPublicAccessBlock(): AwsError {
  const message = 'The public access block configuration was not found';
  return new AwsError('NoSuchPublicAccessBlockConfiguration', message, 404);
}

/** Source: Amazon S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors": Block Public Access. */
export function refusedBecausePublic(
  account: Account,
  { name }: SimulatedBucket,
  operation: string,
  what: string,
  setting: keyof PublicAccessBlockConfiguration,
): AwsError {
  const message =
    `User: ${ownerOf(account).arn} is not authorized to perform: s3:${operation} on resource: ` +
    `"arn:aws:s3:::${name}" because ${what} are prevented by the ${setting} setting in S3 Block Public Access.`;
  return new AwsError('AccessDenied', message, 403);
}
