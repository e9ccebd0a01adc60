import { expect, it } from 'vitest';
import { ACCOUNT, callOf, proveTouches, REGION, touchedLine, trailRecord } from '../../../test/touches.ts';
import { KMS } from './kms.ts';
import { touchesOf } from './touches-of.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${ID}`;
const KEY = `AWS::KMS::Key ${ID}`;
const ALIAS = 'AWS::KMS::Alias alias/payments';
const key = { keyId: ID };
const grant = { granteePrincipal: 'arn:aws:iam::999999999999:role/x', operations: ['Decrypt'] };
const pointed = { aliasName: 'alias/payments', targetKeyId: ID };

proveTouches(KMS, [
  [
    'CreateKey',
    { policy: '', keySpec: 'SYMMETRIC_DEFAULT' },
    { keyMetadata: { keyId: ID, arn: ARN } },
    `created ${KEY}`,
  ],
  ['PutKeyPolicy', { keyId: ARN, policyName: 'default', policy: '{}' }, null, `changed ${KEY} [KeyPolicy]`],
  [
    'ScheduleKeyDeletion',
    { ...key, pendingWindowInDays: 7 },
    { keyId: ARN, keyState: 'PendingDeletion', deletionDate: 'Dec 1, 2026 4:03:33 PM' },
    `changed ${KEY} [Enabled]`,
  ],
  ['CancelKeyDeletion', key, { keyId: ARN }, `changed ${KEY} [Enabled]`],
  ['DisableKey', key, null, `changed ${KEY} [Enabled]`],
  ['EnableKey', key, null, `changed ${KEY} [Enabled]`],
  ['EnableKeyRotation', key, null, `changed ${KEY} [EnableKeyRotation RotationPeriodInDays]`],
  ['DisableKeyRotation', key, null, `changed ${KEY} [EnableKeyRotation]`],
  ['UpdateKeyDescription', { ...key, description: 'x' }, null, `changed ${KEY} [Description]`],
  ['TagResource', { ...key, tags: [{ tagKey: 'a', tagValue: 'b' }] }, null, `changed ${KEY} [Tags]`],
  ['UntagResource', { ...key, tagKeys: ['a'] }, null, `changed ${KEY} [Tags]`],
  ['CreateGrant', { keyId: ARN, ...grant }, { grantId: 'f1', keyId: ARN }, `changed ${KEY}`],
  ['RevokeGrant', { keyId: ARN, grantId: 'f1' }, null, `changed ${KEY}`],
  [
    'ImportKeyMaterial',
    { ...key, expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    null,
    `changed ${KEY} [Enabled]`,
  ],
  ['DeleteImportedKeyMaterial', key, null, `changed ${KEY} [Enabled]`],
  [
    'ReplicateKey',
    { keyId: 'mrk-1', replicaRegion: 'eu-west-1' },
    { replicaKeyMetadata: { arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/mrk-1` } },
    'created AWS::KMS::ReplicaKey mrk-1',
  ],
  ['CreateAlias', pointed, null, `created ${ALIAS} (of ${KEY})`],
  ['UpdateAlias', pointed, null, `changed ${ALIAS} [TargetKeyId] (of ${KEY})`],
  ['DeleteAlias', { aliasName: 'alias/payments' }, null, `deleted ${ALIAS}`],
]);

it('a key that is named by an alias is found by the ARN in the record, and is its owner’s', () => {
  const owned = `arn:aws:kms:${REGION}:210987654321:key/${ID}`;
  const record = trailRecord(
    'kms.amazonaws.com',
    'CreateGrant',
    { keyId: 'alias/shared', ...grant },
    { grantId: 'f1' },
    {
      resources: [{ accountId: '210987654321', type: 'AWS::KMS::Key', ARN: owned }],
    },
  );
  const [touched] = touchesOf(callOf(record));
  expect(touched && touchedLine(touched)).toBe(`changed ${KEY}`);
  expect(touched?.subject.account).toBe('210987654321');
});

it('a key that only an alias names is not guessed', () => {
  const record = trailRecord('kms.amazonaws.com', 'CreateGrant', { keyId: 'alias/shared', ...grant });
  expect(touchesOf(callOf(record))).toEqual([]);
});
