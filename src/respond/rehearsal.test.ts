import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Action, defineAction } from '../actions/action.ts';
import { NO_INPUT } from '../actions/no-input.ts';
import { ACTIONS } from '../actions/registry.ts';
import { configOf } from '../config/config.ts';
import { INSTANCE, NETWORK_INTERFACE, type Subject } from '../model/subject.ts';
import type { PastCase } from './case-history.ts';
import type { Binding } from './intake.ts';
import { parsePlaybook } from './playbook/parse.ts';
import { armed, rehearse } from './rehearsal.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T09:00:00Z');

const isolate: Action = defineAction({
  name: 'isolate',
  title: 'Isolate',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: [],
  permissions: [],
  about: { precondition: '', effect: '', proof: '', idempotency: '' },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'nothing was done' },
  plan: ({ id }) => `isolate ${id}`,
  run: () => Promise.reject(new Error('a rehearsal runs nothing')),
});
const contain = parsePlaybook(
  { file: 'contain.yml', text: 'name: contain\ntitle: Contain\nsteps:\n  - action: isolate\n' },
  new Map([['isolate', isolate]]),
);
if (!contain.ok) throw new Error(contain.problems[0]?.message);
const playbooks = new Map([['contain', contain.value]]);

/** A case whose rules match at hours from the start. */
function past(id: string, findings: Readonly<Record<string, number>>, type = NETWORK_INTERFACE): PastCase {
  const subject: Subject = { type, id, account: '123456789012', region: 'eu-west-1' };
  const times = Object.values(findings).map((hours) => START + hours * HOUR);
  return {
    id: `case-${id}-${Math.min(...times)}`,
    subject,
    firstSeen: Math.min(...times),
    lastSeen: Math.max(...times),
    findings: Object.entries(findings).map(([rule, hours]) => ({
      rule: { id: rule, title: rule, level: 'high' },
      count: 1,
      firstSeen: START + hours * HOUR,
      lastSeen: START + hours * HOUR,
      branch: { selections: [], because: [] },
      days: [],
      samples: [],
    })),
  };
}

const BINDINGS: Readonly<Record<string, Binding>> = {
  watched: { playbook: 'contain', mode: 'observe' },
  asked: { playbook: 'contain', mode: 'approve' },
  bound: { playbook: 'contain', mode: 'enforce' },
};
const bindingOf = (rule: string): Binding => BINDINGS[rule] ?? { mode: 'record' };

const settings = (responsesPerHour = 2) => ({
  playbooks,
  guardrails: configOf({ guardrails: { protectedTags: ['keep'], responsesPerHour } }, '').guardrails,
  bindingOf,
});
const outcomes = async (cases: readonly PastCase[], responsesPerHour?: number) =>
  (await rehearse(cases, settings(responsesPerHour))).map(
    ({ caseId, outcome }) => `${caseId.split('-').slice(1, 3).join('-')} ${outcome}`,
  );

