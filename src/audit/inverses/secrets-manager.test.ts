import { proveInverses } from '../../../test/inverses.ts';
import { SECRETS_MANAGER_INVERSES } from './secrets-manager.ts';

const SecretId = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/orders-a1b2c3';
const request = { secretId: SecretId };
const policy = { Version: '2012-10-17', Statement: [] };
const RotationRules = { AutomaticallyAfterDays: 30 };
const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotate';
const rotate = [
  ['secretsmanager RotateSecret', { SecretId, RotationLambdaARN, RotationRules, RotateImmediately: false }],
] as const;

proveInverses(SECRETS_MANAGER_INVERSES, [
  [
    'PutResourcePolicy',
    { request: { ...request, resourcePolicy: '{}' }, before: { ResourcePolicy: policy } },
    [['secretsmanager PutResourcePolicy', { SecretId, ResourcePolicy: JSON.stringify(policy) }]],
  ],
  ['PutResourcePolicy', { request, before: null }, [['secretsmanager DeleteResourcePolicy', { SecretId }]]],
  ['PutResourcePolicy', { request }, 'unknown: the policy of the secret'],
  [
    'DeleteResourcePolicy',
    { request, before: { ResourcePolicy: '{"a":1}' } },
    [['secretsmanager PutResourcePolicy', { SecretId, ResourcePolicy: '{"a":1}' }]],
  ],
  [
    'DeleteSecret',
    { request: { ...request, recoveryWindowInDays: 7 } },
    [['secretsmanager RestoreSecret', { SecretId }]],
  ],
  [
    'DeleteSecret',
    { request: { ...request, forceDeleteWithoutRecovery: true } },
    'none: it was deleted without',
  ],
  [
    'RotateSecret',
    { request: { ...request, rotationRules: {} }, before: { RotationLambdaARN, RotationRules } },
    rotate,
  ],
  ['CancelRotateSecret', { request, before: { RotationLambdaARN, RotationRules } }, rotate],
  ['CancelRotateSecret', { request }, 'unknown: how the secret'],
]);
