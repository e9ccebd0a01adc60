import { proveInverses } from '../../../test/inverses.ts';
import { S3_INVERSES } from './s3.ts';

const Bucket = 'payments-archive';
const request = { bucketName: Bucket, Host: 'payments-archive.s3.eu-west-1.amazonaws.com' };
const ACCOUNT = 'AWS::S3::AccountPublicAccessBlock';
const BUCKET = 'AWS::S3::Bucket';
const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const blocked = { PublicAccessBlockConfiguration: closed };
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }],
};
const putPolicy = [['s3 PutBucketPolicy', { Bucket, Policy: JSON.stringify(policy) }]] as const;
const kms = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:eu-west-1:123456789012:key/1' };
const encrypted = {
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: kms, BucketKeyEnabled: true }],
  },
};
const putEncryption = [
  [
    's3 PutBucketEncryption',
    {
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: kms, BucketKeyEnabled: true }],
      },
    },
  ],
] as const;
const enforced = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] };
const AccountId = '123456789012';
const site = { WebsiteConfiguration: { IndexDocument: 'index.html', ErrorDocument: 'error.html' } };
const putSite = [
  [
    's3 PutBucketWebsite',
    {
      Bucket,
      WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } },
    },
  ],
] as const;
const putBlock = [['s3 PutPublicAccessBlock', { Bucket, ...blocked }]] as const;
const putAccountBlock = [['s3control PutPublicAccessBlock', { AccountId, ...blocked }]] as const;

proveInverses(S3_INVERSES, [
  ['PutBucketPolicy', { request, before: { PolicyDocument: policy } }, putPolicy],
  ['PutBucketPolicy', { request, before: null }, [['s3 DeleteBucketPolicy', { Bucket }]]],
  ['PutBucketPolicy', { request }, 'unknown: the policy of the bucket'],
  ['DeleteBucketPolicy', { request, before: { PolicyDocument: policy } }, putPolicy],
  [
    'PutBucketAcl',
    { request: { ...request, 'x-amz-acl': 'public-read' }, before: { AccessControl: 'Private' } },
    [['s3 PutBucketAcl', { Bucket, ACL: 'private' }]],
  ],
  ['PutBucketAcl', { request, before: {} }, 'unknown: the ACL'],
  ['PutBucketPublicAccessBlock', { request, before: blocked }, putBlock],
  ['PutBucketPublicAccessBlock', { request, before: {} }, [['s3 DeletePublicAccessBlock', { Bucket }]]],
  ['PutBucketPublicAccessBlock', { request }, 'unknown: PublicAccessBlockConfiguration'],
  ['DeleteBucketPublicAccessBlock', { request, before: blocked }, putBlock],
  ['PutPublicAccessBlock', { request, before: blocked }, putBlock],
  ['PutPublicAccessBlock', { request: {}, before: blocked }, putAccountBlock],
  ['DeletePublicAccessBlock', { request, before: blocked, type: BUCKET }, putBlock],
  ['DeletePublicAccessBlock', { request: {}, before: blocked, type: ACCOUNT }, putAccountBlock],
  [
    'PutAccountPublicAccessBlock',
    { request: {}, before: null },
    [['s3control DeletePublicAccessBlock', { AccountId }]],
  ],
  ['PutAccountPublicAccessBlock', { request: {} }, 'unknown: the block of public access'],
  ['DeleteAccountPublicAccessBlock', { request: {}, before: blocked }, putAccountBlock],
  ['PutBucketEncryption', { request, before: encrypted }, putEncryption],
  ['DeleteBucketEncryption', { request, before: encrypted }, putEncryption],
  ['DeleteBucketEncryption', { request }, 'unknown: BucketEncryption'],
  [
    'PutBucketVersioning',
    { request, before: { VersioningConfiguration: { Status: 'Enabled' } } },
    [['s3 PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } }]],
  ],
  [
    'PutBucketVersioning',
    { request, before: {} },
    'unknown: the bucket payments-archive had no VersioningConfiguration',
  ],
  [
    'PutBucketLogging',
    { request, before: { LoggingConfiguration: { DestinationBucketName: 'logs', LogFilePrefix: 'a/' } } },
    [
      [
        's3 PutBucketLogging',
        { Bucket, BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: 'a/' } } },
      ],
    ],
  ],
  [
    'PutBucketLogging',
    { request, before: {} },
    [['s3 PutBucketLogging', { Bucket, BucketLoggingStatus: {} }]],
  ],
  [
    'PutBucketOwnershipControls',
    { request, before: { OwnershipControls: enforced } },
    [['s3 PutBucketOwnershipControls', { Bucket, OwnershipControls: enforced }]],
  ],
  [
    'DeleteBucketOwnershipControls',
    { request, before: { OwnershipControls: enforced } },
    [['s3 PutBucketOwnershipControls', { Bucket, OwnershipControls: enforced }]],
  ],
  ['PutBucketWebsite', { request, before: {} }, [['s3 DeleteBucketWebsite', { Bucket }]]],
  ['DeleteBucketWebsite', { request, before: site }, putSite],
  ['PutBucketReplication', { request, before: {} }, [['s3 DeleteBucketReplication', { Bucket }]]],
  [
    'PutBucketReplication',
    { request, before: { ReplicationConfiguration: { Role: 'x' } } },
    'unknown: ReplicationConfiguration',
  ],
  ['PutBucketLifecycle', { request, before: {} }, [['s3 DeleteBucketLifecycle', { Bucket }]]],
  ['DeleteBucket', { request }, 'none: the bucket was empty'],
]);
