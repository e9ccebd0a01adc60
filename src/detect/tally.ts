import type { Event } from '../model/event.ts';
import type { Branch, RuleRef } from '../model/finding.ts';
import { DAY, type Run, type Sighting } from '../model/run.ts';
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
  /** Adds what another tally counted of what follows. */
  join(runs: readonly Run[]): void;
  /** Findings, their days and raw records in hand. */
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

interface OpenSighting extends Pick<Sighting, 'rule' | 'branch' | 'order'> {
  count: number;
  firstSeen: number;
  lastSeen: number;
  readonly samples: Pick<Event, 'raw' | 'origin'>[];
  readonly days: Map<number, OpenDay>;
  /** The day that was counted last: most matches are of the same. */
  today: OpenDay;
}

interface OpenDay {
  readonly day: number;
  count: number;
}

const NO_DAY: OpenDay = { day: Number.NaN, count: 0 };

/** `window`: milliseconds between two matches on a subject that still belong together. */
export function tally(window: number): Tally {
  const keyOf = rememberedKeys();
  let runs: OpenRun[] = [];
  let open = new Map<string, OpenRun>();
  let matches = 0;
  let size = 0;

  const runOf = (subject: Subject, began: number, order: number): OpenRun => {
    const key = keyOf(subject);
    const current = open.get(key);
    if (current !== undefined && began <= current.lastSeen + window && began >= current.firstSeen - window)
      return current;
    const run: OpenRun = {
      subject,
      seenOn: new Map(),
      sightings: new Map(),
      began,
      firstSeen: began,
      lastSeen: began,
      order,
    };
    open.set(key, run);
    runs.push(run);
    return run;
  };
  const sightingOf = (run: OpenRun, rule: RuleRef, branch: () => Branch, time: number, order: number) => {
    const known = run.sightings.get(rule.id);
    if (known !== undefined) return known;
    const sighting: OpenSighting = {
      rule,
      count: 0,
      firstSeen: time,
      lastSeen: time,
      branch: branch(),
      samples: [],
      days: new Map(),
      today: NO_DAY,
      order,
    };
    run.sightings.set(rule.id, sighting);
    size++;
    return sighting;
  };
  const widen = (range: OpenRun | OpenSighting, firstSeen: number, lastSeen: number): void => {
    range.firstSeen = Math.min(range.firstSeen, firstSeen);
    range.lastSeen = Math.max(range.lastSeen, lastSeen);
  };
  const countDay = (sighting: OpenSighting, day: number, count: number): void => {
    if (sighting.today.day !== day) {
      let today = sighting.days.get(day);
      if (today === undefined) {
        today = { day, count: 0 };
        sighting.days.set(day, today);
        size++;
      }
      sighting.today = today;
    }
    sighting.today.count += count;
  };
  return {
    get size() {
      return size;
    },
    add(match) {
      const { subject, rule, time, seenOn } = match;
      const run = runOf(subject, time, matches);
      widen(run, time, time);
      run.seenOn.set(keyOf(seenOn), seenOn);
      const sighting = sightingOf(run, rule, match.branch, time, matches);
      if (sighting.count < SAMPLES_PER_FINDING) {
        sighting.samples.push(match.evidence());
        size++;
      }
      sighting.count++;
      countDay(sighting, Math.floor(time / DAY), 1);
      widen(sighting, time, time);
      matches++;
    },
    join(joined) {
      const before = matches;
      for (const { subject, began, firstSeen, lastSeen, seenOn, sightings, order } of joined) {
        const run = runOf(subject, began, before + order);
        widen(run, firstSeen, lastSeen);
        for (const part of seenOn) run.seenOn.set(keyOf(part), part);
        for (const one of sightings) {
          const sighting = sightingOf(run, one.rule, () => one.branch, one.firstSeen, before + one.order);
          const wanted = Math.max(0, SAMPLES_PER_FINDING - sighting.count);
          const kept = one.samples.slice(0, wanted);
          sighting.samples.push(...kept);
          size += kept.length;
          sighting.count += one.count;
          for (const { day, count } of one.days) countDay(sighting, day, count);
          widen(sighting, one.firstSeen, one.lastSeen);
          matches = Math.max(matches, before + one.order + 1);
        }
      }
    },
    take() {
      const taken = runs.map(
        ({ seenOn, sightings, ...run }): Run => ({
          ...run,
          seenOn: [...seenOn.values()],
          sightings: [...sightings.values()].map(
            ({ today: _, days, ...sighting }): Sighting => ({ ...sighting, days: [...days.values()] }),
          ),
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

/** The keys of subjects that are met again and again as the same object. */
function rememberedKeys(): (subject: Subject) => string {
  const keys = new WeakMap<Subject, string>();
  return (subject) => {
    const known = keys.get(subject);
    if (known !== undefined) return known;
    const key = subjectKey(subject);
    keys.set(subject, key);
    return key;
  };
}
