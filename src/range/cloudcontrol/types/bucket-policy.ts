import { AwsError } from '../../aws-error.ts';
import { perform } from '../../perform.ts';
import { S3 } from '../../s3/service.ts';
import { textOf, unless } from '../changes.ts';
import type { ResourceType } from '../resource-type.ts';

/** Source: AWS CloudFormation Template Reference, "AWS::S3::BucketPolicy". */
export const BUCKET_POLICY: ResourceType = {
  replacement: ['Bucket'],
  create(account, properties) {
    const Bucket = String(properties.Bucket);
    if (account.buckets.get(Bucket)?.policy !== undefined)
      throw new AwsError('AlreadyExists', `The bucket policy already exists on bucket ${Bucket}.`, 409);
    this.update(account, Bucket, properties, {});
    return { physicalId: Bucket, attributes: {} };
  },
  update(account, Bucket, { PolicyDocument }) {
    perform(account, S3, 'PutBucketPolicy', { Bucket, Policy: textOf(PolicyDocument) });
  },
  delete(account, Bucket) {
    perform(account, S3, 'DeleteBucketPolicy', { Bucket });
  },
  read(account, Bucket) {
    const found = unless(/^NoSuchBucket/, () =>
      perform<{ Policy: string }>(account, S3, 'GetBucketPolicy', { Bucket }),
    );
    if (found === undefined) return undefined;
    return { Bucket, PolicyDocument: JSON.parse(found.Policy) as unknown };
  },
  list: (account) =>
    [...account.buckets.values()].flatMap(({ name, policy }) => (policy === undefined ? [] : [name])),
};
