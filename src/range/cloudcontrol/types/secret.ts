import { changedKeys } from '../../cloudformation/compare.ts';
import { perform } from '../../perform.ts';
import { secretsOf } from '../../secretsmanager/secret.ts';
import { SECRETS_MANAGER } from '../../secretsmanager/service.ts';
import { pick, present, unless } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

const SETTINGS = ['Description', 'KmsKeyId', 'SecretString'];

/** Source: AWS CloudFormation Template Reference, "AWS::SecretsManager::Secret". */
export const SECRET: ResourceType = {
  replacement: ['Name'],
  readOnly: ['Id'],
  writeOnly: ['SecretString', 'GenerateSecretString'],
  name: 'Name',
  create(account, properties, newName) {
    const { Tags } = properties;
    const { ARN } = perform<{ ARN: string }>(account, SECRETS_MANAGER, 'CreateSecret', {
      Name: String(properties.Name ?? newName),
      ...pick(properties, SETTINGS),
      ...present({ Tags }),
    });
    return { physicalId: ARN, attributes: { Id: ARN } };
  },
  update(account, SecretId, after, before) {
    const changed = changedKeys(before, after).filter((name) => SETTINGS.includes(name));
    if (changed.length > 0)
      perform(account, SECRETS_MANAGER, 'UpdateSecret', { SecretId, ...present(pick(after, changed)) });
    const { put, remove } = tagChanges((before.Tags ?? []) as CfnTag[], after.Tags);
    if (put.length > 0) perform(account, SECRETS_MANAGER, 'TagResource', { SecretId, Tags: put });
    if (remove.length > 0) perform(account, SECRETS_MANAGER, 'UntagResource', { SecretId, TagKeys: remove });
  },
  delete(account, SecretId) {
    perform(account, SECRETS_MANAGER, 'DeleteSecret', { SecretId });
  },
  read(account, SecretId): Properties | undefined {
    const found = unless(/^ResourceNotFoundException$/, () =>
      perform<Properties>(account, SECRETS_MANAGER, 'DescribeSecret', { SecretId }),
    );
    if (found === undefined || found.DeletedDate !== undefined) return undefined;
    const { Name, Description, KmsKeyId, Tags } = found;
    return present({ Id: SecretId, Name, Description, KmsKeyId, ...tagProperty(Tags as CfnTag[]) });
  },
  list: (account) => [...secretsOf(account).values()].map(({ arn }) => arn),
};
