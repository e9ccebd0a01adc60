import type { Account } from '../../account.ts';
import { AwsError } from '../../aws-error.ts';
import { newBucket } from '../../s3/bucket.ts';
import type { Properties, ResourceType } from '../resource-type.ts';

/** Source: AWS CloudFormation Template Reference, "AWS::S3::Bucket". */
export const BUCKET: ResourceType = {
  replacement: ['BucketName'],
  readOnly: ['Arn', 'DomainName', 'RegionalDomainName'],
  name: 'BucketName',
  create(account, properties, newName) {
    const name = String(properties.BucketName ?? newName.toLowerCase());
    if (account.buckets.has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    newBucket(account, name, { versioned: isVersioned(properties) });
    remember(account, name, properties);
    return { physicalId: name, attributes: attributesOf(account, name) };
  },
  update(account, name, properties) {
    const bucket = account.buckets.get(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (isVersioned(properties)) bucket.versioning = 'Enabled';
    else if (bucket.versioning !== undefined) bucket.versioning = 'Suspended';
    remember(account, name, properties);
  },
  delete(account, name) {
    if ((account.buckets.get(name)?.objects.size ?? 0) > 0)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    account.buckets.delete(name);
    account.cloudformation.records.delete(name);
  },
  read(account, name) {
    const bucket = account.buckets.get(name);
    if (bucket === undefined) return undefined;
    const { VersioningConfiguration: _, ...rest } =
      account.cloudformation.records.get(name)?.properties ?? {};
    return {
      ...rest,
      BucketName: name,
      ...attributesOf(account, name),
      ...(bucket.versioning === 'Enabled' ? { VersioningConfiguration: { Status: 'Enabled' } } : {}),
    };
  },
  list: (account) => [...account.buckets.keys()],
};

function attributesOf(account: Account, name: string) {
  return {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${account.region}.amazonaws.com`,
  };
}

function isVersioned({ VersioningConfiguration }: Properties): boolean {
  return (VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled';
}

function remember(account: Account, id: string, properties: Properties): void {
  account.cloudformation.records.set(id, { type: 'AWS::S3::Bucket', properties });
}
