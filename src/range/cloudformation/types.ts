import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { newBucket } from '../s3/bucket.ts';
import { newQueue } from '../sqs/queue.ts';
import type { KnownResource } from './evaluate.ts';
import { SECURITY_GROUP } from './security-group.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** A type of resources that a stack can have in the range. */
export interface ResourceType {
  /** Properties that cannot change without a new resource. */
  readonly replacement: readonly string[];
  /** A property that names the resource, when one is given. */
  readonly name?: string;
  /** Creating one changes what somebody may do. */
  readonly isIam?: true;
  create(account: Account, properties: Properties, newName: string): KnownResource;
  update(account: Account, id: string, properties: Properties): void;
  delete(account: Account, id: string): void;
  /** As it is in the account; nothing where it is gone. Without it drift is not supported. */
  read?(account: Account, id: string): Properties | undefined;
}

const BUCKET: ResourceType = {
  replacement: ['BucketName'],
  name: 'BucketName',
  create(account, properties, newName) {
    const name = String(properties.BucketName ?? newName.toLowerCase());
    if (account.buckets.has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    newBucket(account, name, { versioned: isVersioned(properties) });
    remember(account, 'AWS::S3::Bucket', name, properties);
    const attributes = {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${account.region}.amazonaws.com`,
    };
    return { physicalId: name, attributes };
  },
  update(account, name, properties) {
    const bucket = account.buckets.get(name);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (isVersioned(properties)) bucket.versioning = 'Enabled';
    else if (bucket.versioning !== undefined) bucket.versioning = 'Suspended';
    remember(account, 'AWS::S3::Bucket', name, properties);
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
    return bucket.versioning === 'Enabled'
      ? { ...rest, VersioningConfiguration: { Status: 'Enabled' } }
      : rest;
  },
};

function isVersioned({ VersioningConfiguration }: Properties): boolean {
  return (VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled';
}

const QUEUE: ResourceType = {
  replacement: ['QueueName', 'FifoQueue'],
  name: 'QueueName',
  create(account, properties, newName) {
    const name = String(properties.QueueName ?? newName);
    if (account.queues.has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    const queue = newQueue(account, name, attributesOf(properties));
    remember(account, 'AWS::SQS::Queue', queue.url, properties);
    return { physicalId: queue.url, attributes: { Arn: queue.arn, QueueName: name, QueueUrl: queue.url } };
  },
  update(account, url, properties) {
    const queue = account.queues.get(nameIn(url));
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    for (const [name, value] of Object.entries(attributesOf(properties))) queue.attributes.set(name, value);
    remember(account, 'AWS::SQS::Queue', url, properties);
  },
  delete(account, url) {
    account.queues.delete(nameIn(url));
    account.cloudformation.records.delete(url);
  },
  read(account, url) {
    const queue = account.queues.get(nameIn(url));
    const known = account.cloudformation.records.get(url)?.properties;
    if (queue === undefined || known === undefined) return undefined;
    const now = Object.entries(known).map(([name, value]) => [name, queue.attributes.get(name) ?? value]);
    return Object.fromEntries(now) as Properties;
  },
};

function attributesOf(properties: Properties): Record<string, string> {
  const plain = Object.entries(properties).filter(
    ([name, value]) => name !== 'QueueName' && typeof value !== 'object' && value !== undefined,
  );
  return Object.fromEntries(plain.map(([name, value]) => [name, String(value)]));
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function remember(account: Account, type: string, id: string, properties: Properties): void {
  account.cloudformation.records.set(id, { type, properties });
}

interface Recorded {
  readonly type: string;
  readonly name?: string;
  readonly replacement?: readonly string[];
  readonly isIam?: true;
  /** The physical id; the name by default. */
  readonly id?: (account: Account, name: string) => string;
  readonly attributes?: (account: Account, name: string) => Properties;
}

/** A type whose resources are only remembered: no service of the range knows them. */
function recorded({ type, name, replacement = [], isIam, id, attributes }: Recorded): ResourceType {
  return {
    replacement: [...(name === undefined ? [] : [name]), ...replacement],
    ...(name === undefined ? {} : { name }),
    ...(isIam === undefined ? {} : { isIam }),
    create(account, properties, newName) {
      const given = String((name === undefined ? undefined : properties[name]) ?? newName);
      const physicalId = id?.(account, given) ?? given;
      if (account.cloudformation.records.has(physicalId))
        throw new AwsError('AlreadyExists', `${physicalId} already exists`, 409);
      remember(account, type, physicalId, properties);
      return { physicalId, attributes: attributes?.(account, given) ?? {} };
    },
    update(account, physicalId, properties) {
      if (!account.cloudformation.records.has(physicalId))
        throw new AwsError('NotFound', `${physicalId} does not exist`, 404);
      remember(account, type, physicalId, properties);
    },
    delete(account, physicalId) {
      account.cloudformation.records.delete(physicalId);
    },
    read: (account, physicalId) => account.cloudformation.records.get(physicalId)?.properties,
  };
}

const RECORDED: readonly Recorded[] = [
  { type: 'AWS::S3::BucketPolicy', replacement: ['Bucket'] },
  { type: 'AWS::SQS::QueuePolicy' },
  {
    type: 'AWS::SNS::Topic',
    name: 'TopicName',
    id: ({ region, id }, name) => `arn:aws:sns:${region}:${id}:${name}`,
    attributes: ({ region, id }, name) => ({
      TopicArn: `arn:aws:sns:${region}:${id}:${name}`,
      TopicName: name,
    }),
  },
  {
    type: 'AWS::IAM::Role',
    name: 'RoleName',
    replacement: ['Path'],
    isIam: true,
    attributes: ({ id }, name) => ({ Arn: `arn:aws:iam::${id}:role/${name}`, RoleId: `AROA${name.length}` }),
  },
  { type: 'AWS::IAM::Policy', isIam: true },
  {
    type: 'AWS::IAM::ManagedPolicy',
    name: 'ManagedPolicyName',
    isIam: true,
    id: ({ id }, name) => `arn:aws:iam::${id}:policy/${name}`,
  },
  {
    type: 'AWS::DynamoDB::Table',
    name: 'TableName',
    replacement: ['KeySchema'],
    attributes: ({ region, id }, name) => ({ Arn: `arn:aws:dynamodb:${region}:${id}:table/${name}` }),
  },
  {
    type: 'AWS::RDS::DBInstance',
    name: 'DBInstanceIdentifier',
    replacement: ['Engine', 'MasterUsername', 'StorageEncrypted', 'KmsKeyId'],
    attributes: ({ region }, name) => ({
      'Endpoint.Address': `${name}.simulated.${region}.rds.amazonaws.com`,
      'Endpoint.Port': '5432',
    }),
  },
  {
    type: 'AWS::Logs::LogGroup',
    name: 'LogGroupName',
    attributes: ({ region, id }, name) => ({ Arn: `arn:aws:logs:${region}:${id}:log-group:${name}:*` }),
  },
  {
    type: 'AWS::KMS::Key',
    attributes: ({ region, id }, name) => ({ Arn: `arn:aws:kms:${region}:${id}:key/${name}`, KeyId: name }),
  },
  { type: 'AWS::SSM::Parameter', name: 'Name' },
];

const TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ['AWS::EC2::SecurityGroup', SECURITY_GROUP],
  ['AWS::S3::Bucket', BUCKET],
  ['AWS::SQS::Queue', QUEUE],
  ...RECORDED.map((one) => [one.type, recorded(one)] as const),
]);

export function typeOf(type: string): ResourceType | undefined {
  return TYPES.get(type);
}
