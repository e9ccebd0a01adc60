import type { PutFunctionConcurrencyRequest } from '@aws-sdk/client-lambda';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { functionOf, functionsOf } from './function.ts';

interface Named {
  readonly FunctionName?: string | undefined;
}

/** What an account may run at once, and what must be left for functions without a reservation. */
const ACCOUNT_LIMIT = 1_000;
const UNRESERVED_MINIMUM = 100;

/** Source: AWS Lambda Developer Guide, "Configuring reserved concurrency for a function". */
export function putFunctionConcurrency(
  account: Account,
  { FunctionName, ReservedConcurrentExecutions = 0 }: PutFunctionConcurrencyRequest,
): object {
  const one = functionOf(account, FunctionName);
  const others = [...functionsOf(account).values()].filter((other) => other !== one);
  const reserved = others.reduce((sum, other) => sum + (other.reserved ?? 0), ReservedConcurrentExecutions);
  if (ReservedConcurrentExecutions > 0 && ACCOUNT_LIMIT - reserved < UNRESERVED_MINIMUM)
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_MINIMUM}].`,
    );
  one.reserved = ReservedConcurrentExecutions;
  return { ReservedConcurrentExecutions };
}

export function getFunctionConcurrency(account: Account, { FunctionName }: Named): object {
  const { reserved } = functionOf(account, FunctionName);
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
}

export function deleteFunctionConcurrency(account: Account, { FunctionName }: Named): object {
  delete functionOf(account, FunctionName).reserved;
  return {};
}
