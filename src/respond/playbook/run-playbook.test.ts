// biome-ignore-all lint/suspicious/noTemplateCurlyInString: playbooks write references so
import { describe, expect, it } from 'vitest';
import { actionThat, caseOf, INCIDENT, playbookOf, playbookText, START } from '../../../test/playbook.ts';
import { type Action, type ActionContext, done } from '../../actions/action.ts';
import type { Json } from '../../model/json.ts';

/** Actions that note when they run, and on what. */
function noting(...names: readonly string[]) {
  const log: string[] = [];
  const inputs: Record<string, unknown> = {};
  const actions = names.map((name) =>
    actionThat(name, ({ input }) => {
      log.push(name);
      inputs[name] = input;
      return done({ ...input, by: name } as Json, name);
    }),
  );
  return { log, inputs, actions };
}

/** An action that AWS fails so often. */
function failing(name: string, times: number, log: string[] = []): Action {
  let left = times;
  return actionThat(name, () => {
    log.push(name);
    if (left-- > 0) throw new Error(`${name} broke`);
    return done(null, name);
  });
}

const MINUTE = 60_000;
const seal = actionThat('seal-evidence', () => done({ manifest: 'x' }, 'sealed'), {
  effect: 'read',
  subjects: [],
});

describe('the steps of a playbook', () => {
  it('are done one after the other, once, however often it is run', async () => {
    const { log, actions } = noting('a', 'b');
    await using the = caseOf(playbookOf(playbookText('- action: a\n- action: b'), actions));
    expect(await the.run()).toEqual({ status: 'done' });
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a', 'b']);
    expect(await the.ledger()).toEqual(['step.started a', 'step.done a', 'step.started b', 'step.done b']);
  });

  it('are given what the incident, the subject, the inputs and earlier steps say, as it is', async () => {
    const { inputs, actions } = noting('a', 'b');
    const text = playbookText(
      `- action: a
  with: {list: [1, {deep: yes}], text: 'case \${incident.id} of \${subject.id}'}
- action: b
  with:
    whole: \${steps.a.list}
    part: 'n=\${steps.a.list.0} \${inputs.days} days'
    days: \${inputs.days}
    none: '$\${aws:username}'`,
      'inputs:\n  days: {type: number, default: 7}\n',
    );
    await using the = caseOf(playbookOf(text, actions), { days: 9 });
    await the.run();
    expect(inputs).toEqual({
      a: { list: [1, { deep: 'yes' }], text: `case ${INCIDENT.id} of ${INCIDENT.subject.id}` },
      b: { whole: [1, { deep: 'yes' }], part: 'n=1 9 days', days: 9, none: '${aws:username}' },
    });
  });

  it('are given data that is never evaluated again', async () => {
    const { inputs, actions } = noting('b');
    const hostile = actionThat('a', () => done({ name: '${incident.id} ${steps.a}', bad: '__proto__' }, 'a'));
    const text = playbookText(
      "- action: a\n- action: b\n  with: {x: '${steps.a.name}', y: 'n ${steps.a.name}'}",
    );
    await using the = caseOf(playbookOf(text, [hostile, ...actions]));
    await the.run();
    expect(inputs.b).toEqual({ x: '${incident.id} ${steps.a}', y: 'n ${incident.id} ${steps.a}' });
  });

  it('stop and ask where a reference has no value, and go on once it has one', async () => {
    const { inputs, actions } = noting('b');
    const outputs: Json[] = [{}, { id: 7 }];
    const a = actionThat('a', () => done(outputs[0] ?? null, 'a'));
    const text = playbookText('- action: a\n- action: b\n  with: {id: "${steps.a.id}"}\n  on_failure: ask');
    await using the = caseOf(playbookOf(text, [a, ...actions]));
    expect(await the.run()).toEqual({ status: 'ask', step: 'b', reason: '${steps.a.id} has no value' });
    expect(inputs).toEqual({});
  });

  it('are told what an action was given when it began, also when something else is known now', async () => {
    const inputs: unknown[] = [];
    const a = actionThat('a', ({ input }) => {
      inputs.push(input);
      if (inputs.length === 1) return { status: 'ask', reason: 'no' };
      return done(null, 'a');
    });
    await using the = caseOf(
      playbookOf(playbookText('- action: a\n  with: {seen: "${incident.lastSeen}"}'), [a]),
    );
    await the.run();
    await the.run({ incident: { ...INCIDENT, lastSeen: START + 1 } });
    expect(inputs).toEqual([{ seen: '2026-11-24T09:00:00.000Z' }, { seen: '2026-11-24T09:00:00.000Z' }]);
  });
});

