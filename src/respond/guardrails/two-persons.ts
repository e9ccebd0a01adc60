import type { Incident } from '../../model/incident.ts';
import { type Guardrail, HOUR, type QuestionedStep } from './guardrail.ts';
import type { GuardrailSettings } from './settings.ts';

/** What cannot be undone needs two different people, whatever the mode is. */
export const twoPersons: Guardrail = {
  name: 'two-persons',
  yieldsToApproval: false,
  async ask({ incident, step }, settings, { now }) {
    if (step === undefined || !needsTwoPersons(step.action, settings)) return [];
    const people = approvers(incident, settings, now());
    if (people.length >= 2) return [{ allowed: true, reason: `approved by ${people.join(' and ')}` }];
    const missing = people.length === 0 ? 'two people must approve it' : `a second person must approve it`;
    const so = people.length === 0 ? '' : `, as ${people[0]} has`;
    return [{ allowed: false, reason: `${step.action.name} cannot be undone: ${missing}${so}` }];
  },
};

export function needsTwoPersons(
  { name, effect }: QuestionedStep['action'],
  { twoPersons: setting }: Pick<GuardrailSettings, 'twoPersons'>,
): boolean {
  if (effect !== 'irreversible') return false;
  return typeof setting === 'boolean' ? setting : setting.includes(name);
}

/** Who has approved, each once, as long as a yes holds. */
export function approvers(
  { approvals = [] }: Incident,
  { approvalExpires }: Pick<GuardrailSettings, 'approvalExpires'>,
  now: number,
): string[] {
  const holding = approvals.filter(({ at }) => at > now - approvalExpires * HOUR);
  return [...new Set(holding.map(({ by }) => by))];
}
