import type { Action } from '../../actions/action.ts';
import type { AwsClients } from '../../aws/clients.ts';
import type { Incident } from '../../model/incident.ts';
import type { SeenOccurrences } from '../../store/occurrences.ts';
import type { Change, Store } from '../../store/store.ts';
import type { GuardrailSettings } from './settings.ts';

/** What one guardrail said, also when it said yes. */
export interface GuardrailAnswer {
  readonly guardrail: string;
  readonly allowed: boolean;
  readonly reason: string;
  /** It could not look, and did not stop the response for that. */
  readonly unknown?: true;
}

/** What is about to happen. */
export interface Question {
  readonly incident: Incident;
  /** Ids of the rules whose binding is why the case is answered. */
  readonly rules: readonly string[];
  /** The step that is about to change something; without one, the response as a whole is about to begin. */
  readonly step?: QuestionedStep;
}

export interface QuestionedStep {
  /** Its place in the playbook. */
  readonly id: string;
  readonly action: Pick<Action, 'name' | 'group' | 'effect'>;
}

export interface GuardrailWorld {
  readonly store: GuardrailStore;
  /** Only a rehearsal has no account to ask. */
  readonly aws?: AwsClients | undefined;
  readonly now: () => number;
}

export type GuardrailStore = Pick<Store, 'memory' | 'incident' | 'occurrences' | 'occurrencesWithin'>;

/** An answer, and what it rests on. */
export interface Said extends Omit<GuardrailAnswer, 'guardrail' | 'reason'> {
  /** The name of the answer, where a guardrail gives several. */
  readonly guardrail?: string;
  /** Without one it is no answer: something is only counted. */
  readonly reason?: string;
  /** What it counted: refused by the store when there is more by the time the response begins. */
  readonly seen?: readonly SeenOccurrences[];
  /** What the response, or the step, counts as from now on if it goes ahead. */
  readonly countsAs?: readonly string[];
  /** What must be remembered whatever the others say. */
  readonly changes?: readonly Change[];
}

/** Says whether something may happen. One that throws has said no. */
export interface Guardrail {
  readonly name: string;
  /** Whether a person who approved the case goes over its no. */
  readonly yieldsToApproval: boolean;
  /** No answer when it has nothing to do with what is asked, or is not set. */
  ask(question: Question, settings: GuardrailSettings, world: GuardrailWorld): Promise<readonly Said[]>;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The whole response is about to begin, or something that cannot be undone. */
export function isGrave({ step }: Question): boolean {
  return step === undefined || step.action.effect === 'irreversible';
}