describe('a condition', () => {
  const conditional = (condition: string) =>
    `- action: a\n  with: {port: 22, names: [web, db]}\n- action: b\n  if: ${condition}`;
  it.each([
    ['{subject.type: AWS::EC2::Instance}', true],
    ['{subject.type|endswith: Bucket}', false],
    ['{steps.a.port|gte: 22, steps.a.names: db}', true],
    ['{steps.a.port|gte: 23, steps.a.names: db}', false],
    ['[{steps.a.port|gte: 23}, {steps.a.names: db}]', true],
    ['{steps.a.nothing: null}', true],
    ['{steps.a.port|exists: true}', true],
    ['{inputs.strict: true}', true],
    ['{incident.mode: enforce, incident.level: high}', false],
  ])('%s: %s', async (condition, wanted) => {
    const { log, actions } = noting('a', 'b');
    const text = playbookText(conditional(condition), 'inputs:\n  strict: {type: boolean, default: true}\n');
    await using the = caseOf(playbookOf(text, actions));
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(wanted ? ['a', 'b'] : ['a']);
    if (!wanted) expect(await the.ledger()).toContain('step.skipped b');
  });

  it('is decided once: what is true later does not bring back a step that was left out', async () => {
    const { log, actions } = noting('a', 'b', 'c');
    const text = playbookText('- action: a\n  if: {incident.mode: approve}\n- action: b\n- action: c');
    await using the = caseOf(playbookOf(text, actions));
    await the.run();
    await the.run({ incident: { ...INCIDENT, mode: 'approve' } });
    expect(log).toEqual(['b', 'c']);
  });
});

describe('a clock that is set back by days', () => {
  /** Jumps at the first sleep, as people and time servers have it do. */
  function jumping(the: ReturnType<typeof caseOf>) {
    let shift = 0;
    return {
      now: () => the.clock.now() + shift,
      sleep(milliseconds: number) {
        shift = -3 * 86_400_000;
        return the.clock.sleep(milliseconds);
      },
    };
  }
  const slept = (the: ReturnType<typeof caseOf>): number =>
    the.clock.slept.reduce((sum, one) => sum + one, 0);

  it('does not make a wait longer than it was to be', async () => {
    const { actions } = noting('a');
    await using the = caseOf(playbookOf(playbookText('- wait: {for: 30m}\n- action: a'), actions));
    expect(await the.run(jumping(the))).toEqual({ status: 'done' });
    expect(slept(the)).toBe(30 * MINUTE);
  });

  it('does not put off the end of a step that waits for AWS', async () => {
    const never = actionThat('never', () => ({ status: 'waiting', progress: 'not yet' }));
    await using the = caseOf(playbookOf(playbookText('- action: never\n  timeout: 10'), [never]));
    expect(await the.run(jumping(the))).toMatchObject({ status: 'ask', step: 'never' });
    expect(slept(the)).toBeLessThan(12 * MINUTE);
  });
});

