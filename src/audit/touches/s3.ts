import { changed, created, deleted, type Touch, type TouchTable } from './touch.ts';

const BUCKET = 'AWS::S3::Bucket';
const POLICY = 'AWS::S3::BucketPolicy';
/** A type of AWS Config, and not of CloudFormation. */
const ACCOUNT_BLOCK = 'AWS::S3::AccountPublicAccessBlock';
const POINT = 'AWS::S3::AccessPoint';

const bucket = 'request.bucketName';
const ofBucket = { partOf: [BUCKET, bucket] as const };
const block = ['PublicAccessBlockConfiguration'];

/** The account's own block and a bucket's may have the same name of the call. */
const blocked: readonly Touch[] = [
  changed(BUCKET, bucket, block),
  changed(ACCOUNT_BLOCK, 'account', block, { when: { at: bucket, not: true } }),
];
const settings = (...attributes: string[]): readonly Touch[] => [changed(BUCKET, bucket, attributes)];

/** Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events". */
export const S3: TouchTable = {
  source: 's3.amazonaws.com',
  calls: {
    CreateBucket: [created(BUCKET, bucket)],
    DeleteBucket: [deleted(BUCKET, bucket)],
    PutBucketPolicy: [changed(POLICY, bucket, ['PolicyDocument'], ofBucket)],
    DeleteBucketPolicy: [deleted(POLICY, bucket, ofBucket)],
    PutBucketAcl: settings('AccessControl'),
    PutBucketPublicAccessBlock: blocked,
    PutPublicAccessBlock: blocked,
    DeleteBucketPublicAccessBlock: blocked,
    DeletePublicAccessBlock: blocked,
    PutAccountPublicAccessBlock: [changed(ACCOUNT_BLOCK, 'account', block)],
    DeleteAccountPublicAccessBlock: [deleted(ACCOUNT_BLOCK, 'account')],
    PutBucketEncryption: settings('BucketEncryption'),
    DeleteBucketEncryption: settings('BucketEncryption'),
    PutBucketVersioning: settings('VersioningConfiguration'),
    PutBucketLogging: settings('LoggingConfiguration'),
    PutBucketOwnershipControls: settings('OwnershipControls'),
    DeleteBucketOwnershipControls: settings('OwnershipControls'),
    PutBucketWebsite: settings('WebsiteConfiguration'),
    DeleteBucketWebsite: settings('WebsiteConfiguration'),
    PutBucketCors: settings('CorsConfiguration'),
    DeleteBucketCors: settings('CorsConfiguration'),
    PutBucketReplication: settings('ReplicationConfiguration'),
    DeleteBucketReplication: settings('ReplicationConfiguration'),
    PutBucketLifecycle: settings('LifecycleConfiguration'),
    DeleteBucketLifecycle: settings('LifecycleConfiguration'),
    PutBucketNotification: settings('NotificationConfiguration'),
    PutBucketTagging: settings('Tags'),
    DeleteBucketTagging: settings('Tags'),
    PutBucketObjectLockConfiguration: settings('ObjectLockConfiguration'),
    PutAccelerateConfiguration: settings('AccelerateConfiguration'),
    CreateAccessPoint: [created(POINT, 'request.name')],
    DeleteAccessPoint: [deleted(POINT, 'request.name')],
    PutAccessPointPolicy: [changed(POINT, 'request.name', ['Policy'])],
    DeleteAccessPointPolicy: [changed(POINT, 'request.name', ['Policy'])],
  },
};