describe('a rehearsal', () => {
  it('says what would run on what, and why', async () => {
    const [decision] = await rehearse([past('eni-1', { noise: 0, bound: 1 })], settings());
    expect(decision).toMatchObject({
      at: START + HOUR,
      rule: { id: 'bound' },
      mode: 'enforce',
      playbook: 'contain',
      outcome: 'responding',
      plan: ['isolate the instance of eni-1'],
      answers: [
        { guardrail: 'global-stop', allowed: true },
        { guardrail: 'protected-tag', allowed: true, unknown: true },
        { guardrail: 'noisy-rule', allowed: true },
        {
          guardrail: 'responses-per-hour',
          allowed: true,
          reason: '0 of 2 responses of the last hour are used',
        },
        {
          guardrail: 'responses-per-day',
          allowed: true,
          reason: '0 of 20 responses of the last day are used',
        },
        { guardrail: 'group-share', allowed: true, unknown: true },
      ],
    });
  });

  it('counts the hourly limit by the times of events, in their order', async () => {
    const cases = [
      past('eni-4', { bound: 1.5 }),
      past('eni-1', { bound: 0 }),
      past('eni-3', { bound: 0.9 }),
      past('eni-2', { bound: 0.5 }),
    ];
    expect(await outcomes(cases)).toEqual([
      'eni-1 responding',
      'eni-2 responding',
      'eni-3 awaiting-approval',
      // Only the second is within the hour by then.
      'eni-4 responding',
    ]);
    expect((await outcomes([...cases.slice(1), past('eni-5', { bound: 1 })])).at(-1)).toBe(
      'eni-5 awaiting-approval',
    );
    expect(await outcomes(cases.slice(0, 1), 0)).toEqual(['eni-4 awaiting-approval']);
  });

  it('follows a case as stronger rules raise it', async () => {
    expect(await outcomes([past('eni-1', { watched: 0, asked: 1, bound: 2, watched2: 3 })])).toEqual([
      'eni-1 observed',
      'eni-1 awaiting-approval',
      'eni-1 responding',
    ]);
    expect(await outcomes([past('eni-1', { bound: 0, asked: 1 })])).toEqual(['eni-1 responding']);
  });

  it('answers a subject once: what comes later would not have happened', async () => {
    const later = await rehearse(
      [past('eni-1', { bound: 0 }), past('eni-1', { bound: 5 }), past('eni-2', { bound: 5 })],
      settings(1),
    );
    expect(later.map(({ outcome }) => outcome)).toEqual(['responding', 'answered-before', 'responding']);
    expect(later[1]?.reason).toBe('contain would have run on it at 2026-11-24T09:00:00.000Z');
  });

  it('records what is on no instance, and asks no guardrail of it', async () => {
    const [decision] = await rehearse(
      [past('arn:aws:iam::1:user/a', { bound: 0 }, 'AWS::IAM::User')],
      settings(),
    );
    expect(decision).toMatchObject({ outcome: 'recorded', answers: [], plan: [] });
    expect(await outcomes([past('i-1', { bound: 0 }, INSTANCE)])).toEqual(['i-1 responding']);
  });

  it('is armed by a word: every bound rule as if it were enforced', async () => {
    const cases = [past('eni-1', { noise: 0, watched: 1 }), past('eni-2', { noise: 0 })];
    const decisions = await rehearse(cases, { ...settings(), bindingOf: armed(bindingOf) });
    expect(decisions.map(({ outcome, mode }) => [outcome, mode])).toEqual([['responding', 'enforce']]);
  });

  describe('of a playbook with a step that cannot be undone', () => {
    const text = readFileSync(new URL('../../playbooks/contain-and-terminate.yml', import.meta.url), 'utf8');
    const terminate = parsePlaybook({ file: 'terminate.yml', text }, ACTIONS);
    const decided = async (
      cases: readonly PastCase[],
      guardrails: NonNullable<Parameters<typeof configOf>[0]['guardrails']>,
    ) => {
      if (!terminate.ok) throw new Error(terminate.problems[0]?.message);
      const decisions = await rehearse(cases, {
        ...settings(),
        playbooks: new Map([['contain', terminate.value]]),
        guardrails: configOf({ guardrails: { responsesPerHour: 99, ...guardrails } }, '').guardrails,
      });
      return decisions.map(({ outcome, reason }) => `${outcome}: ${reason}`);
    };

    it('says where it would have stopped, and counts only what would have been done', async () => {
      const limits = [{ of: 'irreversible' as const, per: 'day' as const, max: 1 }];
      const cases = ['eni-1', 'eni-2', 'eni-3'].map((id, hour) => past(id, { bound: hour * 13 }));
      expect(await decided(cases, { limits })).toEqual([
        'responding: playbook contain-and-terminate',
        'responding: playbook contain-and-terminate, up to terminate-instance: 1 of 1 steps that cannot be undone of the last day are used',
        'responding: playbook contain-and-terminate',
      ]);
    });

    it('knows what the hour was', async () => {
      const quietHours = [{ from: '09:30', to: '10:30', zone: 'UTC' }];
      expect(
        await decided([past('eni-1', { bound: 0 }), past('eni-2', { bound: 1 })], { quietHours }),
      ).toEqual([
        'responding: playbook contain-and-terminate',
        expect.stringContaining('up to terminate-instance: it is in the quiet hours from 09:30 to 10:30 UTC'),
      ]);
    });
  });

  it('demotes a rule that is suddenly noisy, for the rest of the past', async () => {
    const many = Array.from({ length: 25 }, (_, index) => past(`eni-${index}`, { bound: 100 + index / 60 }));
    const outcomesOfAll = await outcomes([...many, past('eni-x', { bound: 400 })], 99);
    expect(outcomesOfAll.filter((one) => one.endsWith('responding'))).toHaveLength(19);
    expect(outcomesOfAll.at(-1)).toBe('eni-x awaiting-approval');
  });
});
