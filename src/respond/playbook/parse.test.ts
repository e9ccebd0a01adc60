// biome-ignore-all lint/suspicious/noTemplateCurlyInString: playbooks write references so
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actionThat, named, playbookOf, playbookText } from '../../../test/playbook.ts';
import { done } from '../../actions/action.ts';
import { INSTANCE } from '../../model/subject.ts';
import { parsePlaybook } from './parse.ts';

const BUCKET = 'AWS::S3::Bucket';
const VOLUME = 'AWS::EC2::Volume';
const just = () => done(null, '');
const ACTIONS = [
  actionThat('record', just, { effect: 'read', input: z.strictObject({}) }),
  actionThat('isolate', just, { needs: ['record'], subjects: [INSTANCE, VOLUME] }),
  actionThat('tag', just, {
    subjects: [],
    input: z.strictObject({ key: z.string().min(1), days: z.number().max(30).optional() }),
  }),
  actionThat('block', just, { subjects: [BUCKET] }),
  actionThat('seal-evidence', just, { effect: 'read', subjects: [] }),
  actionThat('kill', just, { effect: 'irreversible', needs: ['seal-evidence'] }),
];

/** Two that need nothing. */
const UNRELATED = [
  actionThat('isolate', just, { subjects: [INSTANCE, VOLUME] }),
  actionThat('block', just, { subjects: [BUCKET] }),
];

function problemsOf(text: string) {
  const parsed = parsePlaybook({ file: 'p.yml', text }, named(ACTIONS));
  return parsed.ok ? [] : parsed.problems;
}

const of = (steps: string, head?: string) => problemsOf(playbookText(steps, head));

