import type { BadRecord } from '../model/event.ts';
import { LEVELS, type Level, type RuleRef } from '../model/finding.ts';
import { subjectKey } from '../model/subject.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { PastCase } from '../respond/case-history.ts';
import type { Binding } from '../respond/intake.ts';
import type { RehearsedDecision } from '../respond/rehearsal.ts';
import { type DaySpan, daySpan, dayText } from './days.ts';
import { byLevel, byText } from './order.ts';
import { type Overlap, overlaps } from './overlap.ts';
import { type LoudSubject, loudSubjects } from './subjects.ts';

/** What was read, before anything was found in it. */
export interface ReadLogs {
  readonly files: number;
  /** Records that the rules have seen. */
  readonly events: number;
  readonly byFormat: Readonly<Record<string, number>>;
  /** Records of another time than was asked for. */
  readonly outside: number;
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly badRecords: number;
  /** The sources with most of them. */
  readonly badSources: readonly { readonly source: string; readonly count: number }[];
  /** The first bad records, with place and reason. */
  readonly badExamples: readonly BadRecord[];
  /** Matches that came too late for correlations, and were left out of them. */
  readonly lateForCorrelations: number;
}

/** A rule or correlation that makes findings. */
export interface RehearsedRule {
  readonly rule: RuleRef;
  readonly kind: 'rule' | 'correlation';
  readonly binding: Binding;
  /** Names of the log formats that it looks at. */
  readonly formats: readonly string[];
}

/** How loud a rule was. */
export interface RuleNoise extends RehearsedRule {
  readonly matches: number;
  readonly cases: number;
  readonly subjects: number;
  /** Matches a day, over the days of the report. */
  readonly perDay: number;
  /** Only the days with matches, in UTC, `2026-11-24`. */
  readonly days: readonly { readonly day: string; readonly matches: number }[];
}

/** A rule that found nothing. */
export interface SilentRule extends RehearsedRule {
  /** Whether there were records of a log that it looks at. */
  readonly hadRecords: boolean;
}

export interface ReplayedCase extends PastCase {
  /** What would have been decided, as rules are bound now. */
  readonly decisions: readonly RehearsedDecision[];
  /** What would have been decided, had every binding been enforced. */
  readonly armed: readonly RehearsedDecision[];
}

/** What would have happened, had a watch read these logs. Nothing was asked and nothing was done. */
export interface ReplayReport extends ReadLogs {
  /** The ends that were asked for; nothing when all was. */
  readonly range?: Partial<TimeRange>;
  /** The days that findings are counted over; nothing when nothing was found. */
  readonly span?: DaySpan;
  /** Loudest first. */
  readonly rules: readonly RuleNoise[];
  readonly silent: readonly SilentRule[];
  /** Loudest first. */
  readonly subjects: readonly LoudSubject[];
  /** Rules that find on the same subjects in the same cases, most often first. */
  readonly overlaps: readonly Overlap[];
  /** By time. */
  readonly cases: readonly ReplayedCase[];
  readonly highest?: Level;
}

export interface ReplayedLogs extends ReadLogs {
  readonly range?: TimeRange | undefined;
  readonly rules: readonly RehearsedRule[];
  readonly cases: readonly PastCase[];
  readonly decisions: readonly RehearsedDecision[];
  readonly armed: readonly RehearsedDecision[];
}

export function replayReport({ range, rules, cases, decisions, armed, ...read }: ReplayedLogs): ReplayReport {
  const span = daySpan(cases, range);
  const decided = Map.groupBy(decisions, ({ caseId }) => caseId);
  const decidedArmed = Map.groupBy(armed, ({ caseId }) => caseId);
  const noise = noiseOf(rules, cases, span);
  const heard = new Set(noise.map(({ rule }) => rule.id));
  const levels = noise.map(({ rule }) => LEVELS.indexOf(rule.level));
  const highest = LEVELS[Math.max(-1, ...levels)];
  return {
    ...read,
    ...(range === undefined ? {} : { range: endsOf(range) }),
    ...(span === undefined ? {} : { span }),
    ...(highest === undefined ? {} : { highest }),
    rules: noise,
    silent: rules
      .filter(({ rule }) => !heard.has(rule.id))
      .map((one) => ({ ...one, hadRecords: one.formats.some((name) => (read.byFormat[name] ?? 0) > 0) }))
      .sort((a, b) => byLevel(a.rule, b.rule) || byText(a.rule.id, b.rule.id)),
    subjects: loudSubjects(cases),
    overlaps: overlaps(cases),
    cases: cases.map((one) => ({
      ...one,
      decisions: decided.get(one.id) ?? [],
      armed: decidedArmed.get(one.id) ?? [],
    })),
  };
}

function endsOf({ from, to }: TimeRange): Partial<TimeRange> {
  return { ...(Number.isFinite(from) ? { from } : {}), ...(Number.isFinite(to) ? { to } : {}) };
}

function noiseOf(
  rules: readonly RehearsedRule[],
  cases: readonly PastCase[],
  span: DaySpan | undefined,
): RuleNoise[] {
  const counts = new Map<
    string,
    { matches: number; cases: number; subjects: Set<string>; days: Map<string, number> }
  >();
  for (const { subject, findings } of cases) {
    for (const { rule, count, days } of findings) {
      const known = counts.get(rule.id) ?? { matches: 0, cases: 0, subjects: new Set(), days: new Map() };
      counts.set(rule.id, known);
      known.matches += count;
      known.cases++;
      known.subjects.add(subjectKey(subject));
      for (const { day, count: matches } of days)
        known.days.set(dayText(day), (known.days.get(dayText(day)) ?? 0) + matches);
    }
  }
  return rules
    .flatMap((one): RuleNoise[] => {
      const found = counts.get(one.rule.id);
      if (found === undefined) return [];
      return [
        {
          ...one,
          matches: found.matches,
          cases: found.cases,
          subjects: found.subjects.size,
          perDay: found.matches / (span?.days ?? 1),
          days: [...found.days]
            .map(([day, matches]) => ({ day, matches }))
            .sort((a, b) => byText(a.day, b.day)),
        },
      ];
    })
    .sort((a, b) => b.matches - a.matches || byText(a.rule.id, b.rule.id));
}
