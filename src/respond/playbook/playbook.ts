import type { Action } from '../../actions/action.ts';
import type { Json } from '../../model/json.ts';
import type { SourceText } from '../../model/problem.ts';
import type { Subject } from '../../model/subject.ts';
import type { Condition } from './condition.ts';
import type { Inputs } from './inputs.ts';

/** What is done to a subject, step by step. */
export interface Playbook {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** CloudFormation types of the subjects that it can be run on; empty when it is the same for all. */
  readonly subjects: readonly string[];
  readonly inputs: Inputs;
  readonly steps: readonly Step[];
  readonly source: SourceText;
  /** SHA-256 of its text, in hexadecimal. */
  readonly version: string;
}

export type Step = ActionStep | WaitStep | ApproveStep | ParallelStep;

interface AnyStep {
  /** Unique in the playbook. */
  readonly id: string;
  /** The id behind the names of the branches that it is in: what the journal and the ledger call it. */
  readonly path: string;
  /** Without one it is done in any case. */
  readonly condition?: Condition;
}

export interface ActionStep extends AnyStep {
  readonly kind: 'action';
  readonly action: Action;
  /** What the playbook says under `with`; texts in it may hold references. */
  readonly input: Json;
  /** Milliseconds until a step that waits stops and asks. */
  readonly timeout: number;
  /** Absent: as the configuration says. */
  readonly retry?: Retry;
  readonly onFailure: OnFailure;
}

export interface Retry {
  /** With the first one. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly after: number;
}

/** What is done when a step cannot be done: other steps, and then a person is asked, or it goes on. */
export interface OnFailure {
  readonly steps: readonly Step[];
  readonly afterwards: 'ask' | 'continue';
}

export interface WaitStep extends AnyStep {
  readonly kind: 'wait';
  /** Milliseconds. */
  readonly for?: number;
  /** ISO 8601, or milliseconds since the epoch, or a reference to one of them. */
  readonly until?: Json;
}

export interface ApproveStep extends AnyStep {
  readonly kind: 'approve';
  /** May hold references. */
  readonly message: string;
  /** Milliseconds. */
  readonly expires: number;
  readonly approvers: number;
}

export interface ParallelStep extends AnyStep {
  readonly kind: 'parallel';
  readonly branches: readonly Branch[];
}

export interface Branch {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Whether a playbook can be run on a type of subjects. */
export function fits({ subjects }: Pick<Playbook, 'subjects'>, { type }: Pick<Subject, 'type'>): boolean {
  return subjects.length === 0 || subjects.includes(type);
}

/** Every step, those inside of others behind them. */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind === 'parallel') for (const branch of step.branches) yield* allSteps(branch.steps);
    if (step.kind === 'action') yield* allSteps(step.onFailure.steps);
  }
}
