import type { AwsClients } from '../../aws/clients.ts';
import { LAMBDA_FUNCTION } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { recordedLambda } from './record-lambda.ts';

export const stopLambda = defineAction({
  name: 'stop-lambda',
  title: 'Stop the function',
  group: 'workload',
  subjects: [LAMBDA_FUNCTION],
  effect: 'reversible',
  needs: ['record-lambda'],
  permissions: ['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
  about: {
    precondition: 'none',
    effect:
      'reserves a concurrency of 0: every new invocation is throttled; those that run go on until they end or time out',
    proof: 'Lambda shows a reserved concurrency of 0',
    idempotency: 'a function that has 0 is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'reserve what was reserved before, or nothing, if 0 still is reserved',
    permissions: [
      'lambda:GetFunctionConcurrency',
      'lambda:PutFunctionConcurrency',
      'lambda:DeleteFunctionConcurrency',
    ],
    run: letRun,
  },
  plan: ({ id }) => `let ${id} not be invoked any more (reserved concurrency 0)`,
  async run({ aws, subject, output }) {
    const { reservedConcurrency } = recordedLambda(output('record-lambda'));
    const lambda = await aws.use('lambda');
    if ((await reserved(aws, subject.id)) !== 0)
      await lambda.putFunctionConcurrency({ FunctionName: subject.id, ReservedConcurrentExecutions: 0 });
    const after = await reserved(aws, subject.id);
    if (after !== 0)
      return { status: 'waiting', progress: `${subject.id} may still run ${after ?? 'freely'}` };
    return done({ reservedBefore: reservedConcurrency }, `the reserved concurrency of ${subject.id} is 0`);
  },
});

/** What is reserved for the function; nothing when it has no reservation. */
async function reserved(aws: AwsClients, FunctionName: string): Promise<number | undefined> {
  const lambda = await aws.use('lambda');
  return (await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions;
}

async function letRun({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const { reservedBefore } = undone as { readonly reservedBefore: number | null };
  const lambda = await aws.use('lambda');
  const now = await reserved(aws, subject.id);
  if (now !== 0 || reservedBefore === 0)
    return done(
      { reserved: now ?? null },
      `the reserved concurrency of ${subject.id} is ${now ?? 'none'}, and was left so`,
    );
  const FunctionName = subject.id;
  if (reservedBefore === null) await lambda.deleteFunctionConcurrency({ FunctionName });
  else {
    await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reservedBefore });
  }
  return done(
    { reserved: reservedBefore },
    `the reserved concurrency of ${subject.id} is ${reservedBefore ?? 'none'} again`,
  );
}
