import { LEVELS } from '../../model/finding.ts';
import type { Problem, SourceText } from '../../model/problem.ts';
import { counts, type GateFinding, type NotJudged } from '../finding.ts';
import { atLeast, type Severity } from '../severity.ts';
import type { SuppressionNote } from '../suppressions.ts';

/** What every format is made of. */
export interface Report {
  readonly findings: readonly GateFinding[];
  readonly problems: readonly Problem[];
  readonly notJudged: readonly NotJudged[];
  readonly notes: readonly SuppressionNote[];
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly subjects: number;
  readonly resources: number;
  readonly policies: number;
  readonly untouched: number;
  readonly failOn: Severity;
  readonly version: string;
}

export const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** Findings that make the check fail. */
export function failing({ findings, failOn }: Report): GateFinding[] {
  return findings.filter(
    (finding) => finding.verdict === 'fail' && counts(finding) && atLeast(finding.severity, failOn),
  );
}

function countBySeverity(findings: readonly GateFinding[]): [Severity, number][] {
  return LEVELS.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [[severity, count]];
  });
}

/** `3 high, 1 low` */
export function severitiesText(findings: readonly GateFinding[]): string {
  return countBySeverity(findings)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
}

/** What is said of a finding beside its message. */
export function circumstances(finding: GateFinding): string[] {
  const { when, dependsOn, verdict, known } = finding;
  return [
    ...(verdict === 'undecided' ? [`cannot be decided: it depends on ${dependsOn.join(', ')}`] : []),
    ...(verdict === 'error' ? ['the rule cannot be judged here'] : []),
    ...(when.length > 0 ? [`when ${when.join(' and ')}`] : []),
    ...(known === true ? ['in the baseline'] : []),
  ];
}

export function resourceText({ resource }: GateFinding): string {
  return resource === undefined ? 'the template' : (resource.address ?? resource.logicalId);
}
