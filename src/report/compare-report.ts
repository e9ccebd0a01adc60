import { LEVELS, type Level, type RuleRef } from '../model/finding.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import type { RehearsedDecision } from '../respond/rehearsal.ts';
import { byLevel, byText } from './order.ts';
import type { ReplayReport } from './replay-report.ts';

/** A rule as two sets of rules are compared by it. */
export interface ComparedRule {
  readonly rule: RuleRef;
  /** The parts of it that decide what it finds, each as text. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A set of rules and what it made of the logs. */
export interface ComparedSide {
  readonly name: string;
  readonly rules: readonly ComparedRule[];
  readonly report: ReplayReport;
}

export interface RuleChange {
  readonly rule: RuleRef;
  readonly change: 'added' | 'removed' | 'changed';
  /** The parts that are other ones. */
  readonly parts: readonly string[];
}

/** What one rule found with each of the sets. */
export interface RuleEffect {
  readonly rule: RuleRef;
  readonly before: Loudness;
  readonly after: Loudness;
}

export interface Loudness {
  readonly matches: number;
  readonly cases: number;
  readonly subjects: number;
}

/** What one rule found on one subject, where it is not the same with both. */
export interface FindingEffect {
  readonly rule: RuleRef;
  readonly subject: Subject;
  /** Matches. */
  readonly before: number;
  readonly after: number;
}

/** A response that would run with one of the sets only. */
export interface ResponseEffect extends Pick<RehearsedDecision, 'at' | 'rule' | 'playbook' | 'plan'> {
  readonly subject: Subject;
}

export interface ComparedTotals extends Loudness {
  readonly name: string;
  readonly rules: number;
  /** Responses that would run, had every binding been enforced. */
  readonly responses: number;
  /** Responses that a guardrail would stop. */
  readonly stopped: number;
}

/** What a change of the rules adds and removes, on the same logs. */
export interface CompareReport extends Pick<ReplayReport, 'files' | 'events' | 'byFormat' | 'badRecords'> {
  readonly before: ComparedTotals;
  readonly after: ComparedTotals;
  readonly rules: readonly RuleChange[];
  /** Rules that found something with either; those with the largest difference first. */
  readonly effects: readonly RuleEffect[];
  /** Found with the new set only, with the old one only, or with both but not as often. */
  readonly findings: {
    readonly added: readonly FindingEffect[];
    readonly removed: readonly FindingEffect[];
    readonly changed: readonly FindingEffect[];
  };
  readonly responses: {
    readonly added: readonly ResponseEffect[];
    readonly removed: readonly ResponseEffect[];
  };
  /** Of the findings that are added. */
  readonly highestAdded?: Level;
  /** Whether anything else is found, or would run. */
  readonly differs: boolean;
}

export function compareReport(before: ComparedSide, after: ComparedSide): CompareReport {
  const pairs = pairsOf(before.report, after.report);
  const findings = {
    added: pairs.filter((one) => one.before === 0),
    removed: pairs.filter((one) => one.after === 0),
    changed: pairs.filter((one) => one.before > 0 && one.after > 0),
  };
  const responses = responsesOf(before.report, after.report);
  const levelAdded = findings.added.reduce(
    (most, { rule }) => Math.max(most, LEVELS.indexOf(rule.level)),
    -1,
  );
  const highestAdded = LEVELS[levelAdded];
  const { files, events, byFormat, badRecords } = after.report;
  return {
    files,
    events,
    byFormat,
    badRecords,
    before: totalsOf(before),
    after: totalsOf(after),
    rules: changesOf(before.rules, after.rules),
    effects: effectsOf(before.report, after.report),
    findings,
    responses,
    ...(highestAdded === undefined ? {} : { highestAdded }),
    differs: pairs.length > 0 || responses.added.length > 0 || responses.removed.length > 0,
  };
}

function totalsOf({ name, rules, report }: ComparedSide): ComparedTotals {
  const armed = report.cases.flatMap((one) => one.armed);
  return {
    name,
    rules: rules.length,
    matches: report.rules.reduce((sum, one) => sum + one.matches, 0),
    cases: report.cases.length,
    subjects: report.subjects.length,
    responses: armed.filter(({ outcome }) => outcome === 'responding').length,
    stopped: armed.filter(({ outcome }) => outcome === 'awaiting-approval').length,
  };
}

function changesOf(before: readonly ComparedRule[], after: readonly ComparedRule[]): RuleChange[] {
  const old = new Map(before.map((one) => [one.rule.id, one]));
  const young = new Map(after.map((one) => [one.rule.id, one]));
  const changes: RuleChange[] = [];
  for (const [id, { rule, parts }] of young) {
    const known = old.get(id);
    if (known === undefined) changes.push({ rule, change: 'added', parts: [] });
    else {
      const names = new Set([...Object.keys(known.parts), ...Object.keys(parts)]);
      const other = [...names].filter((name) => known.parts[name] !== parts[name]).sort(byText);
      if (other.length > 0) changes.push({ rule, change: 'changed', parts: other });
    }
  }
  for (const [id, { rule }] of old) if (!young.has(id)) changes.push({ rule, change: 'removed', parts: [] });
  return changes.sort(
    (a, b) => byText(a.change, b.change) || byLevel(a.rule, b.rule) || byText(a.rule.id, b.rule.id),
  );
}

const SILENT: Loudness = { matches: 0, cases: 0, subjects: 0 };

function effectsOf(before: ReplayReport, after: ReplayReport): RuleEffect[] {
  const effects = new Map<string, RuleEffect>();
  for (const { rule, ...loud } of before.rules)
    effects.set(rule.id, { rule, before: loudness(loud), after: SILENT });
  for (const { rule, ...loud } of after.rules) {
    const known = effects.get(rule.id)?.before ?? SILENT;
    effects.set(rule.id, { rule, before: known, after: loudness(loud) });
  }
  const difference = (one: RuleEffect): number => Math.abs(one.after.matches - one.before.matches);
  return [...effects.values()].sort((a, b) => difference(b) - difference(a) || byText(a.rule.id, b.rule.id));
}

function loudness({ matches, cases, subjects }: Loudness): Loudness {
  return { matches, cases, subjects };
}

/** Rules and subjects whose matches are not the same, the largest difference first. */
function pairsOf(before: ReplayReport, after: ReplayReport): FindingEffect[] {
  const pairs = new Map<string, { -readonly [Key in keyof FindingEffect]: FindingEffect[Key] }>();
  const count = (report: ReplayReport, side: 'before' | 'after'): void => {
    for (const { subject, findings } of report.cases) {
      for (const { rule, count: matches } of findings) {
        const key = `${rule.id}\0${subjectKey(subject)}`;
        const known = pairs.get(key) ?? { rule, subject, before: 0, after: 0 };
        known.rule = rule;
        known[side] += matches;
        pairs.set(key, known);
      }
    }
  };
  count(before, 'before');
  count(after, 'after');
  const difference = (one: FindingEffect): number => Math.abs(one.after - one.before);
  return [...pairs]
    .filter(([, one]) => one.before !== one.after)
    .sort(([a, one], [b, other]) => difference(other) - difference(one) || byText(a, b))
    .map(([, one]) => one);
}

/** A subject is answered once: its response is the same when it is by the same playbook. */
function responsesOf(before: ReplayReport, after: ReplayReport): CompareReport['responses'] {
  const old = runsOf(before);
  const young = runsOf(after);
  return {
    added: [...young].flatMap(([key, one]) => (old.has(key) ? [] : [one])),
    removed: [...old].flatMap(([key, one]) => (young.has(key) ? [] : [one])),
  };
}

function runsOf({ cases }: ReplayReport): Map<string, ResponseEffect> {
  const runs = cases.flatMap(({ subject, armed }) =>
    armed
      .filter(({ outcome }) => outcome === 'responding')
      .map(({ at, rule, playbook, plan }): ResponseEffect => ({ subject, at, rule, playbook, plan })),
  );
  runs.sort((a, b) => a.at - b.at || byText(subjectKey(a.subject), subjectKey(b.subject)));
  return new Map(runs.map((one) => [`${one.playbook}\0${subjectKey(one.subject)}`, one]));
}
