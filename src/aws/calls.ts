import { AsyncLocalStorage } from 'node:async_hooks';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ApiCall } from '../model/journal.ts';

const recording = new AsyncLocalStorage<ApiCall[]>();

/** Runs `work` and notes every call to AWS that it makes, each attempt by itself. */
export async function recordCalls<T>(calls: ApiCall[], work: () => Promise<T>): Promise<T> {
  return recording.run(calls, work);
}

type MiddlewareStack = EC2Client['middlewareStack'];

/** Makes a client's calls visible to {@link recordCalls}. */
export function observeCalls(
  client: { middlewareStack: unknown },
  service: string,
  now: () => number = Date.now,
): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next, context) => async (args) => {
      const calls = recording.getStore();
      if (calls === undefined) return next(args);
      const call = {
        at: now(),
        service,
        operation: String(context.commandName).replace(/Command$/, ''),
      };
      try {
        const result = await next(args);
        const { requestId, httpStatusCode } = (result.output as Output).$metadata ?? {};
        calls.push({
          ...call,
          ...(requestId ? { requestId } : {}),
          ...(httpStatusCode ? { status: httpStatusCode } : {}),
        });
        return result;
      } catch (error) {
        calls.push({ ...call, ...failureOf(error) });
        throw error;
      }
    },
    // Innermost, so that every attempt of the SDK's own retries is seen.
    { step: 'deserialize', priority: 'high', name: 'cordonCalls', override: true },
  );
}

/** A call was not made, because a person has said so since the one before; the message says who and why. */
export class CallsHeld extends Error {
  override readonly name = 'CallsHeld';
}

/** Why nothing is to be changed now; asked before every attempt of a call that may change something. */
export type HeldBecause = () => Promise<string | undefined>;

/**
 * Operations that only read, by the words that AWS begins their names with. Whatever else there is may change
 * something. Source: Service Authorization Reference, access levels Read and List.
 */
const READS =
  /^(Describe|Get|List|Head|Lookup|Search|Select|Query|Scan|Check|Validate|Simulate|BatchGet|Filter|Test|Estimate|Verify|Decode|Assume)/;

/** Lets no call of a client that may change something begin while `heldBecause` has a reason. */
export function holdCalls(client: { middlewareStack: unknown }, heldBecause: HeldBecause): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next, context) => async (args) => {
      const reads = READS.test(String(context.commandName));
      const reason = reads ? undefined : await heldBecause();
      if (reason !== undefined) throw new CallsHeld(reason);
      return next(args);
    },
    // Inside the retries, so that also what is tried again is held.
    { step: 'finalizeRequest', priority: 'low', name: 'cordonHold', override: true },
  );
}

interface Output {
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

function failureOf(error: unknown): Pick<ApiCall, 'error' | 'requestId' | 'status'> {
  const { name, $metadata, code } = error as Output & { name?: string; code?: string };
  return {
    error: code ?? name ?? 'Error',
    ...($metadata?.requestId ? { requestId: $metadata.requestId } : {}),
    ...($metadata?.httpStatusCode ? { status: $metadata.httpStatusCode } : {}),
  };
}
