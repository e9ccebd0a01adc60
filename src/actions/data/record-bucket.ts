import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import {
  BUCKET,
  bucketName,
  fourOf,
  ifThere,
  NO_PUBLIC_ACCESS_BLOCK,
  ownBucket,
  type PublicAccessBlock,
} from './bucket.ts';

/** The bucket as it was found: what undoing puts back. */
export interface RecordedBucket {
  readonly bucket: string;
  /** Null where the bucket has none. */
  readonly policy: string | null;
  readonly publicAccessBlock: PublicAccessBlock | null;
}

export const recordBucket = defineAction({
  name: 'record-bucket',
  title: 'Record the bucket',
  group: 'data',
  subjects: [BUCKET],
  effect: 'read',
  needs: [],
  permissions: [
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketAcl',
    's3:GetBucketOwnershipControls',
    's3:GetEncryptionConfiguration',
    's3:GetBucketVersioning',
    's3:GetBucketLogging',
    's3:GetBucketTagging',
    's3:GetBucketObjectLockConfiguration',
  ],
  about: {
    precondition: 'the bucket is there',
    effect:
      'writes the policy, public access block, access control list, ownership, encryption, versioning, logging, tags and Object Lock of the bucket into the case',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record the configuration of ${bucketName(id)}`,
  async run({ aws, subject, caseFile }) {
    const bucket = ownBucket(subject);
    const { Bucket } = bucket;
    const s3 = await aws.use('s3');
    const policy = (await ifThere(s3.getBucketPolicy(bucket), 'NoSuchBucketPolicy'))?.Policy;
    const status = await ifThere(s3.getBucketPolicyStatus(bucket), 'NoSuchBucketPolicy');
    const block = await ifThere(s3.getPublicAccessBlock(bucket), NO_PUBLIC_ACCESS_BLOCK);
    const acl = await s3.getBucketAcl(bucket);
    const ownership = await ifThere(s3.getBucketOwnershipControls(bucket), 'OwnershipControlsNotFoundError');
    const encryption = await ifThere(
      s3.getBucketEncryption(bucket),
      'ServerSideEncryptionConfigurationNotFoundError',
    );
    const versioning = await s3.getBucketVersioning(bucket);
    const logging = await s3.getBucketLogging(bucket);
    const tagging = await ifThere(s3.getBucketTagging(bucket), 'NoSuchTagSet');
    const lock = await ifThere(s3.getObjectLockConfiguration(bucket), 'ObjectLockConfigurationNotFoundError');

    const publicAccessBlock = fourOf(block?.PublicAccessBlockConfiguration);
    if (policy !== undefined) caseFile.write('bucket-policy.json', policy);
    caseFile.writeJson(
      'bucket.json',
      toJson({
        bucket: Bucket,
        policyIsPublic: status?.PolicyStatus?.IsPublic ?? false,
        publicAccessBlock: publicAccessBlock ?? null,
        owner: acl.Owner,
        grants: acl.Grants ?? [],
        ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? null,
        encryption: encryption?.ServerSideEncryptionConfiguration?.Rules ?? [],
        versioning: versioning.Status ?? null,
        mfaDelete: versioning.MFADelete ?? null,
        logging: logging.LoggingEnabled ?? null,
        tags: tagging?.TagSet ?? [],
        objectLock: lock?.ObjectLockConfiguration ?? null,
      }),
    );
    const recorded: RecordedBucket = {
      bucket: Bucket,
      policy: policy ?? null,
      publicAccessBlock: publicAccessBlock ?? null,
    };
    const isPublic = status?.PolicyStatus?.IsPublic === true ? 'a public policy' : 'no public policy';
    return done(toJson(recorded), `${Bucket}: ${isPublic}, ${acl.Grants?.length ?? 0} grants`);
  },
});

/** The bucket as {@link recordBucket} found it; nothing when it was another one. */
export function recordedBucket(output: Json | undefined, { id }: Subject): RecordedBucket | undefined {
  const recorded = output as unknown as RecordedBucket | undefined;
  return recorded?.bucket === bucketName(id) ? recorded : undefined;
}
