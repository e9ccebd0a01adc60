import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { memberOf, present, textOf } from '../members.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import { backCall, calls, documentOf, linesOf, noBefore, none, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('secretsmanager.amazonaws.com');
const SECRET = 'AWS::SecretsManager::Secret';
const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const ROTATION = 'AWS::SecretsManager::RotationSchedule';
const policies = ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'];
const rotation = ['secretsmanager:RotateSecret', 'lambda:InvokeFunction'];

function policyBack(call: ApiCall, states: States): WayBack {
  const SecretId = textOf(call.request, 'secretId');
  if (SecretId === undefined) return notInRecord(call);
  const ResourcePolicy = documentOf(stateBefore(states), 'ResourcePolicy');
  if (ResourcePolicy !== undefined)
    return calls(
      `put the policy of the secret ${SecretId} back as it was`,
      backCall('secretsmanager', 'PutResourcePolicy', { SecretId, ResourcePolicy }),
    );
  if (states.before !== null) return noBefore(`the policy of the secret ${SecretId}`);
  return calls(
    `delete the policy of the secret ${SecretId}, which had none`,
    backCall('secretsmanager', 'DeleteResourcePolicy', { SecretId }),
  );
}

function rotationBack(call: ApiCall, states: States): WayBack {
  const SecretId = textOf(call.request, 'secretId');
  if (SecretId === undefined) return notInRecord(call);
  const before = stateBefore(states);
  const RotationRules = memberOf(before, 'RotationRules');
  if (RotationRules === undefined) return noBefore(`how the secret ${SecretId} was rotated`);
  return calls(
    `rotate the secret ${SecretId} as before, and not at once`,
    backCall(
      'secretsmanager',
      'RotateSecret',
      present({
        SecretId,
        RotationLambdaARN: textOf(before, 'RotationLambdaARN'),
        RotationRules,
        RotateImmediately: false,
      }),
    ),
  );
}

export const SECRETS_MANAGER_INVERSES: readonly Inverse[] = [
  row('PutResourcePolicy', POLICY, policies, policyBack),
  row('DeleteResourcePolicy', POLICY, policies, policyBack),
  row('DeleteSecret', SECRET, ['secretsmanager:RestoreSecret'], (call) => {
    const SecretId = textOf(call.request, 'secretId');
    if (SecretId === undefined) return notInRecord(call);
    if (memberOf(call.request, 'forceDeleteWithoutRecovery') === true)
      return none(
        'it was deleted without a time to recover it',
        `aws secretsmanager create-secret --name ${shellWord(textOf(call.response, 'name') ?? 'NAME')} --secret-string file://SECRET`,
      );
    return calls(`restore the secret ${SecretId}`, backCall('secretsmanager', 'RestoreSecret', { SecretId }));
  }),
  row('RotateSecret', ROTATION, rotation, rotationBack),
  row('CancelRotateSecret', ROTATION, rotation, rotationBack),
];
