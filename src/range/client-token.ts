import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';

/** Idempotency by client token. Source: Amazon EC2 API Reference, "Ensuring idempotency". */
export function runOnce<Input extends { ClientToken?: string | undefined }, Output>(
  operationName: string,
  run: (account: Account, input: Input) => Output,
): (account: Account, input: Input) => Output {
  return (account, input) => {
    const { ClientToken, ...rest } = input;
    if (ClientToken === undefined) return run(account, input);
    const token = `${operationName}/${ClientToken}`;
    const parameters = JSON.stringify(rest);
    const earlier = account.clientTokens.get(token);
    if (earlier === undefined) {
      const output = run(account, input);
      account.clientTokens.set(token, { parameters, output });
      return output;
    }
    if (earlier.parameters !== parameters) {
      throw new AwsError(
        'IdempotentParameterMismatch',
        'The client token was used for an earlier request with other parameters.',
      );
    }
    return earlier.output as Output;
  };
}
