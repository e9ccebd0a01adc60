import { describe, expect, it } from 'vitest';
import { INSTANCE, type Subject } from '../model/subject.ts';
import type { PastCase } from '../respond/case-history.ts';
import type { RehearsedDecision } from '../respond/rehearsal.ts';
import { comparePage } from './compare-page.ts';
import { type ComparedSide, compareReport } from './compare-report.ts';
import { replayReport } from './replay-report.ts';

const subject = (id: string): Subject => ({ type: INSTANCE, id, account: '1', region: 'eu-west-1' });

interface Side {
  /** The text of each rule. */
  readonly rules: Readonly<Record<string, string>>;
  /** Matches by `rule on subject`. */
  readonly found: Readonly<Record<string, number>>;
  readonly responds?: readonly string[];
}

function side(name: string, { rules, found, responds = [] }: Side): ComparedSide {
  const ref = (id: string) => ({
    id,
    title: id,
    level: id.startsWith('high') ? ('high' as const) : ('low' as const),
  });
  const bySubject = Map.groupBy(Object.entries(found), ([key]) => key.split(' on ')[1] ?? '');
  const cases = [...bySubject].map(
    ([id, those]): PastCase => ({
      id: `case-${id}`,
      subject: subject(id),
      firstSeen: 0,
      lastSeen: 0,
      findings: those.map(([key, count]) => ({
        rule: ref(key.split(' on ')[0] ?? ''),
        count,
        firstSeen: 0,
        lastSeen: 0,
        branch: { selections: [], because: [] },
        days: [{ day: 0, count }],
        samples: [],
      })),
    }),
  );
  const armed = responds.map(
    (id): RehearsedDecision => ({
      caseId: `case-${id}`,
      at: 0,
      rule: ref('high'),
      mode: 'enforce',
      playbook: 'contain',
      outcome: 'responding',
      reason: '',
      answers: [],
      plan: ['isolate'],
    }),
  );
  const report = replayReport({
    files: 1,
    events: 10,
    byFormat: { 'vpc-flow': 10 },
    outside: 0,
    skipped: 0,
    badRecords: 0,
    badSources: [],
    badExamples: [],
    lateForCorrelations: 0,
    rules: Object.keys(rules).map((id) => ({
      rule: ref(id),
      kind: 'rule',
      binding: { mode: 'record' },
      formats: ['vpc-flow'],
    })),
    cases,
    decisions: [],
    armed,
  });
  return {
    name,
    rules: Object.entries(rules).map(([id, detection]) => ({ rule: ref(id), parts: { detection } })),
    report,
  };
}

describe('two sets of rules on the same logs', () => {
  const before = side('old', {
    rules: { kept: 'a', other: 'a', gone: 'a' },
    found: { 'kept on i-1': 5, 'other on i-1': 3, 'gone on i-2': 2, 'gone on i-1': 1 },
    responds: ['i-2'],
  });
  const after = side('new', {
    rules: { kept: 'a', other: 'b', 'high-new': 'a' },
    found: { 'kept on i-1': 5, 'other on i-1': 9, 'high-new on i-3': 1 },
    responds: ['i-3'],
  });
  const report = compareReport(before, after);

  it('tells which rules are not the same, and in what', () => {
    expect(report.rules.map(({ rule, change, parts }) => [change, rule.id, parts])).toEqual([
      ['added', 'high-new', []],
      ['changed', 'other', ['detection']],
      ['removed', 'gone', []],
    ]);
  });

  it('tells what is found only with one of them, by rule and subject', () => {
    const named = (those: typeof report.findings.added) =>
      those.map((one) => `${one.rule.id} on ${one.subject.id}: ${one.before} → ${one.after}`);
    expect(named(report.findings.added)).toEqual(['high-new on i-3: 0 → 1']);
    expect(named(report.findings.removed)).toEqual(['gone on i-2: 2 → 0', 'gone on i-1: 1 → 0']);
    expect(named(report.findings.changed)).toEqual(['other on i-1: 3 → 9']);
    expect(report.effects.map(({ rule }) => rule.id)).toEqual(['other', 'gone', 'high-new', 'kept']);
    expect(report).toMatchObject({ differs: true, highestAdded: 'high' });
  });

  it('tells which responses would newly run, and which no more', () => {
    expect(report.responses.added.map((one) => one.subject.id)).toEqual(['i-3']);
    expect(report.responses.removed.map((one) => one.subject.id)).toEqual(['i-2']);
    expect([report.before.responses, report.after.responses]).toEqual([1, 1]);
  });

  it('has nothing to tell of a set and itself', () => {
    expect(compareReport(before, before)).toMatchObject({
      differs: false,
      rules: [],
      findings: { added: [], removed: [], changed: [] },
      responses: { added: [], removed: [] },
    });
    expect(compareReport(before, before).highestAdded).toBeUndefined();
  });

  it('is a page as well', () => {
    const html = comparePage(report);
    expect(html).toContain('Found only now');
    expect(html).toContain('<code>high-new</code>');
    expect(comparePage(compareReport(after, after))).toContain('No difference');
  });
});
