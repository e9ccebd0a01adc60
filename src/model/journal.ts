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
  readonly step: string;
  readonly state: 'started' | 'done';
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly output?: Json;
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
  | 'audit.not-judged';

/** A record in its place in the chain. */
export interface LedgerEntry extends LedgerRecord {
  /** 1-based, without gaps. */
  readonly seq: number;
  readonly previous: string;
  /** SHA-256 in hexadecimal, over `previous` and the record. */
  readonly hash: string;
}
