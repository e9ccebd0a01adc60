import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { booleanOf, numberOf, present, textOf } from '../members.ts';
import { textsAt } from '../touches/places.ts';
import type { Inverse } from '../way-back.ts';
import {
  backCall,
  calls,
  documentOf,
  linesOf,
  noBefore,
  none,
  nothing,
  notInRecord,
  stateBefore,
} from './inverse.ts';

const row = linesOf('kms.amazonaws.com');
const KEY = 'AWS::KMS::Key';
const ALIAS = 'AWS::KMS::Alias';

/** The ARN where the record has it, as an id is of the caller's account only. */
function keyOf(call: ApiCall): string | undefined {
  return ['response.keyId', 'resources[].ARN', 'request.keyId'].flatMap((place) => textsAt(call, place))[0]
    ?.text;
}

const enable = (KeyId: string) => backCall('kms', 'EnableKey', { KeyId });

export const KMS_INVERSES: readonly Inverse[] = [
  row('ScheduleKeyDeletion', KEY, ['kms:CancelKeyDeletion', 'kms:EnableKey'], (call, states) => {
    const KeyId = keyOf(call);
    if (KeyId === undefined) return notInRecord(call);
    const cancel = backCall('kms', 'CancelKeyDeletion', { KeyId });
    const enabled = booleanOf(stateBefore(states), 'Enabled');
    if (enabled === true)
      return calls(`cancel the deletion of the key ${KeyId} and enable it again`, cancel, enable(KeyId));
    const why = enabled === undefined ? 'whether it was enabled is not known' : 'it was disabled before';
    return calls(`cancel the deletion of the key ${KeyId}, which stays disabled: ${why}`, cancel);
  }),
  row('DisableKey', KEY, ['kms:EnableKey'], (call, states) => {
    const KeyId = keyOf(call);
    if (KeyId === undefined) return notInRecord(call);
    const enabled = booleanOf(stateBefore(states), 'Enabled');
    if (enabled === undefined) return noBefore(`whether the key ${KeyId} was enabled`);
    return enabled
      ? calls(`enable the key ${KeyId} again`, enable(KeyId))
      : nothing(`the key ${KeyId} was disabled before`);
  }),
  row('EnableKey', KEY, ['kms:DisableKey'], (call, states) => {
    const KeyId = keyOf(call);
    if (KeyId === undefined) return notInRecord(call);
    const enabled = booleanOf(stateBefore(states), 'Enabled');
    if (enabled === undefined) return noBefore(`whether the key ${KeyId} was enabled`);
    return enabled
      ? nothing(`the key ${KeyId} was enabled before`)
      : calls(`disable the key ${KeyId} again`, backCall('kms', 'DisableKey', { KeyId }));
  }),
  row('DisableKeyRotation', KEY, ['kms:EnableKeyRotation'], (call, states) => {
    const KeyId = keyOf(call);
    if (KeyId === undefined) return notInRecord(call);
    const before = stateBefore(states);
    const rotated = booleanOf(before, 'EnableKeyRotation');
    if (rotated === undefined) return noBefore(`whether the key ${KeyId} was rotated`);
    if (!rotated) return nothing(`the key ${KeyId} was not rotated before`);
    return calls(
      `rotate the key ${KeyId} again`,
      backCall(
        'kms',
        'EnableKeyRotation',
        present({ KeyId, RotationPeriodInDays: numberOf(before, 'RotationPeriodInDays') }),
      ),
    );
  }),
  row('PutKeyPolicy', KEY, ['kms:PutKeyPolicy'], (call, states) => {
    const KeyId = keyOf(call);
    if (KeyId === undefined) return notInRecord(call);
    const Policy = documentOf(stateBefore(states), 'KeyPolicy');
    if (Policy === undefined) return noBefore(`the policy of the key ${KeyId}`);
    return calls(
      `put the policy of the key ${KeyId} back as it was`,
      backCall('kms', 'PutKeyPolicy', { KeyId, PolicyName: 'default', Policy }),
    );
  }),
  row('CreateGrant', KEY, ['kms:RevokeGrant'], (call) => {
    const KeyId = keyOf(call);
    const GrantId = textOf(call.response, 'grantId');
    if (KeyId === undefined || GrantId === undefined) return notInRecord(call);
    return calls(
      `revoke the grant ${GrantId} of the key ${KeyId}`,
      backCall('kms', 'RevokeGrant', { KeyId, GrantId }, ['InvalidGrantIdException', 'NotFoundException']),
    );
  }),
  row('DeleteImportedKeyMaterial', KEY, [], (call) => {
    const key = shellWord(keyOf(call) ?? 'KEY');
    return none(
      'only who has the key material can import it again',
      `aws kms get-parameters-for-import --key-id ${key} --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096`,
      `aws kms import-key-material --key-id ${key} --encrypted-key-material fileb://MATERIAL --import-token fileb://TOKEN --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE`,
    );
  }),
  row('CreateAlias', ALIAS, ['kms:DeleteAlias'], (call) => {
    const AliasName = textOf(call.request, 'aliasName');
    if (AliasName === undefined) return notInRecord(call);
    return calls(`delete ${AliasName}`, backCall('kms', 'DeleteAlias', { AliasName }, ['NotFoundException']));
  }),
  row('UpdateAlias', ALIAS, ['kms:UpdateAlias'], (call, states) => {
    const AliasName = textOf(call.request, 'aliasName');
    const TargetKeyId = textOf(stateBefore(states), 'TargetKeyId');
    if (AliasName === undefined) return notInRecord(call);
    if (TargetKeyId === undefined) return noBefore(`the key of ${AliasName}`);
    return calls(
      `point ${AliasName} to the key ${TargetKeyId} again`,
      backCall('kms', 'UpdateAlias', { AliasName, TargetKeyId }),
    );
  }),
  row('DeleteAlias', ALIAS, ['kms:CreateAlias'], (call, states) => {
    const AliasName = textOf(call.request, 'aliasName');
    const TargetKeyId = textOf(stateBefore(states), 'TargetKeyId');
    if (AliasName === undefined) return notInRecord(call);
    if (TargetKeyId === undefined) return noBefore(`the key of ${AliasName}`);
    return calls(
      `make ${AliasName} of the key ${TargetKeyId} again`,
      backCall('kms', 'CreateAlias', { AliasName, TargetKeyId }, ['AlreadyExistsException']),
    );
  }),
];