describe('a wait', () => {
  it('lasts so long, in pieces, and a new process waits for the rest only', async () => {
    const { log, actions } = noting('a', 'b');
    await using the = caseOf(
      playbookOf(playbookText('- action: a\n- wait: {for: 3d}\n- action: b'), actions),
    );
    const stop = Object.assign(new Error('stop'), { name: 'AbortError' });
    const dying = async (milliseconds: number) => {
      if (the.clock.now() > START) throw stop;
      await the.clock.sleep(milliseconds);
    };
    await expect(the.run({ sleep: dying })).rejects.toBe(stop);
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a', 'b']);
    expect(the.clock.now()).toBe(START + 3 * 86_400_000);
    // The clock is looked at again and again: it may be set right meanwhile.
    expect(new Set(the.clock.slept)).toEqual(new Set([600_000]));
  });

  it.each([
    ["'2026-11-24T09:30:00Z'", START + 30 * MINUTE],
    ['"${steps.a.at}"', START + 10 * MINUTE],
    [`${START + MINUTE}`, START + MINUTE],
    ["'2020-01-01T00:00:00Z'", START],
  ])('until %s', async (until, end) => {
    const a = actionThat('a', () => done({ at: '2026-11-24T09:10:00Z' }, 'a'));
    await using the = caseOf(playbookOf(playbookText(`- action: a\n- wait: {until: ${until}}`), [a]));
    await the.run();
    expect(the.clock.now()).toBe(end);
  });

  it('until something that is no time asks', async () => {
    const a = actionThat('a', () => done({ at: 'soon' }, 'a'));
    await using the = caseOf(playbookOf(playbookText('- action: a\n- wait: {until: "${steps.a.at}"}'), [a]));
    expect(await the.run()).toEqual({ status: 'ask', step: 'wait-1', reason: '"soon" is no time' });
  });
});

describe('an approval', () => {
  const text = (more = '') =>
    playbookText(`- approve: {message: 'terminate \${subject.id}?', expires: 2h${more}}\n- action: a`);

  it('ends the run with what is asked; the yes lets it go on', async () => {
    const { log, actions } = noting('a');
    await using the = caseOf(playbookOf(text(), actions));
    const approval = {
      step: 'approve-1',
      message: `terminate ${INCIDENT.subject.id}?`,
      expiresAt: START + 120 * MINUTE,
      approvers: 1,
    };
    expect(await the.run()).toEqual({
      status: 'ask',
      step: 'approve-1',
      reason: approval.message,
      approval,
    });
    await the.approve('another-step', 'ada');
    expect(await the.run()).toMatchObject({ status: 'ask' });
    await the.approve('approve-1', 'ada');
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a']);
  });

  it('of two persons is no approval of one person twice', async () => {
    await using the = caseOf(playbookOf(text(', approvers: 2'), noting('a').actions));
    await the.run();
    await the.approve('approve-1', 'ada');
    await the.approve('approve-1', 'ada');
    expect(await the.run()).toMatchObject({ status: 'ask', approval: { approvers: 2 } });
    await the.approve('approve-1', 'grace');
    expect(await the.run()).toEqual({ status: 'done' });
  });

  it('that was given before it was asked for does not count', async () => {
    await using the = caseOf(playbookOf(text(), noting('a').actions));
    await the.approve('approve-1', 'ada');
    expect(await the.run()).toMatchObject({ status: 'ask' });
  });

  it('expires: what comes later is nothing, and it is asked for anew', async () => {
    await using the = caseOf(playbookOf(text(), noting('a').actions));
    await the.run();
    await the.clock.sleep(121 * MINUTE);
    await the.approve('approve-1', 'ada');
    expect(await the.run()).toMatchObject({ approval: { expiresAt: START + 241 * MINUTE + 1 } });
    await the.approve('approve-1', 'ada');
    expect(await the.run()).toEqual({ status: 'done' });
  });
});

