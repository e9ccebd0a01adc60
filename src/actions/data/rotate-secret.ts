import { createHash } from 'node:crypto';
import { defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';

export const SECRET = 'AWS::SecretsManager::Secret';

export const rotateSecret = defineAction({
  name: 'rotate-secret',
  title: 'Rotate the secret',
  group: 'data',
  subjects: [SECRET],
  effect: 'irreversible',
  needs: ['seal-evidence'],
  permissions: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret', 'lambda:InvokeFunction'],
  about: {
    precondition: 'the secret has a rotation function, or is rotated by the service that owns it',
    effect:
      'rotates the secret at once: the service that it is for gets a new password, the old one is worth nothing',
    proof: 'Secrets Manager says that the new version is the current one',
    idempotency:
      'the token of the rotation is made of the case and the secret: the same again is the same rotation',
  },
  input: NO_INPUT,
  undo: {
    kind: 'none',
    why: 'the service knows only the new secret; the old one is of no use any more',
    restore: readNew,
  },
  plan: ({ id }) => `rotate secret ${id} at once with its rotation function`,
  async run({ aws, subject, incident }) {
    const secrets = await aws.use('secretsmanager');
    const SecretId = subject.id;
    const token = rotationToken(incident.id, SecretId);
    const before = await secrets.describeSecret({ SecretId });
    const { ARN = '', RotationLambdaARN, OwningService } = before;
    if (RotationLambdaARN === undefined && OwningService === undefined)
      return { status: 'ask', reason: `${SecretId} has no rotation function: a person must change it` };
    if (before.VersionIdsToStages?.[token] === undefined)
      await secrets.rotateSecret({ SecretId, ClientRequestToken: token, RotateImmediately: true });
    const { VersionIdsToStages = {} } = await secrets.describeSecret({ SecretId });
    const stages = VersionIdsToStages[token] ?? [];
    if (stages.includes('AWSPREVIOUS'))
      return done({ arn: ARN, versionId: token }, `${ARN} was rotated to ${token}, and again since`);
    if (!stages.includes('AWSCURRENT'))
      return { status: 'waiting', progress: `the rotation function has not finished with ${SecretId}` };
    return done({ arn: ARN, versionId: token }, `version ${token} of ${ARN} is current`);
  },
});

/** Source: AWS Secrets Manager API Reference, "RotateSecret": 32 to 64 characters, best a UUID. */
function rotationToken(caseId: string, secretId: string): string {
  const digest = createHash('sha256').update(`${caseId}\n${secretId}`).digest('hex');
  return [0, 8, 12, 16, 20].map((start, at) => digest.slice(start, [8, 12, 16, 20, 32][at])).join('-');
}

function readNew({ undone, aws }: UndoContext): string[] {
  const { arn } = undone as { readonly arn: string };
  return [
    `aws secretsmanager get-secret-value --region ${aws.region} --secret-id '${arn}' --version-stage AWSCURRENT`,
  ];
}
