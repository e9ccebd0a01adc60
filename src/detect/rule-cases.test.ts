import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressSet } from '../intel/address-set.ts';
import { parseRuleCases, type RuleCases } from './rule-cases.ts';
import { attackCoverage, techniquesOf } from './rule-cases-coverage.ts';
import { junitReport } from './rule-cases-junit.ts';
import { type CaseResult, findingRules, runRuleCases } from './rule-cases-run.ts';
import { buildRuleSet } from './rules.ts';

const STOP = `{ eventTime: "2026-11-24T09:00:00Z", eventSource: cloudtrail.amazonaws.com, eventName: StopLogging }`;
const LIST = `{ eventTime: "2026-11-24T09:00:00Z", eventSource: cloudtrail.amazonaws.com, eventName: ListTrails }`;
const FLOW = '2 123456789012 eni-1 10.0.0.5 192.0.2.9 40000 22 6 1 40 1795510800 1795510860 ACCEPT OK';
const context = { ownNetworks: addressSet(['10.0.0.0/8']) };

const file = (match: string, noMatch = `- name: another call\n    event: ${LIST}`, head = '') =>
  `${head}match:\n  ${match}\nno_match:\n  ${noMatch}\n`;

function read(text: string): RuleCases {
  const cases = parseRuleCases({ file: 'r.events.yml', text });
  if (!cases.ok) throw new Error(cases.problems.map(({ message }) => message).join('\n'));
  return cases.value;
}

function problemsOf(text: string): string[] {
  const cases = parseRuleCases({ file: 'r.events.yml', text });
  return cases.ok ? [] : cases.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a file of cases', () => {
  it('has events of any log format, in the order in which they are written', () => {
    const { cases } = read(
      file(
        `- name: a call\n    event: ${STOP}\n  - name: two flows\n    lines: |\n      ${FLOW}\n      ${FLOW}`,
      ),
    );
    expect(cases.map(({ name, expected, line, events }) => [name, expected, line, events.length])).toEqual([
      ['a call', 'match', 2, 1],
      ['two flows', 'match', 4, 2],
      ['another call', 'no_match', 9, 1],
    ]);
    expect(cases[0]?.events[0]).toMatchObject({ format: 'cloudtrail', fields: { eventName: 'StopLogging' } });
    expect(cases[1]?.events[1]).toMatchObject({ format: 'vpc-flow', fields: { dstport: 22 } });
  });

  it('repeats an event with its number in it and its time moved on', () => {
    const { cases } = read(
      file(`- name: three\n    lines: "${FLOW.replace(' 22 ', ' {n+100} ')}"\n    repeat: 3\n    every: 10s`),
    );
    const events = cases[0]?.events ?? [];
    expect(events.map(({ fields }) => fields.dstport)).toEqual([101, 102, 103]);
    expect(events.map(({ time }) => time - (events[0]?.time ?? 0))).toEqual([0, 10_000, 20_000]);
  });

  it('leaves braces alone where nothing is repeated', () => {
    const { cases } = read(file(`- name: one\n    event: ${STOP.replace('StopLogging', '"Stop{n}"')}`));
    expect(cases[0]?.events[0]?.fields.eventName).toBe('Stop{n}');
  });

  it('may be a sequence of several sorts of events', () => {
    const { cases } = read(
      file(`- name: two\n    sequence:\n      - { event: ${LIST}, repeat: 2 }\n      - event: ${STOP}`),
    );
    expect(cases[0]?.events.map(({ fields }) => fields.eventName)).toEqual([
      'ListTrails',
      'ListTrails',
      'StopLogging',
    ]);
  });

  it('says what lists stand for: addresses are looked up, other values are compared', () => {
    const { lists } = read(
      file(`- name: a\n    event: ${STOP}`, undefined, 'lists:\n  bad: [192.0.2.0/24]\n  ports: [22, 23]\n'),
    );
    const bad = lists.get('bad');
    expect(bad?.kind === 'lookup' && bad.find('192.0.2.9')).toBe('192.0.2.0/24');
    expect(lists.get('ports')).toEqual({ kind: 'values', values: [22, 23] });
  });

  it.each([
    ['an unknown key', `- name: a\n    evnt: ${STOP}`, /^3:5 unknown key evnt/],
    [
      'events beside a sequence',
      `- name: a\n    event: ${STOP}\n    sequence: [{ event: ${STOP} }]`,
      /^4:5 a sequence has its events in its parts/,
    ],
    ['no event', '- name: a', /^2:5 no event$/],
    [
      'two kinds of events',
      `- name: a\n    event: ${STOP}\n    lines: x`,
      /^2:5 more than one kind of event/,
    ],
    [
      'a line that no format knows',
      '- name: a\n    lines: hello',
      /^3:12 the event cannot be read: no log format/,
    ],
    [
      'a record without its time',
      '- name: a\n    event: { eventSource: a, eventName: b }',
      /^3:5 .*no log format/,
    ],
    ['lines without a record', '- name: a\n    lines: ""', /^3:12 there is no event in it/],
    ['a wrong duration', `- name: a\n    event: ${STOP}\n    every: soon`, /^4:12 .*duration/],
    ['too many repetitions', `- name: a\n    event: ${STOP}\n    repeat: 99999`, /^4:13 /],
  ])('is refused at the place for %s', (_, match, problem) => {
    expect(problemsOf(file(match))[0]).toMatch(problem);
  });

  it('wants cases of both sorts', () => {
    expect(problemsOf(`match:\n  - name: a\n    event: ${STOP}\n`)[0]).toMatch(/no_match is missing/);
    expect(problemsOf('')[0]).toMatch(/one YAML document|missing|document/);
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        parseRuleCases({ file: 'r.events.yml', text });
        parseRuleCases({ file: 'r.events.yml', text: file(`- name: a\n    lines: ${JSON.stringify(text)}`) });
      }),
    );
  });
});

