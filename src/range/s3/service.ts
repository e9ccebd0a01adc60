import * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import { servesScope } from '../protocol/rest.ts';
import { S3_XML } from '../protocol/rest-xml.ts';
import { type Operation, operation, type Service } from '../service.ts';
import * as lists from './access-control-lists.ts';
import * as policies from './bucket-policy.ts';
import * as buckets from './buckets.ts';
import * as configuration from './configuration.ts';
import * as objectLock from './object-lock.ts';
import * as objects from './objects.ts';
import * as publicAccess from './public-access.ts';
import { listObjectVersions } from './versions.ts';

/** Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition". */
function ofExpectedOwner(one: Operation): Operation {
  return {
    ...one,
    run(account, input, gone, caller) {
      const { ExpectedBucketOwner: expected } = input as { ExpectedBucketOwner?: string };
      if (expected !== undefined && expected !== account.id)
        throw new AwsError('AccessDenied', 'Access Denied', 403);
      return one.run(account, input, gone, caller);
    },
  };
}

const OPERATIONS: Service['operations'] = {
  CreateBucket: operation(s3.CreateBucket$, buckets.createBucket),
  DeleteBucket: operation(s3.DeleteBucket$, buckets.deleteBucket),
  DeleteBucketEncryption: operation(s3.DeleteBucketEncryption$, configuration.deleteEncryption),
  DeleteBucketOwnershipControls: operation(
    s3.DeleteBucketOwnershipControls$,
    configuration.deleteOwnershipControls,
  ),
  DeleteBucketPolicy: operation(s3.DeleteBucketPolicy$, policies.deleteBucketPolicy),
  DeleteBucketTagging: operation(s3.DeleteBucketTagging$, configuration.deleteTagging),
  DeleteObject: operation(s3.DeleteObject$, objects.deleteObject),
  DeletePublicAccessBlock: operation(s3.DeletePublicAccessBlock$, publicAccess.deletePublicAccessBlock),
  GetBucketAcl: operation(s3.GetBucketAcl$, lists.getBucketAcl),
  GetBucketEncryption: operation(s3.GetBucketEncryption$, configuration.getEncryption),
  GetBucketLogging: operation(s3.GetBucketLogging$, configuration.getLogging),
  GetBucketOwnershipControls: operation(s3.GetBucketOwnershipControls$, configuration.getOwnershipControls),
  GetBucketPolicy: operation(s3.GetBucketPolicy$, policies.getBucketPolicy),
  GetBucketPolicyStatus: operation(s3.GetBucketPolicyStatus$, policies.getBucketPolicyStatus),
  GetBucketTagging: operation(s3.GetBucketTagging$, configuration.getTagging),
  GetBucketVersioning: operation(s3.GetBucketVersioning$, configuration.getVersioning),
  GetObject: operation(s3.GetObject$, objects.getObject),
  GetObjectLockConfiguration: operation(
    s3.GetObjectLockConfiguration$,
    objectLock.getObjectLockConfiguration,
  ),
  GetObjectRetention: operation(s3.GetObjectRetention$, objectLock.getObjectRetention),
  GetPublicAccessBlock: operation(s3.GetPublicAccessBlock$, publicAccess.getPublicAccessBlock),
  HeadBucket: operation(s3.HeadBucket$, buckets.headBucket),
  HeadObject: operation(s3.HeadObject$, objects.headObject),
  ListBuckets: operation(s3.ListBuckets$, buckets.listBuckets),
  ListObjectVersions: operation(s3.ListObjectVersions$, listObjectVersions),
  ListObjectsV2: operation(s3.ListObjectsV2$, objects.listObjects),
  PutBucketAcl: operation(s3.PutBucketAcl$, lists.putBucketAcl),
  PutBucketEncryption: operation(s3.PutBucketEncryption$, configuration.putEncryption),
  PutBucketLogging: operation(s3.PutBucketLogging$, configuration.putLogging),
  PutBucketNotificationConfiguration: operation(
    s3.PutBucketNotificationConfiguration$,
    buckets.putNotificationConfiguration,
  ),
  PutBucketOwnershipControls: operation(s3.PutBucketOwnershipControls$, configuration.putOwnershipControls),
  PutBucketPolicy: operation(s3.PutBucketPolicy$, policies.putBucketPolicy),
  PutBucketTagging: operation(s3.PutBucketTagging$, configuration.putTagging),
  PutBucketVersioning: operation(s3.PutBucketVersioning$, configuration.putVersioning),
  PutObject: operation(s3.PutObject$, objects.putObject),
  PutObjectLockConfiguration: operation(
    s3.PutObjectLockConfiguration$,
    objectLock.putObjectLockConfiguration,
  ),
  PutObjectRetention: operation(s3.PutObjectRetention$, objectLock.putObjectRetention),
  PutPublicAccessBlock: operation(s3.PutPublicAccessBlock$, publicAccess.putPublicAccessBlock),
};

export const S3: Service = {
  name: 's3',
  protocol: S3_XML,
  serves: servesScope('s3'),
  faults: {
    throttle: () => new AwsError('SlowDown', 'Please reduce your request rate.', 503),
    'internal-error': () =>
      new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500),
    unauthorized: () => new AwsError('AccessDenied', 'Access Denied', 403),
  },
  operations: Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, one]) => [name, ofExpectedOwner(one)]),
  ),
};
