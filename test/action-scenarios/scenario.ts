import type { EvidenceServices } from '../../src/actions/action.ts';
import type { Subject } from '../../src/model/subject.ts';
import type { Acting } from '../acting.ts';

/** An account as an action may find it, so that every permission which it declares is needed in one of them. */
export interface ActionScenario {
  /** What is special about it; the scenarios of an action together need all that it declares. */
  readonly name: string;
  /** Makes the account as it is before. */
  prepare(world: Acting): Promise<Prepared>;
  /** Actions that come before it, by name, in their order; what it needs, without a word. */
  readonly first?: readonly string[];
}

export interface Prepared {
  readonly subject: Subject;
  /** What the playbook says under `with`. */
  readonly with?: unknown;
  /** What is configured for the evidence. */
  readonly evidence?: EvidenceServices;
  /** Fields and values that made a rule match. */
  readonly found?: Readonly<Record<string, string>>;
  /** The same as `with`, of actions that come before it, by their names. */
  readonly before?: Readonly<Record<string, unknown>>;
}

export type ActionScenarios = Readonly<Record<string, readonly ActionScenario[]>>;
