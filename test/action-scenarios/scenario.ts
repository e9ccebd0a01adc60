import type { Subject } from '../../src/model/subject.ts';
import type { Acting } from '../acting.ts';

/** An account as an action may find it, so that every permission which it declares is needed in one of them. */
export interface ActionScenario {
  /** What is special about it; the scenarios of an action together need all that it declares. */
  readonly name: string;
  /** Makes the account as it is before; answers what the action is done to. */
  prepare(stage: Acting): Promise<Subject>;
  readonly input?: unknown;
  /** Actions that come before it, by name, in their order; what it needs, without a word. */
  readonly first?: readonly string[];
}

export type ActionScenarios = Readonly<Record<string, readonly ActionScenario[]>>;
