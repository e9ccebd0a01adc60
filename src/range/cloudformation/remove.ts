import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { inOrder } from './order.ts';
import { note, type SimulatedStack, type StackResource, setStatus, timeIn } from './stack.ts';
import { typeOf } from './types.ts';

/** Deletes a stack, the last resources first. */
export function* destroy(
  account: Account,
  stack: SimulatedStack,
  token: string | undefined,
): Generator<number, void> {
  const duration = account.settings.stackStepDuration;
  setStatus(account, stack, 'DELETE_IN_PROGRESS', { reason: 'User Initiated', token });
  const order = stack.deployment === undefined ? [] : inOrder(stack.deployment.template);
  const rank = ({ logicalId }: StackResource): number => order.indexOf(logicalId);
  const failed: string[] = [];
  for (const one of [...stack.resources.values()].sort((a, b) => rank(b) - rank(a))) {
    const done = yield* remove(account, stack, one, { token, duration, policy: one.deletionPolicy });
    if (!done) failed.push(one.logicalId);
  }
  if (failed.length > 0) {
    const reason = `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
    setStatus(account, stack, 'DELETE_FAILED', { reason, token });
    return;
  }
  stack.deletedAt = timeIn(account, stack);
  setStatus(account, stack, 'DELETE_COMPLETE', { token });
}

/** Answers whether it is gone, or left alone as its policy says. */
export function* remove(
  account: Account,
  stack: SimulatedStack,
  resource: StackResource,
  options: {
    readonly token: string | undefined;
    readonly duration: number;
    readonly policy?: string;
    /** Another resource has its place in the stack. */
    readonly keepEntry?: boolean;
  },
): Generator<number, boolean> {
  const { logicalId, physicalId, type } = resource;
  const tell = (status: ResourceStatus, reason?: string): void =>
    note(account, stack, { logicalId, physicalId, type, status, reason, token: options.token });
  const forget = (): void => {
    if (!options.keepEntry) stack.resources.delete(logicalId);
  };
  if (options.policy === 'Retain' || options.policy === 'RetainExceptOnCreate') {
    tell('DELETE_SKIPPED');
    forget();
    return true;
  }
  tell('DELETE_IN_PROGRESS');
  yield options.duration;
  try {
    typeOf(type)?.delete(account, physicalId);
  } catch (error) {
    tell('DELETE_FAILED', failureOf(error));
    return false;
  }
  tell('DELETE_COMPLETE');
  forget();
  return true;
}

/** What CloudFormation says of a resource that could not be made, changed or deleted. */
export function failureOf(error: unknown): string {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'ValidationError') return error.message;
  const code = error.code === 'AlreadyExists' ? 'AlreadyExists' : 'InvalidRequest';
  return `Resource handler returned message: "${error.message}" (HandlerErrorCode: ${code})`;
}
