import { resolve } from 'node:path';
import { canonicalJson } from '../model/json.ts';
import type { Problem, Result, SourceText } from '../model/problem.ts';
import { fingerprint, markKnown } from './baseline.ts';
import { readAssembly } from './cdk.ts';
import type { GateFinding, NotJudged } from './finding.ts';
import type { GitBase } from './git-base.ts';
import type { Input } from './inputs.ts';
import { judge } from './judge.ts';
import { nestedStacks } from './nested-stacks.ts';
import type { Policy } from './policy.ts';
import { shortFile } from './short-file.ts';
import type { Subject } from './subject.ts';
import { type Suppression, type SuppressionNote, suppress, suppressionsIn } from './suppressions.ts';
import { entriesOf, member, textOf, toJson } from './template/node.ts';
import { readTemplate } from './template/template.ts';
import type { Given } from './template/worlds.ts';
import { subjectOfTemplate } from './template-subject.ts';
import { subjectOfPlan } from './terraform/plan.ts';

/** How a subject is judged; the policies in the box, or the checks of aws-cf-checker. */
export type Judge = (subject: Subject) => readonly GateFinding[];

export interface CheckOptions {
  readonly inputs: readonly Input[];
  readonly given: Given;
  readonly judge: Judge;
  /** From a file; those in the templates are found there. */
  readonly suppressions: readonly Suppression[];
  /** Tell which suppressions suppress nothing; not where only a part of the policies judges. */
  readonly tellUnused: boolean;
  readonly baseline: ReadonlySet<string> | undefined;
  readonly base: GitBase | undefined;
  /** `2026-12-31`, in UTC. */
  readonly today: string;
}

export interface CheckResult {
  readonly findings: readonly GateFinding[];
  readonly problems: readonly Problem[];
  readonly notJudged: readonly NotJudged[];
  readonly notes: readonly SuppressionNote[];
  /** Files with the texts that the findings point into. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Those of them that a person wrote and a fix may change; not what the CDK or Terraform made. */
  readonly fixable: ReadonlySet<string>;
  readonly subjects: number;
  readonly resources: number;
  /** Findings on what a change does not touch. */
  readonly untouched: number;
}

export function judgeBy(policies: readonly Policy[]): Judge {
  return (subject) => judge(subject, policies);
}

/** Judges every input. Nothing is thrown for what stands in a file: what cannot be judged is told. */
export function check(options: CheckOptions): CheckResult {
  const { subjects, problems, notJudged } = subjectsOf(options.inputs, options.given);
  const all: GateFinding[] = [];
  const notes: SuppressionNote[] = [];
  const suppressions = [...options.suppressions];
  let untouched = 0;
  for (const subject of subjects) {
    const findings = options.judge(subject);
    const before = options.base === undefined ? undefined : subjectBefore(subject, options, options.base);
    const touched = before === undefined ? findings : touchedOf(subject, findings, before, options.judge);
    untouched += findings.length - touched.length;
    all.push(...touched);
    const own = suppressionsIn(subject);
    suppressions.push(...own.suppressions);
    notes.push(...own.notes);
  }
  const unique = [
    ...new Map(all.map((finding) => [`${fingerprint(finding)} ${finding.place.line}`, finding])).values(),
  ];
  const suppressed = suppress(unique, suppressions, options);
  const marked =
    options.baseline === undefined ? suppressed.findings : markKnown(suppressed.findings, options.baseline);
  return {
    findings: marked,
    problems,
    notJudged: [...subjects.flatMap(notJudgedOf), ...notJudged],
    notes: [...notes, ...suppressed.notes],
    sources: new Map(subjects.map(({ source }) => [source.file, source])),
    fixable: new Set(subjects.filter(({ fixable }) => fixable).map(({ source }) => source.file)),
    subjects: subjects.length,
    resources: subjects.reduce((sum, { worlds }) => sum + countResources(worlds), 0),
    untouched,
  };
}

/** One subject that is not from a file, with the suppressions of its template. */
export function checkSubject(subject: Subject, judge: Judge): CheckResult {
  const own = suppressionsIn(subject);
  const today = new Date().toISOString().slice(0, 10);
  const { findings, notes } = suppress(judge(subject), own.suppressions, { today, tellUnused: false });
  return {
    findings,
    problems: [],
    notJudged: notJudgedOf(subject),
    notes: [...own.notes, ...notes],
    sources: new Map([[subject.source.file, subject.source]]),
    fixable: new Set(),
    subjects: 1,
    resources: countResources(subject.worlds),
    untouched: 0,
  };
}

