import type { Json } from './json.ts';

/** A call to AWS as it was made, one entry an attempt. */
export interface ApiCall {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly requestId?: string;
  readonly status?: number;
  readonly error?: string;
}

/** What is known of one step of one case: written before it runs and after. */
export interface JournalEntry {
  readonly caseId: string;
  /** Its place in the playbook: the step's id, behind the names of the branches that it is in. */
  readonly step: string;
  /** `failed`: it came to no good end, and the playbook goes on without it. */
  readonly state: 'started' | 'done' | 'failed';
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly output?: Json;
  /** The action and what it was given, of a step that is an action. */
  readonly action?: string;
  readonly input?: Json;
  /** When a wait ends or an approval expires. */
  readonly due?: number;
  /** What a step that tries or waits must know again; of one that failed, why. */
  readonly memo?: Json;
}

/** What a ledger entry says before it is chained. */
export interface LedgerRecord {
  readonly at: number;
  readonly kind: LedgerKind;
  readonly caseId?: string;
  readonly body: Json;
}

export type LedgerKind =
  | 'incident.opened'
  | 'incident.escalated'
  | 'finding.first'
  | 'guardrail.asked'
  | 'response.observed'
  | 'response.awaiting-approval'
  | 'response.approved'
  | 'response.denied'
  | 'response.started'
  | 'response.needs-decision'
  | 'step.started'
  | 'step.waiting'
  | 'step.failed'
  | 'step.done'
  | 'incident.closed'
  | 'audit.not-judged'
  | 'step.skipped'
  | 'response.expired'
  | 'response.resumed'
  | 'guardrail.rule-demoted'
  | 'guardrail.rule-rearmed'
  | 'stop.set'
  | 'stop.lifted'
  | 'undo.started'
  | 'undo.step-started'
  | 'undo.step-waiting'
  | 'undo.step-failed'
  | 'undo.step-done'
  | 'undo.stopped'
  | 'undo.done';

/** A record in its place in the chain. */
export interface LedgerEntry extends LedgerRecord {
  /** 1-based, without gaps. */
  readonly seq: number;
  readonly previous: string;
  /** SHA-256 in hexadecimal, over `previous` and the record. */
  readonly hash: string;
}