describe('a step that fails', () => {
  it('is tried as often as the playbook says, each time after twice as long', async () => {
    const log: string[] = [];
    const text = playbookText('- action: a\n  retry: {tries: 5, after: 30s}');
    await using the = caseOf(playbookOf(text, [failing('a', 4, log)]));
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toHaveLength(5);
    expect(the.clock.slept).toEqual([30_000, 60_000, 120_000, 240_000]);
  });

  it('and cannot be done asks; a yes has it tried again', async () => {
    const log: string[] = [];
    await using the = caseOf(playbookOf(playbookText('- action: a'), [failing('a', 3, log)]));
    expect(await the.run()).toEqual({ status: 'ask', step: 'a', reason: 'a broke' });
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toHaveLength(4);
  });

  it('is left behind where the playbook says continue, also by the next process', async () => {
    const log: string[] = [];
    const b = failing('b', 1, log);
    const text = playbookText(
      '- action: a\n  on_failure: continue\n  retry: {tries: 2}\n- action: b\n  retry: {tries: 1}',
    );
    await using the = caseOf(playbookOf(text, [failing('a', 99, log), b]));
    expect(await the.run()).toMatchObject({ status: 'ask', step: 'b' });
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a', 'a', 'b', 'b']);
  });

  it.each([
    ['ask', 'ask', ['a', 'mend', 'a', 'b']],
    ['continue', 'done', ['a', 'mend', 'b']],
  ])('has other steps done first, and then: %s', async (afterwards, first, all) => {
    const { log, actions } = noting('mend', 'b');
    const text = playbookText(
      `- action: a
  retry: {tries: 1}
  on_failure:
    steps: [{action: mend}]
    afterwards: ${afterwards}
- action: b`,
    );
    await using the = caseOf(playbookOf(text, [failing('a', 1, log), ...actions]));
    expect((await the.run()).status).toBe(first);
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(all);
    expect(await the.ledger()).toContain('step.done a/on-failure/mend');
  });

  it('has an earlier action done again when it says so', async () => {
    const log: string[] = [];
    const a = actionThat('a', ({ earlierTry }) => {
      log.push(`a ${earlierTry}`);
      return done(log.length, 'a');
    });
    const b = actionThat('b', ({ output }) => {
      log.push(`b ${output('a')}`);
      return output('a') === 1 ? { status: 'ask', reason: 'bad', redo: 'a' } : done(null, 'b');
    });
    await using the = caseOf(playbookOf(playbookText('- action: a\n- action: b'), [a, b]));
    expect(await the.run()).toMatchObject({ status: 'ask', step: 'b' });
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a none', 'b 1', 'a unknown', 'b 3']);
  });
});

describe('a step that waits for AWS', () => {
  it('is asked again and again, tells progress once, and stops after its timeout', async () => {
    const a = actionThat('a', () => ({ status: 'waiting', progress: '10%' }));
    await using the = caseOf(playbookOf(playbookText('- action: a\n  timeout: 2'), [a]));
    expect(await the.run()).toEqual({
      status: 'ask',
      step: 'a',
      reason: 'a: not done after 2 minutes (10%)',
    });
    expect(await the.ledger()).toEqual(['step.started a', 'step.waiting a']);
    expect(the.clock.now()).toBe(START + 2 * MINUTE + 15_000);
  });
});

