import type { Json } from './json.ts';
import type { Subject } from './subject.ts';

/** What a binding lets Cordon do, weakest first. */
export const MODES = ['record', 'observe', 'approve', 'enforce'] as const;
export type Mode = (typeof MODES)[number];

export function strongerMode(a: Mode, b: Mode): boolean {
  return MODES.indexOf(a) > MODES.indexOf(b);
}

/**
 * Where an incident stands:
 * `new` nobody has decided yet; `recorded` only kept; `observed` it is said what would be done;
 * `awaiting-approval` a person must say yes; `responding` the playbook runs;
 * `needs-decision` the playbook stopped and asks; `denied` a person said no; `expired` nobody said anything
 * in time; `closed` done and verified; `undoing` a person takes it back; `undone` that is done as far as it goes.
 */
export type IncidentState =
  | 'new'
  | 'recorded'
  | 'observed'
  | 'awaiting-approval'
  | 'responding'
  | 'needs-decision'
  | 'denied'
  | 'expired'
  | 'closed'
  | 'undoing'
  | 'undone';

export interface Approval {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

/** In the place of a step: the response as a whole, or whatever it stopped at. */
export const WHOLE_RESPONSE = '*';

/** A yes to one step of a playbook that waits for people, or to the response as a whole. */
export interface StepApproval extends Approval {
  /** The step's place in the playbook; {@link WHOLE_RESPONSE}. */
  readonly step: string;
}

/** What people are asked to say yes to. */
export interface ApprovalRequest {
  readonly step: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How many different people must say yes. */
  readonly approvers: number;
}

/** Everything that was found on one subject within a window. Times are milliseconds since the epoch. */
export interface Incident {
  readonly id: string;
  readonly subject: Subject;
  readonly state: IncidentState;
  readonly mode: Mode;
  readonly playbook?: string;
  /** SHA-256 of the playbook's text when it was chosen: the store keeps that text. */
  readonly playbookVersion?: string;
  /** What the binding says under `with`: the values of the playbook's inputs. */
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly openedAt: number;
  /** Times of events, not of the clock. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Why it is in its state, for a person. */
  readonly reason?: string;
  readonly approval?: Approval;
  /** What people said yes to, the newest last. */
  readonly approvals?: readonly StepApproval[];
  /** What people are asked; absent when a case waits for no approval. */
  readonly asks?: ApprovalRequest;
  /** When the response began. */
  readonly respondedAt?: number;
  readonly closedAt?: number;
  /** Raised by every write; a write that expects another version is refused. */
  readonly version: number;
}

export function isEnded(state: IncidentState): boolean {
  return state === 'closed' || state === 'denied' || state === 'expired' || state === 'undone';
}
