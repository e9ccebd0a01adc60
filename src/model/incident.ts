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
 * `needs-decision` the playbook stopped and asks; `denied` a person said no; `closed` done and verified.
 */
export type IncidentState =
  | 'new'
  | 'recorded'
  | 'observed'
  | 'awaiting-approval'
  | 'responding'
  | 'needs-decision'
  | 'denied'
  | 'closed';

export interface Approval {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

/** Everything that was found on one subject within a window. Times are milliseconds since the epoch. */
export interface Incident {
  readonly id: string;
  readonly subject: Subject;
  readonly state: IncidentState;
  readonly mode: Mode;
  readonly playbook?: string;
  readonly openedAt: number;
  /** Times of events, not of the clock. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Why it is in its state, for a person. */
  readonly reason?: string;
  readonly approval?: Approval;
  /** When the response began: what the hourly limit counts. */
  readonly respondedAt?: number;
  readonly closedAt?: number;
  /** Raised by every write; a write that expects another version is refused. */
  readonly version: number;
}

export function isEnded(state: IncidentState): boolean {
  return state === 'closed' || state === 'denied';
}
