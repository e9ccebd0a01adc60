import { DAY, type Guardrail, HOUR, type Question, type Said } from './guardrail.ts';
import type { GuardrailSettings, LimitSettings } from './settings.ts';

const PERIODS = { hour: HOUR, day: DAY } as const;

/**
 * How many responses may begin, and how many steps may change something, within an hour or a day. Counted is
 * what began, in the store: a restart, a second process or a case that ended makes none of them free again.
 */
export const limits: Guardrail = {
  name: 'limits',
  yieldsToApproval: true,
  async ask(question, settings, { store, now }) {
    const { incident, step } = question;
    const except = { caseId: incident.id, step: step?.id ?? '' };
    const counted = countedAs(question);
    const said: Said[] = [];
    for (const limit of limitsOf(settings)) {
      for (const one of counted.filter(({ of, only }) => appliesTo(limit, of, only))) {
        const since = now() - PERIODS[limit.per];
        const key = keyOf(one);
        const all = await store.occurrences(key, since);
        const others = all.filter(({ caseId, step: of }) => caseId !== except.caseId || of !== except.step);
        said.push({
          guardrail: `${limit.of}-per-${limit.per}`,
          allowed: others.length < limit.max,
          reason: `${others.length} of ${limit.max} ${WORDS[limit.of](one.only)} of the last ${limit.per} are used`,
          seen: [{ key, since, except, count: others.length }],
        });
      }
    }
    // Also what nothing limits: the limit that is set tomorrow begins with what was done today.
    return [...said, { allowed: true, countsAs: counted.map(keyOf) }];
  },
};

interface CountedAs {
  readonly of: LimitSettings['of'];
  readonly only: string;
}

const WORDS: Readonly<Record<LimitSettings['of'], (only: string) => string>> = {
  responses: () => 'responses',
  account: (only) => `responses in account ${only}`,
  rule: (only) => `responses by rule ${only}`,
  irreversible: () => 'steps that cannot be undone',
  group: (only) => `steps of the group ${only}`,
  action: (only) => `steps ${only}`,
};

/** A response counts once, and each step that changes something counts by itself. */
function countedAs({ incident, rules, step }: Question): CountedAs[] {
  if (step === undefined) {
    return [
      { of: 'responses', only: '' },
      { of: 'account', only: incident.subject.account },
      ...rules.map((only) => ({ of: 'rule' as const, only })),
    ];
  }
  const { name, group, effect } = step.action;
  return [
    ...(effect === 'irreversible' ? [{ of: 'irreversible' as const, only: '' }] : []),
    { of: 'group', only: group },
    { of: 'action', only: name },
  ];
}

/** What a response and a step count as in the store. */
export function keyOf({ of, only }: CountedAs): string {
  return only === '' ? of : `${of}:${only}`;
}

function appliesTo(limit: LimitSettings, of: LimitSettings['of'], only: string): boolean {
  return limit.of === of && (limit.only === undefined || limit.only === only);
}

function limitsOf({ responsesPerHour, limits }: GuardrailSettings): LimitSettings[] {
  return [{ of: 'responses', per: 'hour', max: responsesPerHour }, ...limits];
}
