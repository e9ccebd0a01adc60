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
  {
    type: 'AWS::DynamoDB::Table',
    name: 'TableName',
    replacement: ['KeySchema'],
    attributes: ({ region, id }, name) => ({ Arn: `arn:aws:dynamodb:${region}:${id}:table/${name}` }),
  },
  { type: 'AWS::SSM::Parameter', name: 'Name' },
];

export const RECORDED_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  RECORDED.map((one) => [one.type, recorded(one)] as const),
);
