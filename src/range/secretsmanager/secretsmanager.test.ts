import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';
import { failingRotations } from './secret.ts';

const RotationLambdaARN = 'arn:aws:lambda:us-east-1:123456789012:function:rotate';
const SecretId = 'prod/database';
const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
let world: Range;
let secrets: SecretsManager;

beforeEach(async () => {
  world = await startRange({ clock, settings: { stateChangeDuration: 5_000 } });
  secrets = new SecretsManager({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await secrets.createSecret({ Name: SecretId, SecretString: 'first' });
});
afterEach(async () => {
  secrets.destroy();
  await world.close();
});

const current = async () => (await secrets.getSecretValue({ SecretId })).SecretString;
const stages = async () =>
  Object.values((await secrets.describeSecret({ SecretId })).VersionIdsToStages ?? {})
    .flat()
    .sort();

describe('Secrets Manager, through the real SDK', () => {
  it('knows a secret by its name, its ARN, and its ARN without the last six letters', async () => {
    const { ARN = '' } = await secrets.describeSecret({ SecretId });
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:prod\/database-[A-Z2-7]{6}$/);
    for (const name of [ARN, ARN.slice(0, -7)])
      expect((await secrets.getSecretValue({ SecretId: name })).SecretString).toBe('first');
    await expect(secrets.describeSecret({ SecretId: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(secrets.createSecret({ Name: SecretId })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it('rotates with a function, after a while, once for a token', async () => {
    await expect(secrets.rotateSecret({ SecretId })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    });
    const ClientRequestToken = '11111111-2222-3333-4444-555555555555';
    const { VersionId } = await secrets.rotateSecret({ SecretId, RotationLambdaARN, ClientRequestToken });
    expect(VersionId).toBe(ClientRequestToken);
    expect([await current(), await stages()]).toEqual(['first', ['AWSCURRENT', 'AWSPENDING']]);
    await secrets.rotateSecret({ SecretId, ClientRequestToken });
    await expect(secrets.rotateSecret({ SecretId })).rejects.toMatchObject({
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    clock.advance(5_000);
    expect([await current(), await stages()]).toEqual([
      `rotated-${ClientRequestToken}`,
      ['AWSCURRENT', 'AWSPREVIOUS'],
    ]);
    await secrets.rotateSecret({ SecretId, ClientRequestToken });
    expect(await stages()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    expect(await secrets.describeSecret({ SecretId })).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN,
      LastRotatedDate: new Date(clock.now()),
    });
  });

  it('a rotation whose function fails stays pending', async () => {
    failingRotations(world.account).add(SecretId);
    await secrets.rotateSecret({ SecretId, RotationLambdaARN });
    clock.advance(50_000);
    expect([await current(), await stages()]).toEqual(['first', ['AWSCURRENT', 'AWSPENDING']]);
    await secrets.cancelRotateSecret({ SecretId });
    expect((await secrets.describeSecret({ SecretId })).RotationEnabled).toBe(false);
    await expect(secrets.cancelRotateSecret({ SecretId })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('keeps a policy, and blocks a public one when asked', async () => {
    const policy = (Principal: unknown) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
      });
    const put = (ResourcePolicy: string) =>
      secrets.putResourcePolicy({ SecretId, ResourcePolicy, BlockPublicPolicy: true });
    await expect(put(policy('*'))).rejects.toMatchObject({ name: 'PublicPolicyException' });
    await expect(put('{')).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    await put(policy({ AWS: '999999999999' }));
    expect((await secrets.getResourcePolicy({ SecretId })).ResourcePolicy).toBe(
      policy({ AWS: '999999999999' }),
    );
    await secrets.deleteResourcePolicy({ SecretId });
    expect((await secrets.getResourcePolicy({ SecretId })).ResourcePolicy).toBeUndefined();
  });

  it('a secret that is being deleted can be looked at and restored, until it is gone', async () => {
    await secrets.deleteSecret({ SecretId, RecoveryWindowInDays: 7 });
    await expect(current()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await secrets.restoreSecret({ SecretId });
    expect(await current()).toBe('first');
    await secrets.deleteSecret({ SecretId, RecoveryWindowInDays: 7 });
    clock.advance(7 * 86_400_000);
    await expect(secrets.restoreSecret({ SecretId })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
