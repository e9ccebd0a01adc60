import { type Subject, subjectKey } from '../model/subject.ts';
import type { PastCase } from '../respond/case-history.ts';
import { byText } from './order.ts';

/** A subject with what was found on it. */
export interface LoudSubject {
  readonly subject: Subject;
  readonly matches: number;
  readonly cases: number;
  /** Ids of the rules that found something on it, loudest first. */
  readonly rules: readonly string[];
}

/** Loudest first. */
export function loudSubjects(cases: readonly PastCase[]): LoudSubject[] {
  const counts = new Map<string, { subject: Subject; cases: number; byRule: Map<string, number> }>();
  for (const { subject, findings } of cases) {
    const key = subjectKey(subject);
    const known = counts.get(key) ?? { subject, cases: 0, byRule: new Map() };
    counts.set(key, known);
    known.cases++;
    for (const { rule, count } of findings)
      known.byRule.set(rule.id, (known.byRule.get(rule.id) ?? 0) + count);
  }
  const loud = [...counts].map(([key, { byRule, ...rest }]) => {
    const rules = [...byRule].sort((a, b) => b[1] - a[1] || byText(a[0], b[0]));
    const matches = rules.reduce((sum, [, count]) => sum + count, 0);
    return { key, subject: { ...rest, matches, rules: rules.map(([id]) => id) } };
  });
  loud.sort((a, b) => b.subject.matches - a.subject.matches || byText(a.key, b.key));
  return loud.map(({ subject }) => subject);
}
