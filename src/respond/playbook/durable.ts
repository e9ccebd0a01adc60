import type { ApprovalRequest } from '../../model/incident.ts';
import type { LedgerKind } from '../../model/journal.ts';
import type { Json } from '../../model/json.ts';
import type { Change } from '../../store/store.ts';

/**
 * What a playbook is run with, so that the process may end at any instant and another goes on where it
 * was. Everything a playbook does goes through it; what was done once is remembered by its name and not
 * done again. There are two: a journal in the store ({@link journaled}), and the durable functions of AWS
 * Lambda, whose `DurableContext` it maps to one to one:
 *
 * | here       | `@aws/durable-execution-sdk-js` |
 * | ---------- | ------------------------------- |
 * | `step`     | `step`                          |
 * | `wait`     | `wait`                          |
 * | `waitFor`  | `step` to begin, then `waitForCondition` |
 * | `approve`, `ask` | `waitForCallback`         |
 * | `parallel` | `parallel`                      |
 * | `forget`   | nothing: a new round is a new operation |
 */
export interface Durable {
  /** Works something out, once. */
  step<T extends Json>(name: string, work: () => Promise<Told<T>>): Promise<T>;
  /**
   * Sleeps until a time, milliseconds since the epoch; or until `longest` milliseconds have gone by, where a
   * clock that was set back would make it longer.
   */
  wait(name: string, until: number, longest?: number): Promise<void>;
  /** Looks at a task until it is done or stopped. A task that is done is not begun again. */
  waitFor(name: string, task: Task): Promise<TaskEnd>;
  /** Waits until people have said yes, no, or nothing for too long. */
  approve(name: string, request: ApprovalRequest): Promise<Answer>;
  /** Waits until a person has said that it may go on: something was stopped. */
  ask(name: string, stopped: Stopped): Promise<Answer>;
  /** Runs branches at the same time; what they answer, in their order. */
  parallel<T extends Json>(name: string, branches: readonly Branch<T>[]): Promise<T[]>;
  /** Has what is done or failed begun again the next time. */
  forget(name: string): Promise<void>;
}

/** A value, and what of it goes into the ledger together with it. */
export interface Told<T> {
  readonly value: T;
  readonly notes: readonly Note[];
}

export interface Note {
  readonly kind: LedgerKind;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Branch<T> {
  readonly name: string;
  run(durable: Durable): Promise<T>;
}

/** Something that takes more than one look: the tries of an action until AWS is where it should be. */
export interface Task {
  /** Asked before each further look; a text is a reason not to go on. */
  objection(): Promise<string | undefined>;
  /** What it begins with, which is remembered; `attempt` counts from 1. Or a reason not to begin. */
  begin(attempt: number): Promise<Told<Begun> | { readonly objection: string }>;
  look(begun: Begun, seen: Seen): Promise<Turn>;
  /** Whether the playbook goes on when it is stopped: then that is remembered, too. */
  readonly mayFail: boolean;
}

export interface Begun {
  readonly action: string;
  /** Absent when it could not be worked out. */
  readonly input?: Json;
  readonly fault?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What is known of the looks before. */
export interface Seen {
  /** What the last look said; nothing at the first one. */
  readonly memo?: Json;
  /** Whether a process may have died while it looked, or this is a new beginning. */
  readonly interrupted: boolean;
}

export type Turn =
  | {
      readonly kind: 'done';
      readonly output: Json;
      readonly notes: readonly Note[];
      /** What is stored together with it. */
      readonly changes?: readonly Change[];
    }
  /** It is looked at again, `after` milliseconds; without notes there is nothing in the memo worth storing. */
  | {
      readonly kind: 'again';
      readonly after: number;
      readonly memo: Json;
      readonly notes: readonly Note[];
    }
  | { readonly kind: 'stopped'; readonly stopped: Stopped; readonly notes: readonly Note[] };

export interface Stopped {
  readonly step: string;
  readonly reason: string;
  /** The earlier action that is to be done again once a person says yes. */
  readonly redo?: string;
  /** A person must be asked whatever the playbook says of failures. */
  readonly firm?: true;
}

export type TaskEnd =
  | { readonly status: 'done'; readonly output: Json }
  | { readonly status: 'stopped'; readonly stopped: Stopped };

export type Answer =
  | { readonly status: 'approved'; readonly by: readonly string[] }
  | { readonly status: 'denied'; readonly reason: string }
  /** `heard`: people know of it, and one of them has said that it may go on. */
  | { readonly status: 'expired'; readonly heard: boolean };

/**
 * Ends the run here: it waits for people, and whoever hears their answer runs the playbook again. Only
 * thrown by a {@link Durable} that cannot sleep so long.
 */
export class Suspension extends Error {
  override readonly name = 'Suspension';
  readonly waitsFor: Stopped | ApprovalRequest;

  constructor(waitsFor: Stopped | ApprovalRequest) {
    super(`the playbook waits for people at ${waitsFor.step}`);
    this.waitsFor = waitsFor;
  }
}

/** The process is told to stop while it waits: the journal says where to go on. */
export function isStop(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
