import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { LAMBDA_FUNCTION } from '../../model/subject.ts';
import { functionsOf } from '../../range/lambda/function.ts';
import { recordLambda } from './record-lambda.ts';
import { stopLambda } from './stop-lambda.ts';

const FunctionName = 'resize';

async function withFunction(
  reserved?: number,
): Promise<Acting & { readonly given: { subject: Acting['subject'] } }> {
  const world = await acting();
  const lambda = await world.aws.use('lambda');
  await lambda.createFunction({
    FunctionName,
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::123456789012:role/resize',
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from('PK') },
    Environment: { Variables: { NODE_OPTIONS: '--require /tmp/x.js' } },
  });
  await lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' });
  if (reserved !== undefined)
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved });
  const given = { subject: { ...world.subject, type: LAMBDA_FUNCTION, id: FunctionName } };
  await world.act(recordLambda, given);
  return { ...world, given };
}

const reservedOf = ({ account }: Acting) => functionsOf(account).get(FunctionName)?.reserved;

describe('record-lambda', () => {
  it('keeps configuration, policy and URL, and no address that lets anybody fetch the code', async () => {
    await using world = await withFunction(7);
    expect(world.output('record-lambda')).toMatchObject({
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:resize',
      reservedConcurrency: 7,
    });
    const kept = world.piece('function.json').toString();
    expect(kept).toContain('--require /tmp/x.js');
    expect(kept).not.toContain('Location');
    expect(JSON.parse(world.piece('function-url.json').toString())).toMatchObject({ AuthType: 'NONE' });
    expect(JSON.parse(world.piece('function-policy.json').toString())).toBeNull();
  });

  it('asks when the function is gone', async () => {
    await using world = await acting();
    const subject = { ...world.subject, type: LAMBDA_FUNCTION, id: 'none' };
    expect(await world.act(recordLambda, { subject })).toMatchObject({ status: 'ask' });
  });
});

describe('stop-lambda', () => {
  it.each([undefined, 7, 0])('lets nothing run, and gives back the reservation of %s', async (before) => {
    await using world = await withFunction(before);
    expect(await world.act(stopLambda, world.given)).toMatchObject({ status: 'done' });
    expect(reservedOf(world)).toBe(0);
    await world.undo(stopLambda, world.given);
    expect(reservedOf(world)).toBe(before);
  });

  it('is done once, and is taken back, when the answer was lost', async () => {
    await using world = await withFunction(7);
    world.range.faults.add({ operation: 'PutFunctionConcurrency', fault: { kind: 'drop-after' } });
    await world.act(stopLambda, world.given);
    await world.act(stopLambda, { ...world.given, earlierTry: 'unknown' });
    await world.undo(stopLambda, world.given);
    expect(reservedOf(world)).toBe(7);
  });

  it('leaves a reservation that a person has made since', async () => {
    await using world = await withFunction();
    await world.act(stopLambda, world.given);
    const lambda = await world.aws.use('lambda');
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 3 });
    expect(await world.undo(stopLambda, world.given)).toMatchObject({
      proof: expect.stringContaining('is 3, and was left so'),
    });
    expect(reservedOf(world)).toBe(3);
  });

  it('stops at what AWS refuses', async () => {
    await using world = await withFunction();
    world.range.faults.add({ operation: 'PutFunctionConcurrency', fault: { kind: 'unauthorized' } });
    await expect(world.act(stopLambda, world.given)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
