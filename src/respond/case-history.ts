import { SAMPLES_PER_FINDING } from '../detect/tally.ts';
import type { Event } from '../model/event.ts';
import type { Branch, RuleRef } from '../model/finding.ts';
import type { DayCount, Run, Sighting } from '../model/run.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import { caseIdOf } from './intake.ts';

/** What a watch would have made one case of: all that was found on a subject, with no long gap in it. */
export interface PastCase {
  readonly id: string;
  readonly subject: Subject;
  /** Times of events, milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** By the time of their first match. */
  readonly findings: readonly PastFinding[];
}

export interface PastFinding {
  readonly rule: RuleRef;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly branch: Branch;
  readonly days: readonly DayCount[];
  readonly samples: readonly Pick<Event, 'raw' | 'origin'>[];
}

/**
 * Puts what was found in history into cases by the times of events alone. The cases are the same in
 * whatever pieces and order the runs of different subjects come; of one subject and rule they come in
 * the order of the source, so that the first records are the ones that are kept.
 */
export interface CaseHistory {
  add(runs: readonly Run[]): void;
  /** By time. */
  cases(): PastCase[];
}

interface OpenFinding extends Pick<PastFinding, 'rule'> {
  count: number;
  firstSeen: number;
  lastSeen: number;
  branch: Branch;
  readonly days: Map<number, number>;
  samples: { readonly place: number; readonly sample: Pick<Event, 'raw' | 'origin'> }[];
  /** Where its first match stands among all that was added. */
  place: number;
}

interface OpenCase {
  readonly subject: Subject;
  firstSeen: number;
  lastSeen: number;
  readonly findings: Map<string, OpenFinding>;
}

/** `window`: milliseconds that a subject is quiet before what follows is a new case. */
export function caseHistory(window: number): CaseHistory {
  const bySubject = new Map<string, OpenCase[]>();
  let place = 0;

  /** The case that a run belongs to; cases that it joins become one. */
  const caseFor = (cases: OpenCase[], { subject, firstSeen, lastSeen }: Run): OpenCase => {
    // Most runs follow all others: the end is looked at first.
    let end = cases.length;
    while (end > 0 && (cases[end - 1] as OpenCase).firstSeen > lastSeen + window) end--;
    let begin = end;
    while (begin > 0 && (cases[begin - 1] as OpenCase).lastSeen >= firstSeen - window) begin--;
    const [first, ...others] = cases.slice(begin, end);
    if (first === undefined) {
      const one = { subject, firstSeen, lastSeen, findings: new Map() };
      cases.splice(begin, 0, one);
      return one;
    }
    for (const other of others) mergeInto(first, other);
    first.firstSeen = Math.min(first.firstSeen, firstSeen);
    first.lastSeen = Math.max(first.lastSeen, lastSeen);
    cases.splice(begin + 1, others.length);
    return first;
  };
  return {
    add(runs) {
      for (const run of runs) {
        const key = subjectKey(run.subject);
        const cases = bySubject.get(key) ?? [];
        bySubject.set(key, cases);
        const { findings } = caseFor(cases, run);
        for (const sighting of run.sightings) {
          const one = findingOf(sighting, place++);
          const known = findings.get(one.rule.id);
          if (known === undefined) findings.set(one.rule.id, one);
          else addFinding(known, one);
        }
      }
    },
    cases() {
      const all = [...bySubject].flatMap(([key, those]) => those.map((one) => ({ key, ...closed(one) })));
      all.sort((a, b) => a.firstSeen - b.firstSeen || byText(a.id, b.id) || byText(a.key, b.key));
      // Ids are short: among very many cases of a day two may be alike.
      const named = new Map<string, number>();
      return all.map(({ key: _, ...one }) => {
        const before = named.get(one.id) ?? 0;
        named.set(one.id, before + 1);
        return before === 0 ? one : { ...one, id: `${one.id}-${before + 1}` };
      });
    },
  };
}

function findingOf({ rule, count, firstSeen, lastSeen, branch, days, samples }: Sighting, place: number) {
  return {
    rule,
    count,
    firstSeen,
    lastSeen,
    branch,
    days: new Map(days.map((one) => [one.day, one.count])),
    samples: samples.map((sample) => ({ place, sample })),
    place,
  };
}

function mergeInto(one: OpenCase, other: OpenCase): void {
  one.firstSeen = Math.min(one.firstSeen, other.firstSeen);
  one.lastSeen = Math.max(one.lastSeen, other.lastSeen);
  for (const [id, finding] of other.findings) {
    const known = one.findings.get(id);
    if (known === undefined) one.findings.set(id, finding);
    else addFinding(known, finding);
  }
}

function addFinding(to: OpenFinding, more: OpenFinding): void {
  to.count += more.count;
  to.firstSeen = Math.min(to.firstSeen, more.firstSeen);
  to.lastSeen = Math.max(to.lastSeen, more.lastSeen);
  for (const [day, count] of more.days) to.days.set(day, (to.days.get(day) ?? 0) + count);
  const inOrder = to.samples.length === 0 || (to.samples.at(-1)?.place ?? 0) <= more.place;
  if (!inOrder || to.samples.length < SAMPLES_PER_FINDING) {
    const samples = [...to.samples, ...more.samples];
    if (!inOrder) samples.sort((a, b) => a.place - b.place);
    to.samples = samples.slice(0, SAMPLES_PER_FINDING);
  }
  if (more.place < to.place) {
    to.place = more.place;
    to.branch = more.branch;
  }
}

function closed({ subject, firstSeen, lastSeen, findings }: OpenCase): PastCase {
  return {
    id: caseIdOf(subject, firstSeen),
    subject,
    firstSeen,
    lastSeen,
    findings: [...findings.values()]
      .map(
        ({ place: _, days, samples, ...finding }): PastFinding => ({
          ...finding,
          days: [...days].map(([day, count]) => ({ day, count })).sort((a, b) => a.day - b.day),
          samples: samples.map(({ sample }) => sample),
        }),
      )
      .sort((a, b) => a.firstSeen - b.firstSeen || byText(a.rule.id, b.rule.id)),
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
