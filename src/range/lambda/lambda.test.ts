import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';

async function scene() {
  const world = await acting();
  const lambda = await world.aws.once('lambda');
  const create = () =>
    lambda.createFunction({
      FunctionName: 'resize',
      Runtime: 'nodejs22.x',
      Role: 'arn:aws:iam::123456789012:role/resize',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('PK') },
      Environment: { Variables: { BUCKET: 'pictures' } },
    });
  await create();
  return { ...world, lambda, create, FunctionName: 'resize' };
}

describe('a function', () => {
  it('is made once, is found by name and ARN, and is updated once at a time', async () => {
    await using world = await scene();
    const { lambda, FunctionName } = world;
    await expect(world.create()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: resize',
      $metadata: { httpStatusCode: 409 },
    });
    const { FunctionArn, RevisionId } = await lambda.getFunctionConfiguration({ FunctionName });
    const update = () =>
      lambda.updateFunctionConfiguration({
        FunctionName: FunctionArn,
        Layers: [],
        Environment: { Variables: {} },
        RevisionId,
      });
    await expect(update()).rejects.toMatchObject({
      message: expect.stringContaining('An update is in progress'),
    });
    world.clock.advance(30_000);
    await update();
    world.clock.advance(30_000);
    await expect(update()).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    const { Configuration } = await lambda.getFunction({ FunctionName });
    expect(Configuration).toMatchObject({ Environment: { Variables: {} }, LastUpdateStatus: 'Successful' });
  });

  it('has a reservation of concurrency, within what the account has', async () => {
    await using world = await scene();
    const { lambda, FunctionName } = world;
    expect(
      (await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions,
    ).toBeUndefined();
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
    expect((await lambda.getFunction({ FunctionName })).Concurrency).toEqual({
      ReservedConcurrentExecutions: 0,
    });
    await expect(
      lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 901 }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await lambda.deleteFunctionConcurrency({ FunctionName });
    expect((await lambda.getFunction({ FunctionName })).Concurrency).toBeUndefined();
  });

  it('has a policy, statement by statement', async () => {
    await using world = await scene();
    const { lambda, FunctionName } = world;
    await expect(lambda.getPolicy({ FunctionName })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const add = () =>
      lambda.addPermission({
        FunctionName,
        StatementId: 'open',
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        FunctionUrlAuthType: 'NONE',
      });
    await add();
    await expect(add()).rejects.toMatchObject({ name: 'ResourceConflictException' });
    const { Policy = '' } = await lambda.getPolicy({ FunctionName });
    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [
        {
          Sid: 'open',
          Principal: '*',
          Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
        },
      ],
    });
    await lambda.removePermission({ FunctionName, StatementId: 'open' });
    await expect(lambda.removePermission({ FunctionName, StatementId: 'open' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('has one URL', async () => {
    await using world = await scene();
    const { lambda, FunctionName } = world;
    const create = () => lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' });
    const { FunctionUrl } = await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceConflictException' });
    expect(await lambda.getFunctionUrlConfig({ FunctionName })).toMatchObject({
      FunctionUrl,
      AuthType: 'NONE',
    });
    await lambda.deleteFunctionUrlConfig({ FunctionName });
    await expect(lambda.getFunctionUrlConfig({ FunctionName })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('that is not there is said so', async () => {
    await using world = await scene();
    await expect(world.lambda.getFunction({ FunctionName: 'none' })).rejects.toMatchObject({
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:none',
    });
  });
});
