import type { Event } from './event.ts';
import type { Branch, RuleRef } from './finding.ts';
import type { Subject } from './subject.ts';

/**
 * What rules found on one subject, one match after the other, with no gap between two of them that
 * would open a new incident. Times are milliseconds since the epoch, of events.
 */
export interface Run {
  readonly subject: Subject;
  /** The parts of the subject that logged it: the network interfaces of an instance. */
  readonly seenOn: readonly Subject[];
  /** When the match happened that came first in the source; not always the earliest. */
  readonly began: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Where its first match stands among all of its batch. */
  readonly order: number;
  readonly sightings: readonly Sighting[];
}

/** What one rule found within a run. */
export interface Sighting {
  readonly rule: RuleRef;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The branch of the first match. */
  readonly branch: Branch;
  /** The first matched records, as evidence. */
  readonly samples: readonly Pick<Event, 'raw' | 'origin'>[];
  /** The matches by day, each day once, in no order. */
  readonly days: readonly DayCount[];
  readonly order: number;
}

/** Matches of one day. */
export interface DayCount {
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly count: number;
}

export const DAY = 86_400_000;
