import { proveTouches } from '../../../test/touches.ts';
import { S3 } from './s3.ts';

const BUCKET = 'AWS::S3::Bucket payments-archive';
const POLICY = 'AWS::S3::BucketPolicy payments-archive';
const ACCOUNT = 'AWS::S3::AccountPublicAccessBlock 123456789012';
const BLOCK = '[PublicAccessBlockConfiguration]';
const POINT = 'AWS::S3::AccessPoint finance';
const Host = 'payments-archive.s3.eu-west-1.amazonaws.com';
const of = (query: string, more = {}) => ({ bucketName: 'payments-archive', Host, [query]: '', ...more });
const blocked = (RestrictPublicBuckets: boolean) => ({
  PublicAccessBlockConfiguration: {
    xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/',
    RestrictPublicBuckets,
    BlockPublicPolicy: false,
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
  },
});
const point = { name: 'finance', Host: '123456789012.s3-control.eu-west-1.amazonaws.com' };
const set = (property: string) => `changed ${BUCKET} [${property}]`;

proveTouches(S3, [
  [
    'CreateBucket',
    { bucketName: 'payments-archive', Host, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } },
    null,
    `created ${BUCKET}`,
  ],
  ['DeleteBucket', { bucketName: 'payments-archive', Host }, null, `deleted ${BUCKET}`],
  [
    'PutBucketPolicy',
    of('policy', {
      bucketPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::payments-archive/*',
          },
        ],
      },
    }),
    null,
    `changed ${POLICY} [PolicyDocument] (of ${BUCKET})`,
  ],
  ['DeleteBucketPolicy', of('policy'), null, `deleted ${POLICY} (of ${BUCKET})`],
  ['PutBucketAcl', of('acl', { 'x-amz-acl': 'public-read' }), null, set('AccessControl')],
  ['PutBucketPublicAccessBlock', of('publicAccessBlock', blocked(false)), null, `changed ${BUCKET} ${BLOCK}`],
  ['PutPublicAccessBlock', { ...blocked(false), Host }, null, `changed ${ACCOUNT} ${BLOCK}`],
  ['DeleteBucketPublicAccessBlock', of('publicAccessBlock'), null, `changed ${BUCKET} ${BLOCK}`],
  ['DeletePublicAccessBlock', of('publicAccessBlock'), null, `changed ${BUCKET} ${BLOCK}`],
  ['PutAccountPublicAccessBlock', { ...blocked(false), Host }, null, `changed ${ACCOUNT} ${BLOCK}`],
  ['DeleteAccountPublicAccessBlock', { Host }, null, `deleted ${ACCOUNT}`],
  ['PutBucketEncryption', of('encryption'), null, set('BucketEncryption')],
  ['DeleteBucketEncryption', of('encryption'), null, set('BucketEncryption')],
  [
    'PutBucketVersioning',
    of('versioning', { VersioningConfiguration: { Status: 'Suspended' } }),
    null,
    set('VersioningConfiguration'),
  ],
  ['PutBucketLogging', of('logging', { BucketLoggingStatus: '' }), null, set('LoggingConfiguration')],
  ['PutBucketOwnershipControls', of('ownershipControls'), null, set('OwnershipControls')],
  ['DeleteBucketOwnershipControls', of('ownershipControls'), null, set('OwnershipControls')],
  ['PutBucketWebsite', of('website'), null, set('WebsiteConfiguration')],
  ['DeleteBucketWebsite', of('website'), null, set('WebsiteConfiguration')],
  ['PutBucketCors', of('cors'), null, set('CorsConfiguration')],
  ['DeleteBucketCors', of('cors'), null, set('CorsConfiguration')],
  ['PutBucketReplication', of('replication'), null, set('ReplicationConfiguration')],
  ['DeleteBucketReplication', of('replication'), null, set('ReplicationConfiguration')],
  ['PutBucketLifecycle', of('lifecycle'), null, set('LifecycleConfiguration')],
  ['DeleteBucketLifecycle', of('lifecycle'), null, set('LifecycleConfiguration')],
  ['PutBucketNotification', of('notification'), null, set('NotificationConfiguration')],
  ['PutBucketTagging', of('tagging'), null, set('Tags')],
  ['DeleteBucketTagging', of('tagging'), null, set('Tags')],
  ['PutBucketObjectLockConfiguration', of('object-lock'), null, set('ObjectLockConfiguration')],
  ['PutAccelerateConfiguration', of('accelerate'), null, set('AccelerateConfiguration')],
  ['CreateAccessPoint', point, null, `created ${POINT}`],
  ['DeleteAccessPoint', point, null, `deleted ${POINT}`],
  ['PutAccessPointPolicy', point, null, `changed ${POINT} [Policy]`],
  ['DeleteAccessPointPolicy', point, null, `changed ${POINT} [Policy]`],
]);
