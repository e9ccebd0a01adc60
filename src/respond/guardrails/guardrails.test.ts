import { describe, expect, it } from 'vitest';
import { ACCOUNT, court, incident, NOW } from '../../../test/court.ts';
import { configOf } from '../../config/config.ts';
import { stopEverything } from '../stop.ts';
import { DAY, HOUR, type QuestionedStep } from './guardrail.ts';
import { askGuardrails } from './guardrails.ts';
import { isQuiet } from './quiet-hours.ts';

const TERMINATE: QuestionedStep = {
  id: 'end-it',
  action: { name: 'terminate-instance', group: 'instance', effect: 'irreversible' },
};
const ISOLATE: QuestionedStep = {
  id: 'isolate',
  action: { name: 'isolate-instance', group: 'instance', effect: 'reversible' },
};

describe('every guardrail', () => {
  it('is on record with its reason, also when it says yes', async () => {
    const { answers, refusal } = await court().ask({ incident: incident('a') });
    expect(refusal).toBeUndefined();
    expect(answers).toEqual([
      { guardrail: 'global-stop', allowed: true, reason: 'nobody has stopped Cordon' },
      {
        guardrail: 'protected-tag',
        allowed: true,
        unknown: true,
        reason: 'without an account its tags are not known',
      },
      { guardrail: 'noisy-rule', allowed: true, reason: 'a rule finds no more than usual' },
      {
        guardrail: 'responses-per-hour',
        allowed: true,
        reason: '0 of 3 responses of the last hour are used',
      },
      { guardrail: 'responses-per-day', allowed: true, reason: '0 of 20 responses of the last day are used' },
      {
        guardrail: 'group-share',
        allowed: true,
        unknown: true,
        reason: 'without an account its groups are not known',
      },
    ]);
  });

  it('that cannot be asked says no, and the others are asked nevertheless', async () => {
    const { store, ask } = court();
    const broken = { ...store, occurrences: () => Promise.reject(new Error('the disk is gone')) };
    const { guardrails } = configOf({}, '');
    const { answers, refusal } = await askGuardrails({ incident: incident('a'), rules: ['r'] }, guardrails, {
      store: broken,
      now: () => NOW,
    });
    expect(refusal).toEqual({
      guardrail: 'limits',
      allowed: false,
      reason: 'limits cannot be asked: the disk is gone',
    });
    expect(answers).toHaveLength((await ask({ incident: incident('a') })).answers.length - 1);
  });
});

describe('protected accounts and resources', () => {
  it('are never touched', async () => {
    const { begin } = court({ protectedAccounts: [ACCOUNT] });
    expect(await begin({ incident: incident('a') })).toEqual([`account ${ACCOUNT} is protected`]);
    expect(await begin({ incident: incident('b', {}, { account: '999999999999' }) })).toEqual([]);
  });

  it.each([
    ['an id', 'i-1', {}],
    ['an ARN', `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-*`, {}],
    ['an ARN in China', 'arn:aws-cn:ec2:*:*:instance/*', { region: 'cn-north-1' }],
    [
      'the ARN of a user',
      'arn:aws:iam::*:user/admins/*',
      { type: 'AWS::IAM::User', id: `arn:aws:iam::${ACCOUNT}:user/admins/ada` },
    ],
    ['the name of a user', 'ada', { type: 'AWS::IAM::User', id: `arn:aws:iam::${ACCOUNT}:user/admins/ada` }],
    [
      'the role of a session',
      'arn:aws:iam::*:role/break-glass',
      { type: 'AWS::IAM::Role', id: `arn:aws:sts::${ACCOUNT}:assumed-role/break-glass/ada` },
    ],
  ])('by %s', async (_, pattern, subject) => {
    const one = incident('a', {}, subject);
    expect(await court({ protectedResources: [pattern] }).begin({ incident: one })).toEqual([
      `${one.subject.id} is protected by ${pattern}`,
    ]);
    const other = incident('b', {}, { id: 'arn:aws:iam::1:user/bob', type: 'AWS::IAM::User' });
    expect(await court({ protectedResources: [pattern] }).begin({ incident: other })).toEqual([]);
  });
});

