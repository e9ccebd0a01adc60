import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { LAMBDA_FUNCTION } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';

/** What the other actions need to know of the function as it was found. */
export interface RecordedLambda {
  readonly arn: string;
  /** Nothing is reserved for the function: it takes what is free in the account. */
  readonly reservedConcurrency: number | null;
  readonly codeSha256: string;
}

export const recordLambda = defineAction({
  name: 'record-lambda',
  title: 'Record the function',
  group: 'workload',
  subjects: [LAMBDA_FUNCTION],
  effect: 'read',
  needs: [],
  permissions: ['lambda:GetFunction', 'lambda:GetPolicy', 'lambda:GetFunctionUrlConfig'],
  about: {
    precondition: 'Lambda still knows the function; one that is gone stops the playbook',
    effect:
      'writes its configuration with environment and layers, its resource policy and its URL into the case; not its code, of which the hash is kept',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id}: configuration, environment, layers, resource policy, URL`,
  async run({ aws, subject, caseFile }) {
    const lambda = await aws.use('lambda');
    const FunctionName = subject.id;
    const found = await orNothing(lambda.getFunction({ FunctionName }));
    if (found === undefined)
      return { status: 'ask', reason: `${subject.id} is gone already; there is nothing left to record` };
    const { Configuration, Concurrency, Tags } = found;
    const policy = await orNothing(lambda.getPolicy({ FunctionName }));
    const url = await orNothing(lambda.getFunctionUrlConfig({ FunctionName }));
    // Where the code can be fetched from is left out: the address lets anybody in for some minutes.
    caseFile.writeJson('function.json', toJson({ Configuration, Concurrency, Tags }));
    caseFile.writeJson('function-policy.json', toJson(policy === undefined ? null : policy.Policy));
    caseFile.writeJson(
      'function-url.json',
      toJson(url === undefined ? null : { ...url, $metadata: undefined }),
    );
    const recorded: RecordedLambda = {
      arn: Configuration?.FunctionArn ?? subject.id,
      reservedConcurrency: Concurrency?.ReservedConcurrentExecutions ?? null,
      codeSha256: Configuration?.CodeSha256 ?? '',
    };
    return done(toJson(recorded), `${recorded.arn}, code SHA-256 ${recorded.codeSha256}`);
  },
});

async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (awsErrorCode(error) !== 'ResourceNotFoundException') throw error;
    return undefined;
  });
}

/** The function as {@link recordLambda} found it. */
export function recordedLambda(output: unknown): RecordedLambda {
  if (output === undefined) throw new Error('record-lambda must come first in the playbook');
  return output as RecordedLambda;
}