const rule = (more: string) => `title: Stopped\nid: stopped\n${more}`;
const STOPPED = rule(
  'logsource: { product: aws, service: cloudtrail }\ndetection:\n  call:\n    eventName: StopLogging\n  failed:\n    errorCode|exists: true\n  condition: call and not failed\n',
);

function run(rules: string, cases: string): CaseResult[] {
  const set = buildRuleSet([{ file: 'r.yml', text: rules }], new Map(), []);
  if (set.problems.length > 0) throw new Error(set.problems[0]?.message);
  const results = runRuleCases(set, findingRules(set), read(cases), context);
  if (!results.ok) throw new Error(results.problems[0]?.message);
  return results.value;
}

describe('cases that are run', () => {
  it('pass where the rule says what they say', () => {
    const results = run(STOPPED, file(`- name: stopped\n    event: ${STOP}`));
    expect(results.map(({ passed, matches }) => [passed, matches])).toEqual([
      [true, 1],
      [true, 0],
    ]);
  });

  it('that must match and do not name the branch that kept the event out', () => {
    const [result] = run(
      STOPPED,
      file(`- name: it failed\n    event: ${STOP.replace(' }', ', errorCode: AccessDenied }')}`),
    );
    expect(result).toMatchObject({ passed: false, matches: 0 });
    const texts = result?.why.map(({ text, matched }) => `${matched ? '+' : '-'} ${text}`);
    expect(texts).toContain('+ errorCode|exists: exists: true; the event has AccessDenied');
    expect(texts?.join('\n')).not.toContain('eventName');
  });

  it('that must not match and do name the branch that let it in', () => {
    const results = run(
      STOPPED,
      file(`- name: stopped\n    event: ${STOP}`, `- name: also stopped\n    event: ${STOP}`),
    );
    expect(results[1]).toMatchObject({ passed: false, name: 'also stopped' });
    expect(results[1]?.message).toBe('stopped matched 1 of 1 events, and should match none');
    expect(results[1]?.why.map(({ text }) => text)).toContain(
      'eventName: StopLogging; the event has StopLogging',
    );
  });

  it('of several events fail when one of them is missed', () => {
    const [result] = run(STOPPED, file(`- name: two\n    events: [${STOP}, ${LIST}]`));
    expect(result).toMatchObject({ passed: false, matches: 1, events: 2 });
    expect(result?.why.map(({ text }) => text)).toContain('eventName: StopLogging; the event has ListTrails');
  });

  it('may count', () => {
    const [result] = run(STOPPED, file(`- name: two\n    count: 1\n    events: [${STOP}, ${LIST}]`));
    expect(result?.passed).toBe(true);
  });

  it('must say which rule they are for where the file has several', () => {
    const both = `${STOPPED}---\n${STOPPED.replaceAll('topped', 'topped2')}`;
    expect(() => run(both, file(`- name: a\n    event: ${STOP}`))).toThrow(/which of 2 rules/);
    expect(() => run(both, file(`- name: a\n    rule: stoped\n    event: ${STOP}`))).toThrow(/as stoped/);
    const named = file(
      `- name: a\n    rule: stopped2\n    event: ${STOP}`,
      `- name: b\n    rule: stopped\n    event: ${LIST}`,
    );
    expect(run(both, named).map(({ rule: id, passed }) => [id, passed])).toEqual([
      ['stopped2', true],
      ['stopped', true],
    ]);
  });
});

