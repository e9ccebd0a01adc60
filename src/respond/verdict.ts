import type { Incident, Mode } from '../model/incident.ts';
import { INSTANCE } from '../model/subject.ts';
import type { GuardrailAnswer } from './guardrails/guardrail.ts';
import type { Playbook } from './playbook.ts';

/** What an incident is bound to; or why it can only be recorded, without asking a guardrail. */
export type Standing =
  | { readonly kind: 'recorded'; readonly reason: string }
  | { readonly kind: 'bound'; readonly playbook: Playbook };

export function standingOf({ mode, subject }: Incident, playbook: Playbook | undefined): Standing {
  if (playbook === undefined || mode === 'record')
    return { kind: 'recorded', reason: 'every rule that matched is only recorded' };
  if (subject.type !== INSTANCE)
    return { kind: 'recorded', reason: `${subject.id} is on no instance that EC2 knows` };
  return { kind: 'bound', playbook };
}

/** What follows from an incident once every guardrail has answered. */
export interface Verdict {
  readonly state: 'observed' | 'awaiting-approval' | 'responding';
  readonly reason: string;
}

export function verdictOf(mode: Mode, playbook: Playbook, answers: readonly GuardrailAnswer[]): Verdict {
  const refusal = answers.find(({ allowed }) => !allowed);
  if (mode === 'observe') {
    const reason = refusal === undefined ? 'mode is observe' : `mode is observe, and ${refusal.reason}`;
    return { state: 'observed', reason };
  }
  if (refusal !== undefined || mode === 'approve')
    return { state: 'awaiting-approval', reason: refusal?.reason ?? 'mode is approve' };
  return { state: 'responding', reason: `playbook ${playbook.name}` };
}
