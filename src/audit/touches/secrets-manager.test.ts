import { proveTouches } from '../../../test/touches.ts';
import { SECRETS_MANAGER } from './secrets-manager.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/orders-a1b2c3';
const SECRET = `AWS::SecretsManager::Secret ${ARN}`;
const POLICY = `AWS::SecretsManager::ResourcePolicy ${ARN}`;
const ROTATION = `AWS::SecretsManager::RotationSchedule ${ARN}`;
const OF = `(of ${SECRET})`;
const secret = { secretId: ARN };
const answer = { aRN: ARN, name: 'db/orders' };

proveTouches(SECRETS_MANAGER, [
  [
    'CreateSecret',
    { name: 'db/orders', clientRequestToken: '1' },
    { ...answer, versionId: '1' },
    `created ${SECRET}`,
  ],
  [
    'UpdateSecret',
    { secretId: 'db/orders', kmsKeyId: 'k' },
    { arn: ARN },
    `changed ${SECRET} [Description KmsKeyId SecretString]`,
  ],
  [
    'DeleteSecret',
    { ...secret, recoveryWindowInDays: 7 },
    { ...answer, deletionDate: 'Dec 1, 2026' },
    `deleted ${SECRET}`,
  ],
  ['RestoreSecret', secret, answer, `changed ${SECRET}`],
  ['ReplicateSecretToRegions', secret, null, `changed ${SECRET} [ReplicaRegions]`],
  ['TagResource', secret, null, `changed ${SECRET} [Tags]`],
  ['UntagResource', secret, null, `changed ${SECRET} [Tags]`],
  [
    'PutResourcePolicy',
    { ...secret, resourcePolicy: '{}' },
    answer,
    `changed ${POLICY} [ResourcePolicy] ${OF}`,
  ],
  [
    'PutResourcePolicy',
    { secretId: 'db/orders', resourcePolicy: '{}' },
    null,
    'changed AWS::SecretsManager::ResourcePolicy db/orders [ResourcePolicy] (of AWS::SecretsManager::Secret db/orders)',
  ],
  ['DeleteResourcePolicy', secret, answer, `deleted ${POLICY} ${OF}`],
  [
    'RotateSecret',
    { ...secret, rotationRules: { automaticallyAfterDays: 365 } },
    answer,
    `changed ${ROTATION} [RotationLambdaARN RotationRules] ${OF}`,
  ],
  ['RotateSecret', secret, answer],
  ['CancelRotateSecret', secret, answer, `deleted ${ROTATION} ${OF}`],
]);
