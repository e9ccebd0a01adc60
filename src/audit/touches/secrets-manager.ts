import { changed, created, deleted, type TouchTable } from './touch.ts';

const SECRET = 'AWS::SecretsManager::Secret';
const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const ROTATION = 'AWS::SecretsManager::RotationSchedule';

/** A request may have the name alone; the name is what is left where the record has no ARN at all. */
const secret = [
  'response.aRN',
  'response.arn',
  '{resources[].ARN:only-arn}',
  '{request.secretId:only-arn}',
  'request.secretId',
];
const ofSecret = { partOf: [SECRET, secret] as const };

/** Source: AWS Secrets Manager User Guide, "Log AWS Secrets Manager events with AWS CloudTrail". */
export const SECRETS_MANAGER: TouchTable = {
  source: 'secretsmanager.amazonaws.com',
  calls: {
    CreateSecret: [created(SECRET, [...secret, 'request.name'])],
    UpdateSecret: [changed(SECRET, secret, ['Description', 'KmsKeyId', 'SecretString'])],
    DeleteSecret: [deleted(SECRET, secret)],
    RestoreSecret: [changed(SECRET, secret)],
    ReplicateSecretToRegions: [changed(SECRET, secret, ['ReplicaRegions'])],
    TagResource: [changed(SECRET, secret, ['Tags'])],
    UntagResource: [changed(SECRET, secret, ['Tags'])],
    PutResourcePolicy: [changed(POLICY, secret, ['ResourcePolicy'], ofSecret)],
    DeleteResourcePolicy: [deleted(POLICY, secret, ofSecret)],
    RotateSecret: [
      changed(ROTATION, secret, ['RotationLambdaARN', 'RotationRules'], {
        ...ofSecret,
        when: { at: 'request.rotationRules' },
      }),
    ],
    CancelRotateSecret: [deleted(ROTATION, secret, ofSecret)],
  },
};
