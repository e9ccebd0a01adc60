import type { Finding, Sample } from './finding.ts';
import type { Incident } from './incident.ts';
import type { TimeRange } from './time-range.ts';

/** What is known of a subject near the time of an incident, beside what the rules found. */
export interface Surroundings {
  readonly range: TimeRange;
  /** The subject and its parts, by the ids that records name. */
  readonly names: readonly string[];
  /** Records that name one of them, in the order of their sources. */
  readonly records: readonly Omit<Sample, 'findingId'>[];
  readonly sources: readonly ScannedSource[];
  /** Other cases of the same subject with events in the range. */
  readonly cases: readonly { readonly incident: Incident; readonly findings: readonly Finding[] }[];
}

/** How far a source was looked through. */
export interface ScannedSource {
  readonly source: string;
  readonly records: number;
  /** Why it was not looked through to its end, or not at all. */
  readonly left?: string;
}
