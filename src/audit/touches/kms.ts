import { changed, created, deleted, type TouchTable } from './touch.ts';

const KEY = 'AWS::KMS::Key';
const ALIAS = 'AWS::KMS::Alias';

/** A request may name a key by an alias, which may be another key's by now; the record has the key's ARN. */
const key = ['{response.keyId:key-id}', '{resources[].ARN:key-id}', '{request.keyId:key-id}'];
const alias = '{request.aliasName:alias-name}';
const target = ['{request.targetKeyId:key-id}', '{resources[].ARN:key-id}'];

/** Source: AWS KMS Developer Guide, "Examples of AWS KMS log entries". */
export const KMS: TouchTable = {
  source: 'kms.amazonaws.com',
  calls: {
    CreateKey: [created(KEY, ['{response.keyMetadata.keyId:key-id}', ...key])],
    PutKeyPolicy: [changed(KEY, key, ['KeyPolicy'])],
    ScheduleKeyDeletion: [changed(KEY, key, ['Enabled'])],
    CancelKeyDeletion: [changed(KEY, key, ['Enabled'])],
    DisableKey: [changed(KEY, key, ['Enabled'])],
    EnableKey: [changed(KEY, key, ['Enabled'])],
    EnableKeyRotation: [changed(KEY, key, ['EnableKeyRotation', 'RotationPeriodInDays'])],
    DisableKeyRotation: [changed(KEY, key, ['EnableKeyRotation'])],
    UpdateKeyDescription: [changed(KEY, key, ['Description'])],
    TagResource: [changed(KEY, key, ['Tags'])],
    UntagResource: [changed(KEY, key, ['Tags'])],
    CreateGrant: [changed(KEY, key)],
    RevokeGrant: [changed(KEY, key)],
    ImportKeyMaterial: [changed(KEY, key, ['Enabled'])],
    DeleteImportedKeyMaterial: [changed(KEY, key, ['Enabled'])],
    ReplicateKey: [created('AWS::KMS::ReplicaKey', '{response.replicaKeyMetadata.arn:key-id}')],
    CreateAlias: [created(ALIAS, alias, { partOf: [KEY, target] })],
    UpdateAlias: [changed(ALIAS, alias, ['TargetKeyId'], { partOf: [KEY, target] })],
    DeleteAlias: [deleted(ALIAS, alias)],
  },
};
