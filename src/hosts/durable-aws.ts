import { randomUUID } from 'node:crypto';
import {
  type BatchResult,
  CallbackExternalError,
  CallbackTimeoutError,
  type DurableContext,
  type Duration,
} from '@aws/durable-execution-sdk-js';
import type { ApprovalRequest } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type {
  Answer,
  Begun,
  Branch,
  Durable,
  Note,
  Stopped,
  Task,
  TaskEnd,
  Told,
  Turn,
} from '../respond/playbook/durable.ts';
import type { Change } from '../store/store.ts';

/** What a durable function has around it. */
export interface DurableHost {
  /** Writes into the ledger, and into the store what belongs to it; may be called again with the same after a crash. */
  tell(notes: readonly Note[], changes?: readonly Change[]): Promise<void>;
  /**
   * Has people asked. Whoever hears the answer sends it to the callback: success with a JSON list of their
   * names once enough have said yes, failure with the reason when one says no.
   */
  ask(waitsFor: ApprovalRequest | Stopped, callbackId: string): Promise<void>;
  readonly now: () => number;
}

/**
 * Runs on a durable function of AWS Lambda: the service keeps the journal, and between two looks the
 * function does not run. Sources: AWS Lambda Developer Guide, "Lambda durable functions"; the reference of
 * `@aws/durable-execution-sdk-js`, `DurableContext`.
 */
export function durableOnAws(context: DurableContext, host: DurableHost): Durable {
  return durableIn(context, host, randomUUID());
}

/** What a task knows of itself from one look to the next. */
interface Looked {
  /** Tells whether another invocation has looked since: then this one may have died in between. */
  readonly invocation: string;
  readonly looks: number;
  readonly turn: Turn | null;
}

type Start = (Begun & { readonly invocation: string }) | { readonly objection: string };

function durableIn(context: DurableContext, host: DurableHost, invocation: string): Durable {
  const rounds = new Map<string, number>();

  const told = async <T>({ value, notes }: Told<T>): Promise<T> => {
    await host.tell(notes);
    return value;
  };

  const runTask = async (name: string, task: Task): Promise<TaskEnd> => {
    const round = (rounds.get(name) ?? 0) + 1;
    rounds.set(name, round);
    const begun = await context.step<Start>(`${name}/begin`, async () => {
      const first = await task.begin(round);
      return 'objection' in first ? first : { ...(await told(first)), invocation };
    });
    if ('objection' in begun) return refused(name, begun.objection);
    const look = async (state: Looked): Promise<Looked> => {
      const objection = state.looks === 0 ? undefined : await task.objection();
      if (objection !== undefined) {
        const stopped: Stopped = { step: name, reason: objection, firm: true };
        return { ...state, turn: { kind: 'stopped', stopped, notes: [] } };
      }
      const interrupted = state.invocation !== invocation || (state.looks === 0 && round > 1);
      const memo = state.turn?.kind === 'again' ? { memo: state.turn.memo } : {};
      const turn = await task.look(begun, { interrupted, ...memo });
      await host.tell(turn.notes, turn.kind === 'done' ? turn.changes : undefined);
      return { invocation, looks: state.looks + 1, turn };
    };
    const { turn } = await context.waitForCondition<Looked>(name, look, {
      initialState: { invocation: begun.invocation, looks: 0, turn: null },
      waitStrategy: ({ turn: last }) =>
        last?.kind === 'again'
          ? { shouldContinue: true, delay: seconds(last.after) }
          : { shouldContinue: false },
    });
    if (turn?.kind === 'done') return { status: 'done', output: turn.output };
    if (turn?.kind === 'stopped') return { status: 'stopped', stopped: turn.stopped };
    throw new Error(`${name} ended while it waited`);
  };

  const people = async (
    name: string,
    waitsFor: ApprovalRequest | Stopped,
    timeout?: Duration,
  ): Promise<Answer> => {
    try {
      const answer = await context.waitForCallback(
        name,
        (callbackId) => host.ask(waitsFor, callbackId),
        timeout === undefined ? {} : { timeout },
      );
      return { status: 'approved', by: namesIn(answer) };
    } catch (error) {
      if (error instanceof CallbackTimeoutError) return { status: 'expired', heard: false };
      if (error instanceof CallbackExternalError) return { status: 'denied', reason: error.message };
      throw error;
    }
  };

  return {
    step: (name, work) => context.step(name, async () => told(await work())),
    // How long is asked only when it begins: a replay has the end that the service keeps.
    wait: async (name, until, longest = Number.POSITIVE_INFINITY) => {
      await context.wait(name, seconds(Math.min(until - host.now(), longest)));
    },
    waitFor: runTask,
    approve: (name, request) => people(name, request, seconds(request.expiresAt - host.now())),
    ask: (name, stopped) => people(name, stopped),
    async parallel<T extends Json>(name: string, branches: readonly Branch<T>[]): Promise<T[]> {
      const functions = branches.map((branch) => ({
        name: branch.name,
        func: (inner: DurableContext): Promise<T> => branch.run(durableIn(inner, host, invocation)),
      }));
      const batch: BatchResult<T> = await context.parallel(name, functions);
      batch.throwIfError();
      return batch.getResults();
    },
    // What is begun again is an operation of its own here.
    forget: async () => {},
  };
}

function refused(step: string, reason: string): TaskEnd {
  return { status: 'stopped', stopped: { step, reason, firm: true } };
}

/** Durable functions wait whole seconds, one at least. */
function seconds(milliseconds: number): Duration {
  return { seconds: Math.max(1, Math.ceil(milliseconds / 1_000)) };
}

/** The names that came with a yes; whatever else came is no name. */
function namesIn(answer: string | undefined): string[] {
  try {
    const names = JSON.parse(answer ?? '') as unknown;
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
