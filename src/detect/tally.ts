import type { Event } from '../model/event.ts';
import type { Branch, RuleRef } from '../model/finding.ts';
import type { Run, Sighting } from '../model/run.ts';
import { type Subject, subjectKey } from '../model/subject.ts';

/** One event that one rule matched; what costs something is only asked for where it is kept. */
export interface Match {
  readonly rule: RuleRef;
  readonly subject: Subject;
  readonly seenOn: Subject;
  readonly time: number;
  evidence(): Pick<Event, 'raw' | 'origin'>;
  branch(): Branch;
}

/**
 * Counts what rules find on each subject, so that a million matches are as many numbers as there
 * are findings. What it gives is the same as taking in one match after the other, wherever the
 * stream of matches is cut.
 */
export interface Tally {
  add(match: Match): void;
  /** Findings and raw records in hand. */
  readonly size: number;
  /** What was counted since the last call, in the order in which it began. */
  take(): Run[];
}

/** Raw records that are kept of each finding; all are counted. */
export const SAMPLES_PER_FINDING = 200;

interface OpenRun extends Omit<Run, 'seenOn' | 'sightings' | 'firstSeen' | 'lastSeen'> {
  readonly seenOn: Map<string, Subject>;
  readonly sightings: Map<string, OpenSighting>;
  firstSeen: number;
  lastSeen: number;
}

type OpenSighting = {
  -readonly [Key in keyof Sighting]: Key extends 'samples' ? Pick<Event, 'raw' | 'origin'>[] : Sighting[Key];
};

/** `window`: milliseconds between two matches on a subject that still belong together. */
export function tally(window: number): Tally {
  let runs: OpenRun[] = [];
  let open = new Map<string, OpenRun>();
  let matches = 0;
  let size = 0;

  const runOf = ({ subject, time }: Match): OpenRun => {
    const key = subjectKey(subject);
    const current = open.get(key);
    if (current !== undefined && time <= current.lastSeen + window) return current;
    const run: OpenRun = {
      subject,
      seenOn: new Map(),
      sightings: new Map(),
      began: time,
      firstSeen: time,
      lastSeen: time,
      order: matches,
    };
    open.set(key, run);
    runs.push(run);
    return run;
  };
  return {
    get size() {
      return size;
    },
    add(match) {
      const { rule, time, seenOn } = match;
      const run = runOf(match);
      run.firstSeen = Math.min(run.firstSeen, time);
      run.lastSeen = Math.max(run.lastSeen, time);
      const part = subjectKey(seenOn);
      if (!run.seenOn.has(part)) run.seenOn.set(part, seenOn);
      let sighting = run.sightings.get(rule.id);
      if (sighting === undefined) {
        sighting = {
          rule,
          count: 0,
          firstSeen: time,
          lastSeen: time,
          branch: match.branch(),
          samples: [],
          order: matches,
        };
        run.sightings.set(rule.id, sighting);
        size++;
      }
      if (sighting.count < SAMPLES_PER_FINDING) {
        sighting.samples.push(match.evidence());
        size++;
      }
      sighting.count++;
      sighting.firstSeen = Math.min(sighting.firstSeen, time);
      sighting.lastSeen = Math.max(sighting.lastSeen, time);
      matches++;
    },
    take() {
      const taken = runs.map(
        ({ seenOn, sightings, ...run }): Run => ({
          ...run,
          seenOn: [...seenOn.values()],
          sightings: [...sightings.values()],
        }),
      );
      runs = [];
      open = new Map();
      matches = 0;
      size = 0;
      return taken;
    },
  };
}