describe('limits', () => {
  it('count what began within the hour and the day, and a case once', async () => {
    const { begin, later } = court({
      responsesPerHour: 2,
      limits: [{ of: 'responses', per: 'day', max: 3 }],
    });
    expect(await begin({ incident: incident('a') })).toEqual([]);
    expect(await begin({ incident: incident('a') })).toEqual([]);
    expect(await begin({ incident: incident('b') })).toEqual([]);
    expect(await begin({ incident: incident('c') })).toEqual(['2 of 2 responses of the last hour are used']);
    later(HOUR + 1);
    expect(await begin({ incident: incident('c') })).toEqual([]);
    expect(await begin({ incident: incident('d') })).toEqual(['3 of 3 responses of the last day are used']);
    later(DAY);
    expect(await begin({ incident: incident('d') })).toEqual([]);
  });

  it('of accounts and rules are counted for each by itself, or for one only', async () => {
    const { begin } = court({
      responsesPerHour: 99,
      limits: [
        { of: 'account', per: 'hour', max: 2 },
        { of: 'rule', only: 'loud', per: 'hour', max: 1 },
      ],
    });
    expect(await begin({ incident: incident('a'), rules: ['loud'] })).toEqual([]);
    expect(await begin({ incident: incident('b'), rules: ['loud', 'r'] })).toEqual([
      '1 of 1 responses by rule loud of the last hour are used',
    ]);
    expect(await begin({ incident: incident('c') })).toEqual([]);
    expect(await begin({ incident: incident('d') })).toEqual([
      `2 of 2 responses in account ${ACCOUNT} of the last hour are used`,
    ]);
    expect(await begin({ incident: incident('e', {}, { account: '999999999999' }) })).toEqual([]);
  });

  it('of steps count each step that changes something, also of one case, and one that is done again once', async () => {
    const { begin } = court({
      limits: [
        { of: 'irreversible', per: 'hour', max: 1 },
        { of: 'group', only: 'instance', per: 'day', max: 3 },
        { of: 'action', only: 'isolate-instance', per: 'hour', max: 2 },
      ],
    });
    expect(await begin({ incident: incident('a'), step: ISOLATE })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: TERMINATE })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: TERMINATE })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: { ...TERMINATE, id: 'again' } })).toEqual([
      '1 of 1 steps that cannot be undone of the last hour are used',
    ]);
    expect(await begin({ incident: incident('b'), step: ISOLATE })).toEqual([]);
    expect(await begin({ incident: incident('c'), step: ISOLATE })).toEqual([
      '3 of 3 steps of the group instance of the last day are used',
      '2 of 2 steps isolate-instance of the last hour are used',
    ]);
  });

  it('have a place taken once, also by two that see the last one free at the same time', async () => {
    const { store, ask } = court({ responsesPerHour: 1 });
    const [one, two] = await Promise.all([
      ask({ incident: incident('a') }),
      ask({ incident: incident('b') }),
    ]);
    await store.commit(one.uses);
    await expect(store.commit(two.uses)).rejects.toThrow('1 of responses are counted by now, not 0');
    expect((await ask({ incident: incident('b') })).refusal?.reason).toBe(
      '1 of 1 responses of the last hour are used',
    );
  });

  it('are not raised by a clock that goes back', async () => {
    const { begin, later } = court({ responsesPerHour: 1 });
    expect(await begin({ incident: incident('a') })).toEqual([]);
    later(-2 * DAY);
    expect(await begin({ incident: incident('b') })).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  const berlin = { from: '22:00', to: '06:00', zone: 'Europe/Berlin' };

  it('are those of the place, in summer and in winter', () => {
    const at = (time: string): boolean => isQuiet(berlin, Date.parse(time));
    expect(at('2026-07-01T20:00:00Z')).toBe(true);
    expect(at('2026-07-01T19:59:00Z')).toBe(false);
    expect(at('2026-12-01T20:00:00Z')).toBe(false);
    expect(at('2026-12-01T21:00:00Z')).toBe(true);
    expect(at('2026-12-02T04:59:59Z')).toBe(true);
    expect(at('2026-12-02T05:00:00Z')).toBe(false);
  });

  it('that go over midnight belong to the day on which they began', () => {
    const friday = { ...berlin, zone: 'UTC', days: ['fri' as const] };
    expect(isQuiet(friday, Date.parse('2026-11-27T23:00:00Z'))).toBe(true);
    expect(isQuiet(friday, Date.parse('2026-11-28T05:00:00Z'))).toBe(true);
    expect(isQuiet(friday, Date.parse('2026-11-28T23:00:00Z'))).toBe(false);
    expect(isQuiet(friday, Date.parse('2026-11-27T05:00:00Z'))).toBe(false);
  });

  it('hold back only what cannot be undone', async () => {
    const { begin } = court({ quietHours: [{ from: '08:00', to: '10:00', zone: 'UTC' }] });
    expect(await begin({ incident: incident('a') })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: ISOLATE })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: TERMINATE })).toEqual([
      'it is in the quiet hours from 08:00 to 10:00 UTC: terminate-instance cannot be undone',
    ]);
  });
});

describe('what cannot be undone, where two people must approve', () => {
  const yes = (by: string, at = NOW) => ({ step: '*', by, reason: 'I looked', at });
  const asked = (approvals: ReturnType<typeof yes>[]) =>
    court({ twoPersons: ['terminate-instance'] }).begin({
      incident: incident('a', { approvals }),
      step: TERMINATE,
    });

  it('needs two different ones, whose yes still holds', async () => {
    expect(await asked([])).toEqual(['terminate-instance cannot be undone: two people must approve it']);
    const second = 'terminate-instance cannot be undone: a second person must approve it, as ada has';
    expect(await asked([yes('ada')])).toEqual([second]);
    expect(await asked([yes('ada'), yes('ada')])).toEqual([second]);
    expect(await asked([yes('ada'), yes('bob', NOW - 25 * HOUR)])).toEqual([second]);
    expect(await asked([yes('ada'), yes('bob')])).toEqual([]);
  });

  it('leaves the rest of the playbook alone', async () => {
    const { begin } = court({ twoPersons: true });
    expect(await begin({ incident: incident('a') })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: ISOLATE })).toEqual([]);
    expect(await begin({ incident: incident('a'), step: TERMINATE })).toHaveLength(1);
  });
});

describe('a stop', () => {
  it('forbids everything, also what was approved', async () => {
    const { store, ask } = court();
    await stopEverything(store, { by: 'ada', reason: 'it went wild' }, () => NOW);
    for (const step of [undefined, ISOLATE, TERMINATE]) {
      const { firmRefusal } = await ask({ incident: incident('a'), ...(step ? { step } : {}) });
      expect(firmRefusal).toEqual({
        guardrail: 'global-stop',
        allowed: false,
        reason: 'stopped by ada: it went wild',
      });
    }
  });
});
