import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import type { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import type { Operation, Service } from '../service.ts';

/** A call as CloudTrail sees it. */
export interface ObservedCall {
  readonly service: Service;
  readonly name: string;
  readonly operation: Operation;
  readonly origin: Origin;
  readonly requestId: string;
  readonly input: unknown;
  readonly outcome: { readonly output: unknown } | { readonly error: AwsError };
}

/** Where a call came from. */
export interface Origin {
  /** Nobody where the credentials were good for nothing. */
  readonly caller: Caller | undefined;
  /** An address, or the name of a service that calls on the caller's behalf. */
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** The service that calls on the caller's behalf. */
  readonly invokedBy?: string;
}

const actingIn = accountState<{ origin: Origin | undefined }>(() => ({ origin: undefined }));

/** Does what a service of AWS does on somebody's behalf: calls that are made meanwhile come from it. */
export function actFor<T>(account: Account, caller: Caller | undefined, service: string, work: () => T): T {
  const acting = actingIn(account);
  const before = acting.origin;
  acting.origin = { caller, sourceIPAddress: service, userAgent: service, invokedBy: service };
  try {
    return work();
  } finally {
    acting.origin = before;
  }
}

/** Where the calls come from that are made from inside of the account. */
export function actingOrigin(account: Account): Origin | undefined {
  return actingIn(account).origin;
}
