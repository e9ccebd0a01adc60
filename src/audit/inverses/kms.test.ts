import { proveInverses } from '../../../test/inverses.ts';
import { KMS_INVERSES } from './kms.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KeyId = `arn:aws:kms:eu-west-1:123456789012:key/${ID}`;
const more = { resources: [{ accountId: '123456789012', type: 'AWS::KMS::Key', ARN: KeyId }] };
const request = { keyId: ID };
const policy = { Version: '2012-10-17', Statement: [] };
const alias = { aliasName: 'alias/payments', targetKeyId: 'other' };
const AliasName = 'alias/payments';
const target = { TargetKeyId: ID };

proveInverses(KMS_INVERSES, [
  [
    'ScheduleKeyDeletion',
    { request, response: { keyId: KeyId, keyState: 'PendingDeletion' }, before: { Enabled: true } },
    [
      ['kms CancelKeyDeletion', { KeyId }],
      ['kms EnableKey', { KeyId }],
    ],
  ],
  [
    'ScheduleKeyDeletion',
    { request, more, before: { Enabled: false } },
    [['kms CancelKeyDeletion', { KeyId }]],
  ],
  ['ScheduleKeyDeletion', { request }, [['kms CancelKeyDeletion', { KeyId: ID }]]],
  ['DisableKey', { request, more, before: { Enabled: true } }, [['kms EnableKey', { KeyId }]]],
  ['DisableKey', { request, more, before: { Enabled: false } }, 'nothing: the key'],
  ['DisableKey', { request }, 'unknown: whether the key'],
  ['EnableKey', { request, more, before: { Enabled: false } }, [['kms DisableKey', { KeyId }]]],
  [
    'DisableKeyRotation',
    { request, more, before: { EnableKeyRotation: true, RotationPeriodInDays: 180 } },
    [['kms EnableKeyRotation', { KeyId, RotationPeriodInDays: 180 }]],
  ],
  ['DisableKeyRotation', { request, before: { EnableKeyRotation: false } }, 'nothing: the key'],
  [
    'PutKeyPolicy',
    { request: { ...request, policyName: 'default', policy: '{}' }, more, before: { KeyPolicy: policy } },
    [['kms PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: JSON.stringify(policy) }]],
  ],
  ['PutKeyPolicy', { request }, 'unknown: the policy of the key'],
  [
    'CreateGrant',
    { request, more, response: { grantId: 'f1' } },
    [['kms RevokeGrant', { KeyId, GrantId: 'f1' }]],
  ],
  ['DeleteImportedKeyMaterial', { request, more }, 'none: only who has the key material'],
  ['CreateAlias', { request: alias }, [['kms DeleteAlias', { AliasName }]]],
  ['UpdateAlias', { request: alias, before: target }, [['kms UpdateAlias', { AliasName, ...target }]]],
  [
    'DeleteAlias',
    { request: { aliasName: AliasName }, before: target },
    [['kms CreateAlias', { AliasName, ...target }]],
  ],
  ['DeleteAlias', { request: { aliasName: AliasName } }, 'unknown: the key of alias/payments'],
]);
