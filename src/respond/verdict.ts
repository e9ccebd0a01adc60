import type { Incident, Mode } from '../model/incident.ts';
import { INSTANCE, NETWORK_INTERFACE } from '../model/subject.ts';
import type { GuardrailAnswer } from './guardrails/guardrail.ts';
import { inputFaults } from './playbook/inputs.ts';
import { fits, type Playbook } from './playbook/playbook.ts';

/** What an incident is bound to; or why it can only be recorded, without asking a guardrail. */
export type Standing =
  | { readonly kind: 'recorded'; readonly reason: string }
  | { readonly kind: 'bound'; readonly playbook: Playbook };

export function standingOf({ mode, subject, inputs }: Incident, playbook: Playbook | undefined): Standing {
  if (playbook === undefined || mode === 'record')
    return { kind: 'recorded', reason: 'every rule that matched is only recorded' };
  if (!fits(playbook, subject)) {
    // Whose an interface is, is asked when it is seen.
    const reason =
      subject.type === NETWORK_INTERFACE && playbook.subjects.includes(INSTANCE)
        ? `${subject.id} is on no instance that EC2 knows`
        : `${subject.id} is ${subject.type}, and the playbook ${playbook.name} is for ${playbook.subjects.join(', ')}`;
    return { kind: 'recorded', reason };
  }
  const [fault] = inputFaults(playbook.inputs, inputs ?? {});
  if (fault !== undefined) return { kind: 'recorded', reason: fault.message };
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