describe('a playbook that is wrong is refused where it is wrong', () => {
  it.each<[string, string, string, number, number, (string | undefined)?]>([
    ['an unknown action', '- action: isolat', 'there is no action isolat', 1, 11, 'isolate'],
    ['a step that does nothing', '- id: a', 'a step that does nothing', 1, 3],
    ['a step of two kinds', '- action: record\n  wait: {for: 1m}', 'a step is one of action, wait', 2, 3],
    ['an unknown key', '- action: record\n  timout: 4', 'unknown key timout', 2, 3, 'timeout'],
    [
      'a key of another kind',
      '- wait: {for: 1m}\n  timeout: 4',
      'timeout is for a step that is an action',
      2,
      3,
    ],
    [
      'a word for a time',
      '- wait: {for: soon}',
      'steps.0.wait.for: a whole number and s, m, h or d, such as 10m',
      1,
      15,
    ],
    ['two ends of a wait', '- wait: {for: 1m, until: 3}', 'steps.0.wait: either for, or until', 1, 3],
    ['a time that is none', '- wait: {until: tomorrow}', 'tomorrow is no time', 1, 17],
    [
      'three approvers',
      '- approve: {message: x, approvers: 3}',
      'steps.0.approve.approvers: Invalid input',
      1,
      36,
    ],
    [
      'an action twice',
      '- action: record\n- action: record',
      'record is in the playbook already',
      2,
      11,
      'id: record-2',
    ],
    [
      'an id twice',
      '- wait: {for: 1m}\n  id: a\n- wait: {for: 1m}\n  id: a',
      'a is in the playbook already',
      4,
      7,
    ],
    ['one branch', '- parallel: {a: [{action: record}]}', 'parallel has two branches or more', 1, 3],
    [
      'what an action does not know',
      '- action: tag\n  with: {key: a, kee: b}',
      'unknown key kee',
      2,
      18,
      'key',
    ],
    ['what an action needs', '- action: tag', 'tag needs with: key', 1, 11],
    [
      'a value of another type',
      '- action: tag\n  with: {key: [a]}',
      'steps.0.with.key: expected string, received array',
      2,
      10,
    ],
    [
      'a reference to nothing',
      '- action: tag\n  with: {key: "${subjct.id}"}',
      'there is no subjct to refer to',
      2,
      15,
      'subject',
    ],
    [
      'a field of the subject',
      '- action: tag\n  with: {key: "${subject.name}"}',
      'subject has no name',
      2,
      15,
    ],
    [
      'an undeclared input',
      '- action: tag\n  with: {key: "${inputs.dys}"}',
      'the playbook has no input dys',
      2,
      15,
      'inputs.days',
    ],
    [
      'a step that comes later',
      '- action: tag\n  with: {key: "${steps.tag.x}"}',
      'the step tag does not come before this one',
      2,
      15,
    ],
    [
      'a reference without an end',
      '- action: tag\n  with: {key: "${subject.id"}',
      '${subject.id does not end',
      2,
      15,
    ],
    ['a bare root', '- approve: {message: "${steps}"}', 'steps names nothing', 1, 22],
    ['a condition on nothing', '- action: record\n  if: {}', 'the selection looks for nothing', 2, 3],
    ['a condition that is a text', '- action: record\n  if: yes please', 'no selection', 2, 7],
    [
      'keywords as a condition',
      '- action: record\n  if: {"|contains": x}',
      'a selection without a field',
      2,
      8,
    ],
    [
      'a condition on an unknown field',
      '- action: record\n  if: {subject.typ: x}',
      'subject has no typ',
      2,
      8,
      'subject.type',
    ],
    [
      'an unknown modifier',
      '- action: record\n  if: {subject.type|startwith: x}',
      'unknown modifier startwith',
      2,
      8,
      'startswith',
    ],
    [
      'a step of another branch',
      '- parallel: [[{action: record}], [{action: tag, with: {key: "${steps.record.x}"}}]]',
      'the step record does not come before this one',
      1,
      61,
    ],
  ])('%s', (_, steps, message, line, column, fix) => {
    const [problem] = of(steps, 'inputs: {days: {type: number, default: 1}}\n');
    expect(problem?.message).toContain(message);
    expect([(problem?.line ?? 0) - 4, (problem?.column ?? 0) - 2]).toEqual([line, column]);
    expect(problem?.frame).toContain('^');
    if (fix !== undefined) expect(problem?.fix).toBe(fix);
  });

  it.each([
    ['no steps', 'name: a\ntitle: A\nsteps: []\n', /steps/],
    ['a name with spaces', 'name: a b\ntitle: A\nsteps: [{action: record}]\n', /small letters/],
    [
      'a default of another type',
      'name: a\ntitle: A\ninputs: {n: {type: number, default: x}}\nsteps: [{action: record}]\n',
      /another type/,
    ],
    ['two documents', 'name: a\n---\nname: b\n', /one YAML document/],
    [
      'an alias bomb',
      `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]\n`,
      /alias/i,
    ],
  ])('%s', (_, text, message) => {
    expect(problemsOf(text)[0]?.message).toMatch(message);
  });

  it('every fault is told at once', () => {
    expect(of('- action: recrd\n- wait: {for: x}\n- action: tag\n  with: {}')).toHaveLength(3);
  });

  it('never throws, whatever the text is', () => {
    const word = fc.constantFrom(
      'name: a',
      'title: b',
      'steps:',
      '- action: tag',
      '  with: {key: "${',
      'steps',
      '}"}',
      '- parallel:',
      '  - [',
      ']',
      '{',
      '  if: {a|re: "("}',
      'on_failure',
      ': ',
      '\n',
      '- wait: {until: "${steps..}"}',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 15 }), (words) => {
        problemsOf(words.join('\n'));
      }),
    );
  });
});

describe('a reference', () => {
  it('stands for any value that is not known yet, but not for one that is missing or too much', () => {
    const head = 'inputs: {days: {type: number, default: 1}}\n';
    expect(of('- action: tag\n  with: {key: a, days: "${inputs.days}"}', head)).toEqual([]);
    expect(of('- action: tag\n  with: {days: "${inputs.days}"}', head)[0]?.message).toBe(
      'steps.0.with.key is missing',
    );
    expect(of('- action: tag\n  with: {key: a, days: 31}', head)[0]?.message).toMatch(/days/);
  });

  it('leads into branches that are behind it', () => {
    expect(
      of(
        '- parallel: [[{action: record}], [{wait: {for: 1m}}]]\n- action: tag\n  with: {key: "${steps.record.x}"}',
      ),
    ).toEqual([]);
  });
});

