import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Acting, acting, subjectOf } from '../../../test/acting.ts';
import { failingRotations } from '../../range/secretsmanager/secret.ts';
import { rotateSecret, SECRET } from './rotate-secret.ts';

const NAME = 'prod/database';
const subject = subjectOf(SECRET, NAME);
let stage: Acting;

beforeEach(async () => {
  stage = await acting({ stateChangeDuration: 40_000 });
  const secrets = await stage.aws.use('secretsmanager');
  await secrets.createSecret({ Name: NAME, SecretString: 'leaked' });
});
afterEach(() => stage[Symbol.asyncDispose]());

const secrets = () => stage.aws.use('secretsmanager');
const configure = async () =>
  (await secrets()).rotateSecret({
    SecretId: NAME,
    RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate',
    RotateImmediately: false,
  });
const value = async () => (await (await secrets()).getSecretValue({ SecretId: NAME })).SecretString;

describe('rotate-secret', () => {
  it('rotates, waits until the new version is the current one, and says where to read it', async () => {
    await configure();
    const output = await stage.done(rotateSecret, { subject });
    expect(await value()).toBe(`rotated-${(output as { versionId: string }).versionId}`);
    expect(stage.restore(rotateSecret)).toEqual([
      expect.stringMatching(
        /^aws secretsmanager get-secret-value .* --secret-id 'arn:aws:secretsmanager:[^']+'/,
      ),
    ]);
  });

  it('is one rotation for a case, whatever happens', async () => {
    await configure();
    stage.range.faults.add({ operation: 'RotateSecret', fault: { kind: 'drop-after' } });
    await stage.done(rotateSecret, { subject });
    const first = await value();
    await stage.done(rotateSecret, { subject, earlierTry: 'unknown' });
    expect(await value()).toBe(first);
  });

  it('has a person change a secret without a rotation function', async () => {
    expect(await stage.act(rotateSecret, { subject })).toMatchObject({
      status: 'ask',
      reason: 'prod/database has no rotation function: a person must change it',
    });
    expect(stage.made('RotateSecret')).toBe(0);
  });

  it('waits for a function that fails, and fails with what AWS says when another rotation is stuck', async () => {
    await configure();
    failingRotations(stage.range.account).add(NAME);
    expect(await stage.act(rotateSecret, { subject })).toMatchObject({ status: 'waiting' });
    await (await secrets()).createSecret({ Name: 'other', SecretString: 'x' });
    failingRotations(stage.range.account).add('other');
    await (await secrets()).rotateSecret({
      SecretId: 'other',
      RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate',
    });
    await expect(stage.act(rotateSecret, { subject: subjectOf(SECRET, 'other') })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});
