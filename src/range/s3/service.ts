import * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import { servesScope } from '../protocol/rest.ts';
import { S3_XML } from '../protocol/rest-xml.ts';
import { operation, type Service } from '../service.ts';
import * as buckets from './buckets.ts';
import * as objects from './objects.ts';

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
  operations: {
    CreateBucket: operation(s3.CreateBucket$, buckets.createBucket),
    DeleteObject: operation(s3.DeleteObject$, objects.deleteObject),
    GetObject: operation(s3.GetObject$, objects.getObject),
    HeadBucket: operation(s3.HeadBucket$, buckets.headBucket),
    HeadObject: operation(s3.HeadObject$, objects.headObject),
    ListObjectsV2: operation(s3.ListObjectsV2$, objects.listObjects),
    PutBucketNotificationConfiguration: operation(
      s3.PutBucketNotificationConfiguration$,
      buckets.putNotificationConfiguration,
    ),
    PutBucketVersioning: operation(s3.PutBucketVersioning$, buckets.putVersioning),
    PutObject: operation(s3.PutObject$, objects.putObject),
  },
};
