import { randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import { authorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { ownerOf } from './caller.ts';
import { actingOrigin } from './cloudtrail/call.ts';
import { observe } from './cloudtrail/delivery.ts';
import type { Service } from './service.ts';

/**
 * Calls an operation from inside of the account, as a service of AWS does on somebody's behalf: it has
 * the effect, the errors and the record of a call that came over HTTP.
 */
export function perform<Output = unknown>(
  account: Account,
  service: Service,
  name: string,
  input: object,
): Output {
  const operation = service.operations[name];
  if (operation === undefined) throw new Error(`the range has no operation ${name}`);
  const origin = actingOrigin(account);
  const see = observe(account);
  const call = { service, name, operation, requestId: randomUUID(), input };
  const caller = origin?.caller ?? ownerOf(account);
  try {
    authorize(account, caller, service, name, input);
    const output = operation.run(account, input, new AbortController().signal, caller);
    if (origin !== undefined) see({ ...call, origin, outcome: { output } });
    return output as Output;
  } catch (error) {
    if (error instanceof AwsError && origin !== undefined) see({ ...call, origin, outcome: { error } });
    throw error;
  }
}
