import { KEY } from '../../src/actions/data/cancel-key-deletion.ts';
import { SECRET } from '../../src/actions/data/rotate-secret.ts';
import { subjectOf } from '../acting.ts';
import type { ActionScenarios } from './scenario.ts';

export const DATA_SCENARIOS: ActionScenarios = {
  'cancel-key-deletion': [
    {
      name: 'a key that waits for its deletion',
      async prepare(stage) {
        const kms = await stage.aws.use('kms');
        const { KeyId = '' } = (await kms.createKey({})).KeyMetadata ?? {};
        await kms.scheduleKeyDeletion({ KeyId });
        return subjectOf(KEY, KeyId);
      },
    },
  ],
  'rotate-secret': [
    {
      name: 'a secret with a rotation function',
      first: [],
      async prepare(stage) {
        const secrets = await stage.aws.use('secretsmanager');
        await secrets.createSecret({ Name: 'prod/database', SecretString: 'leaked' });
        await secrets.rotateSecret({
          SecretId: 'prod/database',
          RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate',
          RotateImmediately: false,
        });
        return subjectOf(SECRET, 'prod/database');
      },
    },
  ],
};
