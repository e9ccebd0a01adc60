import type { Account } from './account.ts';
import type { Service } from './service.ts';

/**
 * Calls an operation from inside of the account, as a service of AWS does on somebody's behalf: it has
 * the effect, and the errors, of a call that came over HTTP.
 */
export function perform<Output = unknown>(
  account: Account,
  { operations }: Service,
  name: string,
  input: object,
): Output {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`the range has no operation ${name}`);
  return operation.run(account, input, new AbortController().signal) as Output;
}
