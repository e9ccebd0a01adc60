import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Match, SAMPLES_PER_FINDING, tally } from '../detect/tally.ts';
import type { Subject } from '../model/subject.ts';
import { caseHistory, type PastCase } from './case-history.ts';

const MINUTE = 60_000;
const WINDOW = 60 * MINUTE;
const START = Date.parse('2026-11-24T23:30:00Z');

const subject = (id: string): Subject => ({
  type: 'AWS::EC2::Instance',
  id,
  account: '123456789012',
  region: 'eu-west-1',
});
const SUBJECTS = new Map(['i-1', 'i-2'].map((id) => [id, subject(id)]));

interface Found {
  readonly on: string;
  readonly rule: string;
  readonly minute: number;
}

const matchOf = ({ on, rule, minute }: Found, line: number): Match => ({
  rule: { id: rule, title: rule, level: 'low' },
  subject: SUBJECTS.get(on) as Subject,
  seenOn: SUBJECTS.get(on) as Subject,
  time: START + minute * MINUTE,
  evidence: () => ({ raw: `line ${line}`, origin: { source: 'f', offset: line, line } }),
  branch: () => ({ selections: [`of line ${line}`], because: [] }),
});

/** Cases of matches that were counted in so many pieces. */
function casesOf(found: readonly Found[], cuts: readonly number[] = []): PastCase[] {
  const history = caseHistory(WINDOW);
  const counting = tally(WINDOW);
  for (const [line, one] of found.entries()) {
    counting.add(matchOf(one, line));
    if (cuts.includes(line)) history.add(counting.take());
  }
  history.add(counting.take());
  return history.cases();
}

const on = (id: string, rule: string, ...minutes: number[]): Found[] =>
  minutes.map((minute) => ({ on: id, rule, minute }));

describe('cases of the past', () => {
  it('end where a subject is quiet for longer than the window', () => {
    const cases = casesOf(on('i-1', 'r', 0, 60, 120, 181));
    expect(cases.map(({ findings }) => findings.map(({ count }) => count))).toEqual([[3], [1]]);
  });

  it('are of one subject each, by time, with their rules by first match', () => {
    const cases = casesOf([...on('i-2', 'b', 5), ...on('i-1', 'b', 3, 4), ...on('i-1', 'a', 2)]);
    expect(cases.map((one) => [one.subject.id, one.findings.map(({ rule }) => rule.id)])).toEqual([
      ['i-1', ['a', 'b']],
      ['i-2', ['b']],
    ]);
  });

  it('do not depend on the order of the files: a match between two cases makes them one', () => {
    const [one, ...others] = casesOf(on('i-1', 'r', 0, 100, 50));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ firstSeen: START, lastSeen: START + 100 * MINUTE });
    expect(one?.findings[0]).toMatchObject({ count: 3, branch: { selections: ['of line 0'] } });
  });

  it('have their matches by day, in UTC', () => {
    const [one] = casesOf(on('i-1', 'r', 29, 31, 0, 30));
    const day = Math.floor(START / 86_400_000);
    expect(one?.findings[0]?.days).toEqual([
      { day, count: 2 },
      { day: day + 1, count: 2 },
    ]);
  });

  it('keep the first records of a finding, and count all', () => {
    const many = on('i-1', 'r', ...Array.from({ length: SAMPLES_PER_FINDING + 50 }, () => 0));
    const [one] = casesOf(many, [10, 100, 205]);
    expect(one?.findings[0]?.count).toBe(many.length);
    expect(one?.findings[0]?.samples.map(({ origin }) => origin.line)).toEqual(
      Array.from({ length: SAMPLES_PER_FINDING }, (_, line) => line),
    );
  });

  it('are named as a watch names them', () => {
    expect(casesOf(on('i-1', 'r', 0))[0]?.id).toMatch(/^case-2026-11-24-[0-9a-f]{8}$/);
  });

  it('are the same to the last record, wherever what was found was cut', () => {
    const found = fc.array(
      fc.record({
        on: fc.constantFrom('i-1', 'i-2'),
        rule: fc.constantFrom('a', 'b'),
        minute: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 60, 61, 121)),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(found, fc.array(fc.nat({ max: 59 })), (matches, cuts) => {
        expect(casesOf(matches, cuts)).toEqual(casesOf(matches));
      }),
      { numRuns: 2_000 },
    );
  });

  it('have no gap longer than the window, and are further apart than that', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 40 }), (minutes) => {
        const sorted = minutes.toSorted((a, b) => a - b);
        const starts = sorted.filter((minute, at) => at === 0 || minute - (sorted[at - 1] ?? 0) > 60);
        const cases = casesOf(on('i-1', 'r', ...minutes));
        expect(cases.map(({ firstSeen }) => (firstSeen - START) / MINUTE)).toEqual(starts);
      }),
    );
  });
});
