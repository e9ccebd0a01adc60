import type { Origin } from './event.ts';

/** Weakest first. Source: Sigma rules specification, "Level". */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export interface RuleRef {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
}

/** One field test that made a rule match. */
export interface Reason {
  readonly selection: string;
  readonly field: string;
  readonly pattern: string;
  readonly value: string;
  /** The entry of a list that matched, as the list writes it. */
  readonly entry?: string;
}

/** The branch of a rule that matched. */
export interface Branch {
  readonly selections: readonly string[];
  readonly because: readonly Reason[];
  /** Sentences for a person: what is wrong, and how to do it right. */
  readonly advice?: readonly string[];
}

/** What a rule says of a subject in one case: any number of detections. */
export interface Finding {
  readonly id: string;
  readonly caseId: string;
  readonly rule: RuleRef;
  readonly count: number;
  /** Milliseconds since the epoch, times of events. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The branch of the first detection. */
  readonly branch: Branch;
}

/** A raw record that is kept as evidence of a finding. */
export interface Sample {
  readonly findingId: string;
  readonly origin: Origin;
  readonly raw: string;
}
