import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest, RetryStrategyV2, StandardRetryToken } from '@smithy/types';
import type { SimulatedWire } from '../src/aws/clients.ts';
import type { Fault } from '../src/range/faults.ts';
import type { Range, RecordedCall } from '../src/range/range.ts';
import type { Life, Scheduler, TurnEnd } from './scheduler.ts';

/** A call to AWS as the simulation knows it: also who made it, and when it went out. */
export interface SimulatedCall {
  readonly life: Life;
  readonly operation: string;
  /** The number of the turn at which its process sent it; from there on nobody can call it back. */
  readonly sentAt: number;
  /** As it arrived; nothing before that. */
  readonly record?: RecordedCall | undefined;
  /** What a check found out when it was sent. */
  readonly about: unknown;
}

/** What a world does with the calls of its processes. */
export interface WireWorld {
  readonly range: Range;
  readonly scheduler: Scheduler;
  readonly http: NodeHttpHandler;
  /** The time that the processes see. */
  now(): number;
  /** What goes wrong with the next call of an operation. */
  faultOf(operation: string): Fault | undefined;
  /** How long it takes, milliseconds. */
  latency(): number;
  /** Hears of a call when it is sent; what it answers is kept with the call. */
  sent(life: Life, operation: string, body: URLSearchParams): Promise<unknown>;
  /** Hears of it just before it has its effect, and after. */
  arriving(call: SimulatedCall, body: URLSearchParams): Promise<void>;
  arrived(call: SimulatedCall): Promise<void>;
}

export function newHttp(): NodeHttpHandler {
  return new NodeHttpHandler({ connectionTimeout: 0, requestTimeout: 0 });
}

/** How a process reaches the account: over real HTTP, one call at a time and each at its turn. */
export function wireOf(life: Life, world: WireWorld): SimulatedWire {
  const { scheduler, http, range } = world;
  return {
    now: world.now,
    requestHandler: {
      async handle(request: HttpRequest) {
        const body = new URLSearchParams(String(request.body ?? ''));
        const operation = body.get('Action') ?? '';
        const sentAt = scheduler.turns();
        const about = await world.sent(life, operation, body);
        const work = async (): Promise<TurnEnd<{ response: HttpResponse }>> => {
          const fault = world.faultOf(operation);
          range.faults.clear();
          if (fault !== undefined) range.faults.add({ operation: '*', fault });
          range.account.clock.advance(world.latency());
          const call = { life, operation, sentAt, about };
          await world.arriving(call, body);
          const end = await answered(http, request);
          const record = range.calls.at(-1);
          await world.arrived({ ...call, record });
          return { ...end, said: `${end.said}${fault === undefined ? '' : ` (${fault.kind})`}` };
        };
        return scheduler.turn(life, 'call', labelOf(operation, body), work);
      },
      destroy() {},
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
    retryStrategy: (maxAttempts) => patientStrategy(maxAttempts, life, scheduler),
  };
}

/** The answer with all of its body, so that nothing of it comes later; or how the connection broke. */
async function answered(
  http: NodeHttpHandler,
  request: HttpRequest,
): Promise<TurnEnd<{ response: HttpResponse }>> {
  try {
    const { response } = await http.handle(request as Parameters<NodeHttpHandler['handle']>[0]);
    const chunks: Buffer[] = [];
    for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
    const { statusCode, reason, headers } = response;
    const whole = new HttpResponse({
      statusCode,
      headers,
      body: new Uint8Array(Buffer.concat(chunks)),
      ...(reason === undefined ? {} : { reason }),
    });
    return { value: { response: whole }, said: String(statusCode) };
  } catch (error) {
    return { error, said: (error as { code?: string }).code ?? String(error) };
  }
}

function labelOf(operation: string, body: URLSearchParams): string {
  const named = [...body].filter(
    ([key]) => /Id(\.\d+)?$|^SecurityGroupId\.|Value/.test(key) && key !== 'ClientToken',
  );
  return `${operation} ${named.map(([, value]) => value).join(' ')}`.trim();
}

/** Tries again what the SDK's own strategy tries again, and waits for it in the time of the world. */
function patientStrategy(maxAttempts: number, life: Life, scheduler: Scheduler): RetryStrategyV2 {
  const token = (count: number): StandardRetryToken => ({
    getRetryCount: () => count,
    getRetryDelay: () => 0,
    getRetryCost: () => undefined,
  });
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(before, { errorType }) {
      const count = before.getRetryCount() + 1;
      const mayHelp = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      if (!mayHelp || count >= maxAttempts) throw new Error('No retry token available');
      await scheduler.sleep(life, 100 * 2 ** count, false);
      return token(count);
    },
    recordSuccess() {},
  };
}