const BURST = `${STOPPED}---\ntitle: Burst\nid: burst\ncorrelation:\n  type: event_count\n  rules: [stopped]\n  group-by: [eventSource]\n  timespan: 1m\n  condition: { gte: 3 }\n`;

describe('cases of a correlation', () => {
  const stopped = (repeat: number, every: string) =>
    `event: ${STOP}\n    repeat: ${repeat}\n    every: ${every}`;

  it('match when it does; the rule that serves it makes no finding', () => {
    const results = run(
      BURST,
      file(`- name: burst\n    ${stopped(3, '10s')}`, `- name: slow\n    ${stopped(3, '1h')}`),
    );
    expect(results.map(({ rule: id, passed }) => [id, passed])).toEqual([
      ['burst', true],
      ['burst', true],
    ]);
  });

  it('that fail say what the rules that serve it matched', () => {
    const [result] = run(BURST, file(`- name: few\n    ${stopped(2, '10s')}`));
    expect(result).toMatchObject({ passed: false, matches: 0 });
    expect(result?.why).toEqual([{ depth: 0, matched: true, text: 'stopped matched 2 of 2 events' }]);
  });
});

describe('coverage of ATT&CK', () => {
  it('counts rules by tactic and by technique', () => {
    const coverage = attackCoverage([
      { id: 'a', tags: ['attack.impact', 'attack.t1485', 'attack.T1485'] },
      { id: 'b', tags: ['attack.defense_evasion', 'attack.t1562.008', 'attack.t1485', 'cve.2021-44228'] },
      { id: 'c', tags: ['attack.impact'] },
    ]);
    expect(coverage.techniques).toEqual([
      { technique: 'T1485', rules: 2 },
      { technique: 'T1562.008', rules: 1 },
    ]);
    expect(coverage.tactics.filter(({ rules }) => rules > 0)).toEqual([
      { tactic: 'defense-evasion', rules: 1 },
      { tactic: 'impact', rules: 2 },
    ]);
    expect(coverage.without).toEqual(['c']);
    expect(techniquesOf(['attack.t12', 'attack.t1562.08', 'attack.g0016'])).toEqual([]);
  });
});

describe('the JUnit report', () => {
  it('has a suite a file and a failure with its reason, and nothing of a record breaks it', () => {
    const [result] = run(
      STOPPED,
      file(`- name: '<b>"it" failed & \\e'\n    event: ${STOP.replace('StopLogging', '"]]><x>\\u0000"')}`),
    );
    const report = junitReport([{ file: 'rules/r.yml', results: result === undefined ? [] : [result] }]);
    expect(report).toContain('<testsuite name="rules/r.yml" tests="1" failures="1">');
    expect(report).toContain('matches: &lt;b&gt;&quot;it&quot; failed &amp; \\e');
    expect(report).toContain(']]&gt;&lt;x&gt;\\u{0}');
    expect(report).not.toMatch(/[\0]/);
  });
});
