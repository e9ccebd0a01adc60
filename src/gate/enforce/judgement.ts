import type { Problem } from '../../model/problem.ts';
import type { Judge } from '../check.ts';
import { counts, type GateFinding } from '../finding.ts';
import { atLeast } from '../severity.ts';
import type { Subject } from '../subject.ts';
import { type Suppression, suppress, suppressionsIn } from '../suppressions.ts';
import type { EnforcementRules } from './rules.ts';

/** What the gate says of a change. */
export interface Judgement {
  readonly outcome: 'allowed' | 'refused' | 'not-judged';
  /** What stops the change, the most severe first. */
  readonly refusals: readonly GateFinding[];
  /** What is told and does not stop it. */
  readonly remarks: readonly GateFinding[];
  /** Why something could not be judged; with the outcome `not-judged` that is what stops the change. */
  readonly gaps: readonly string[];
}

export interface Judging {
  readonly judge: Judge;
  readonly rules: EnforcementRules;
  /** Accepted findings, from a file of those who keep the gate. */
  readonly suppressions: readonly Suppression[];
  /** Policies that could not be read. */
  readonly problems: readonly Problem[];
  /** `2026-12-31`, in UTC. */
  readonly today: () => string;
}

/** What is bad stops a change also where something else could not be judged. */
export function judgementOf(
  subject: Subject,
  judging: Judging,
  touched: (findings: readonly GateFinding[]) => readonly GateFinding[] = (findings) => findings,
): Judgement {
  const { rules } = judging;
  const today = judging.today();
  const own = rules.templateSuppressions ? suppressionsIn(subject).suppressions : [];
  const { findings } = suppress(judging.judge(subject), [...judging.suppressions, ...own], {
    today,
    tellUnused: false,
  });
  const open = [...touched(findings)].filter(counts).sort(bySeverity(rules));
  const errors = open.filter(({ verdict }) => verdict === 'error');
  const refusals = open.filter((finding) => stops(finding, rules));
  const faults = [
    ...judging.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ...errors.map(
      ({ policy, resource, message }) =>
        `${policy.id} on ${resource?.logicalId ?? 'the template'}: ${message}`,
    ),
  ];
  const unseen = subject.notJudged.map(({ resource, reason }) => `${resource}: ${reason}`);
  if (subject.incomplete) unseen.push('Conditions: there are more combinations than are judged');
  const notJudged =
    (faults.length > 0 && rules.onError === 'refuse') ||
    (unseen.length > 0 && rules.onNotJudged === 'refuse');
  return {
    outcome: refusals.length > 0 ? 'refused' : notJudged ? 'not-judged' : 'allowed',
    refusals,
    remarks: open.filter((finding) => finding.verdict !== 'error' && !refusals.includes(finding)),
    gaps: [...faults, ...unseen],
  };
}

/** A change that could not be read. */
export function unreadable(reasons: readonly string[], { rules }: Judging): Judgement {
  const outcome = rules.onError === 'refuse' ? 'not-judged' : 'allowed';
  return { outcome, refusals: [], remarks: [], gaps: reasons };
}

function stops(finding: GateFinding, rules: EnforcementRules): boolean {
  if (!atLeast(finding.severity, rules.failOn)) return false;
  return finding.verdict === 'fail' || (finding.verdict === 'undecided' && rules.onUndecided === 'refuse');
}

function bySeverity(rules: EnforcementRules) {
  return (a: GateFinding, b: GateFinding): number =>
    Number(stops(b, rules)) - Number(stops(a, rules)) ||
    Number(atLeast(b.severity, a.severity)) - Number(atLeast(a.severity, b.severity)) ||
    a.place.line - b.place.line;
}