describe('branches', () => {
  it('run at the same time; what is behind them sees what they did', async () => {
    const { log, inputs, actions } = noting('a', 'b', 'c', 'd');
    const text = playbookText(
      `- parallel:
    first: [{wait: {for: 10m}}, {action: a, with: {n: 1}}]
    second: [{action: b, with: {n: 2}}, {wait: {for: 10m}}, {action: c}]
- action: d
  with: {both: '\${steps.a.n} \${steps.b.n}'}`,
    );
    await using the = caseOf(playbookOf(text, actions));
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['b', 'a', 'c', 'd']);
    expect(the.clock.now()).toBe(START + 10 * MINUTE);
    expect(inputs.d).toEqual({ both: '1 2' });
    expect((await the.store.journal(INCIDENT.id)).map(({ step }) => step)).toContain('second/b');
  });

  it('do not see what the others do, and what is behind them sees it all', async () => {
    const seen: unknown[] = [];
    const look = actionThat('look', ({ output }) => {
      seen.push([output('first'), output('made')]);
      return done(null, 'look');
    });
    const text = playbookText(`- action: first
  with: {n: 1}
- parallel: [[{action: made}], [{wait: {for: 1h}}, {action: look}]]
- action: look
  id: afterwards`);
    await using the = caseOf(playbookOf(text, [look, ...noting('first', 'made').actions]));
    await the.run();
    const first = { n: 1, by: 'first' };
    expect(seen).toEqual([
      [first, undefined],
      [first, { by: 'made' }],
    ]);
  });

  it('that stop do not stop the others', async () => {
    const { log, actions } = noting('b', 'c');
    const text = playbookText(
      '- parallel:\n    - [{action: a, retry: {tries: 1}}]\n    - [{action: b}, {wait: {for: 1m}}, {action: c}]',
    );
    await using the = caseOf(playbookOf(text, [failing('a', 1, log), ...actions]));
    expect(await the.run()).toEqual({ status: 'ask', step: '1/a', reason: 'a broke' });
    expect(log).toEqual(['a', 'b', 'c']);
    expect(await the.run()).toEqual({ status: 'done' });
    expect(log).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('what may say no', () => {
  it('is asked before every try of an action that changes something, and nothing is begun', async () => {
    const { log, actions } = noting('change');
    const look = actionThat('look', () => done(null, 'look'), { effect: 'read' });
    const asked: string[] = [];
    await using the = caseOf(
      playbookOf(playbookText('- action: look\n- action: change'), [look, ...actions]),
    );
    const beforeStep = async ({ id }: { id: string }) => {
      asked.push(id);
      return 'Cordon is stopped';
    };
    expect(await the.run({ beforeStep })).toEqual({
      status: 'ask',
      step: 'change',
      reason: 'Cordon is stopped',
    });
    expect(asked).toEqual(['change']);
    expect(log).toEqual([]);
    expect(await the.ledger()).not.toContain('step.started change');
    expect(await the.run()).toEqual({ status: 'done' });
  });

  it('is asked between two tries, and heard whatever the playbook says of failures', async () => {
    let tries = 0;
    const a = actionThat('a', () => {
      tries++;
      throw new Error('broke');
    });
    await using the = caseOf(playbookOf(playbookText('- action: a\n  on_failure: continue'), [a]));
    const beforeStep = async () => (tries > 0 ? 'Cordon is stopped' : undefined);
    expect(await the.run({ beforeStep })).toEqual({ status: 'ask', step: 'a', reason: 'Cordon is stopped' });
    expect(tries).toBe(1);
  });

  it('looks once more before anything irreversible, which is never done without evidence', async () => {
    const log: string[] = [];
    const kill = (context: ActionContext<Readonly<Record<string, unknown>>>) => {
      log.push('kill');
      return done(context.input as Json, 'kill');
    };
    const end = actionThat('kill', kill, { effect: 'irreversible' });
    const text = playbookText(
      '- action: seal-evidence\n  if: {incident.mode: approve}\n- action: kill\n  if: {incident.mode: approve}',
    );
    await using the = caseOf(playbookOf(text, [seal, end]));
    const incident = { ...INCIDENT, mode: 'approve' as const };
    const lastLook = async () => 'the limit is reached';
    expect(await the.run({ incident, lastLook })).toMatchObject({ reason: 'the limit is reached' });
    expect(await the.run({ incident })).toEqual({ status: 'done' });
    expect(log).toEqual(['kill']);
    // Two conditions that say the same may be decided at different times.
    await using other = caseOf(playbookOf(text, [seal, end]));
    const changing = { ...INCIDENT };
    let looks = 0;
    const findings = async () => {
      if (looks++ > 0) changing.mode = 'approve';
      return { findings: [], samples: [] };
    };
    expect(await other.run({ incident: changing, findings })).toMatchObject({
      step: 'kill',
      reason: 'no evidence is sealed',
    });
    expect(log).toEqual(['kill']);
  });
});
