import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as secrets from './secrets.ts';

export const SECRETS_MANAGER: Service = {
  name: 'secretsmanager',
  protocol: awsJson('1.1', 'com.amazonaws.secretsmanager'),
  serves: servesTarget('secretsmanager'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () =>
      new AwsError('InternalServiceError', 'An error occurred on the server side.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CancelRotateSecret: operation(secretsmanager.CancelRotateSecret$, secrets.cancelRotateSecret),
    CreateSecret: operation(secretsmanager.CreateSecret$, secrets.createSecret),
    DeleteResourcePolicy: operation(secretsmanager.DeleteResourcePolicy$, secrets.deleteResourcePolicy),
    DeleteSecret: operation(secretsmanager.DeleteSecret$, secrets.deleteSecret),
    DescribeSecret: operation(secretsmanager.DescribeSecret$, secrets.describeSecret),
    GetResourcePolicy: operation(secretsmanager.GetResourcePolicy$, secrets.getResourcePolicy),
    GetSecretValue: operation(secretsmanager.GetSecretValue$, secrets.getSecretValue),
    PutResourcePolicy: operation(secretsmanager.PutResourcePolicy$, secrets.putResourcePolicy),
    RestoreSecret: operation(secretsmanager.RestoreSecret$, secrets.restoreSecret),
    RotateSecret: operation(secretsmanager.RotateSecret$, secrets.rotateSecret),
  },
};
