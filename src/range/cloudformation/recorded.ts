import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Properties, ResourceType } from '../cloudcontrol/resource-type.ts';

export function remember(account: Account, type: string, id: string, properties: Properties): void {
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

export const RECORDED_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  RECORDED.map((one) => [one.type, recorded(one)] as const),
);