function notJudgedOf({ notJudged, incomplete, source }: Subject): NotJudged[] {
  if (!incomplete) return [...notJudged];
  const reason =
    'there are more combinations of parameters and conditions than are judged; give some with --parameters';
  return [...notJudged, { file: source.file, resource: 'Conditions', reason }];
}

function countResources(worlds: Subject['worlds']): number {
  return new Set(worlds.flatMap(({ resources }) => resources.map(({ key }) => key))).size;
}

interface Subjects {
  readonly subjects: readonly Subject[];
  readonly problems: readonly Problem[];
  readonly notJudged: readonly NotJudged[];
}

function subjectsOf(inputs: readonly Input[], given: Given): Subjects {
  const problems: Problem[] = [];
  const notJudged: NotJudged[] = [];
  const subjects: { subject: Subject; standalone: boolean }[] = [];
  const inside = new Set<string>();
  const keep = (result: Result<Subject>, standalone: boolean): void => {
    if (!result.ok) {
      problems.push(...result.problems);
      return;
    }
    const subject = result.value;
    subjects.push({ subject, standalone });
    const nested = nestedStacks(subject, given);
    for (const file of nested.files) inside.add(file);
    for (const one of nested.subjects)
      subjects.push({ subject: { ...one, fixable: subject.fixable }, standalone: false });
    problems.push(...nested.problems);
    notJudged.push(...nested.notJudged);
  };
  for (const input of inputs) {
    if (input.kind === 'plan') keep(subjectOfPlan(input.source), false);
    else if (input.kind === 'template') keep(templateSubject(input.source, given), true);
    else {
      const assembly = readAssembly(input.folder);
      problems.push(...assembly.problems);
      for (const { source, origins } of assembly.stacks)
        keep(made(templateSubject(source, given, origins)), false);
    }
  }
  return {
    // A template that another one nests is judged there, with the parameters it gets.
    subjects: subjects
      .filter(({ subject, standalone }) => !standalone || !inside.has(resolve(subject.source.file)))
      .map(({ subject }) => subject),
    problems,
    notJudged,
  };
}

/** By a program, which would write it again. */
function made(result: Result<Subject>): Result<Subject> {
  return result.ok ? { ok: true, value: { ...result.value, fixable: false } } : result;
}

export function templateSubject(
  source: SourceText,
  given: Given,
  origins: Subject['names'] = new Map(),
): Result<Subject> {
  const named = { ...source, file: source.file.startsWith('<') ? source.file : shortFile(source.file) };
  const read = readTemplate(named);
  if (!read.ok) return read;
  const names = new Map(origins);
  for (const { key, value } of entriesOf(read.value.resources)) {
    const path = textOf(member(member(value, 'Metadata'), 'aws:cdk:path'));
    if (path !== undefined && !names.has(key)) names.set(key, { address: path.replace(/\/Resource$/, '') });
  }
  return { ok: true, value: subjectOfTemplate(read.value, given, names) };
}

/** The template as it was, where it is one that a person wrote and it was there. */
function subjectBefore(subject: Subject, options: CheckOptions, base: GitBase): Subject | undefined {
  const text = subject.fixable ? base.textOf(subject.source.file) : undefined;
  if (text === undefined) return undefined;
  const before = templateSubject({ file: subject.source.file, text }, options.given);
  return before.ok ? before.value : undefined;
}

/** Without the findings that were there before, on resources that are as they were. */
export function touchedOf(
  subject: Subject,
  findings: readonly GateFinding[],
  before: Subject,
  judge: Judge,
): readonly GateFinding[] {
  const asBefore = resourceTexts(before);
  const now = resourceTexts(subject);
  const known = new Set(judge(before).map(fingerprint));
  return findings.filter((finding) => {
    const id = finding.resource?.logicalId ?? '';
    return asBefore.get(id) !== now.get(id) || !known.has(fingerprint(finding));
  });
}

/** Each resource as it is in every world. */
function resourceTexts({ worlds }: Subject): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { resources } of worlds) {
    for (const { key, value } of resources)
      texts.set(key, `${texts.get(key) ?? ''}\n${canonicalJson(toJson(value))}`);
  }
  return texts;
}