describe('what a playbook is for', () => {
  const problemsOrSubjects = (steps: string) => {
    const parsed = parsePlaybook({ file: 'p.yml', text: playbookText(steps) }, named(UNRELATED));
    return parsed.ok ? parsed.value.subjects : parsed.problems.map(({ message }) => message);
  };

  it('is what all its actions can be done to', () => {
    const subjects = (steps: string) => playbookOf(playbookText(steps), ACTIONS).subjects;
    expect(subjects('- action: record\n- action: isolate')).toEqual([INSTANCE]);
    expect(subjects('- action: seal-evidence')).toEqual([]);
  });

  it('is also what an action is not done to, by a condition that asks for the type alone', () => {
    const subjects = (condition: string) =>
      problemsOrSubjects(
        `- action: isolate\n  if: ${condition}\n- action: block\n  if: {subject.type: ${BUCKET}}`,
      );
    expect(subjects(`{subject.type: ${VOLUME}}`)).toEqual([INSTANCE, VOLUME, BUCKET]);
    expect(subjects(`{subject.type|startswith: 'AWS::EC2::'}`)).toEqual([INSTANCE, VOLUME, BUCKET]);
    for (const open of [
      '{subject.id: x}',
      `{subject.type: ${VOLUME}, subject.region: x}`,
      '{subject.type|re: S3}',
    ])
      expect(subjects(open), open).toEqual([INSTANCE, VOLUME]);
  });

  it('is nothing, and a fault, where the actions have nothing in common', () => {
    expect(of('- action: record\n- action: block')[0]?.message).toMatch(
      /nothing that all actions can be done to: block is for AWS::S3::Bucket/,
    );
  });

  it('may be said, and must then be right', () => {
    expect(of('- action: seal-evidence', `subjects: [${BUCKET}]\n`)).toEqual([]);
    expect(of('- action: record', `subjects: [${BUCKET}]\n`)[0]).toMatchObject({
      line: 3,
      message: `record cannot be done to ${BUCKET}`,
      expected: INSTANCE,
    });
  });
});

describe('evidence before damage: an action that cannot be undone', () => {
  const kill = '- action: kill';
  const seal = '- action: seal-evidence';
  it.each([
    ['behind sealed evidence', `${seal}\n${kill}`],
    [
      'in a branch, the evidence sealed before it',
      `${seal}\n- parallel: [[{action: kill}], [{action: record}]]`,
    ],
    [
      'under the condition that the evidence is sealed under',
      `${seal}\n  if: {subject.region: us-east-1}\n${kill}\n  if: {subject.region: us-east-1}`,
    ],
    [
      'under one more condition',
      `${seal}\n- parallel: [[{action: kill, if: {subject.region: x}}], [{action: record}]]\n  if: {subject.account: y}`,
    ],
    [
      'after a failure, when the evidence is sealed by then',
      `${seal}\n- action: record\n  on_failure: {steps: [{action: kill}]}`,
    ],
  ])('is allowed %s', (_, steps) => {
    expect(of(steps)).toEqual([]);
  });

  it.each([
    ['without sealed evidence', kill],
    ['before it is sealed', `${kill}\n${seal}`],
    ['beside the branch that seals it', '- parallel: [[{action: seal-evidence}], [{action: kill}]]'],
    ['when it is sealed only under a condition', `${seal}\n  if: {subject.region: x}\n${kill}`],
    [
      'when it is sealed under another condition',
      `${seal}\n  if: {subject.region: x}\n${kill}\n  if: {subject.region: y}`,
    ],
    ['when the failure to seal it goes on', `${seal}\n  on_failure: continue\n${kill}`],
    [
      'when only a failure seals it',
      `- action: record\n  on_failure: {steps: [{action: seal-evidence}], afterwards: continue}\n${kill}`,
    ],
    ['on the failure to seal it', `${seal}\n  on_failure: {steps: [{action: kill}]}`],
  ])('is refused %s', (_, steps) => {
    const messages = of(steps).map(({ message }) => message);
    expect(messages).toContain('kill cannot be undone and no evidence is sealed before it on every way');
  });

  it('is refused where other branches may still add to the evidence', () => {
    const [problem] = of('- parallel: [[{action: seal-evidence}], [{action: record}]]');
    expect(problem?.message).toMatch(/while other branches may still add to it/);
  });
});

describe('what an action needs', () => {
  it.each([
    ['comes before it', '- action: record\n- action: isolate', 0],
    ['comes after it', '- action: isolate\n- action: record', 1],
    ['is in another branch', '- parallel: [[{action: record}], [{action: isolate}]]', 1],
    [
      'is in a branch behind it',
      '- parallel: [[{action: record}], [{wait: {for: 1m}}]]\n- action: isolate',
      0,
    ],
    ['may be left out', '- action: record\n  if: {subject.region: x}\n- action: isolate', 1],
    ['may have failed', '- action: record\n  on_failure: continue\n- action: isolate', 1],
  ])('%s', (_, steps, faults) => {
    const problems = of(steps);
    expect(problems).toHaveLength(faults);
    if (faults > 0) expect(problems[0]?.message).toBe('isolate needs record before it on every way');
  });
});
