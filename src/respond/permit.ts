import type { Incident } from '../model/incident.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { type GuardrailWorld, HOUR, type Question } from './guardrails/guardrail.ts';
import { askGuardrails } from './guardrails/guardrails.ts';
import type { GuardrailSettings } from './guardrails/settings.ts';
import { needsTwoPersons } from './guardrails/two-persons.ts';

/** Why something may not go on, and how many people can say that it may. */
export interface Objection {
  readonly reason: string;
  readonly approvers: number;
}

const TRIES = 5;

/**
 * Asks whether a response that has begun may go on with a step. What was said is in the ledger, and the step
 * is counted, before this resolves. A person's approval goes over a no, while it holds: then the answers are
 * on record nevertheless.
 */
export async function permits(
  question: Question,
  settings: GuardrailSettings,
  world: GuardrailWorld & { readonly store: Store },
): Promise<Objection | undefined> {
  const { store, now } = world;
  for (let attempt = 1; ; attempt++) {
    // Somebody may have approved since it began.
    const incident = (await store.incident(question.incident.id)) ?? question.incident;
    const approved = approvalHolds(incident, settings, now());
    const asked = await askGuardrails({ ...question, incident }, settings, world);
    const lapsed = approved ? undefined : lapsedApproval(incident, settings);
    const refusal = approved ? asked.firmRefusal : (asked.refusal ?? lapsed);
    const { step } = question;
    const body = toJson({
      answers: asked.answers,
      before: step?.id,
      approvedBy: approved ? incident.approval?.by : undefined,
    });
    const told: Change[] =
      asked.answers.length === 0
        ? []
        : [
            {
              kind: 'ledger',
              record: { at: now(), kind: 'guardrail.asked', caseId: incident.id, body },
            },
          ];
    const goingOn = refusal !== undefined ? [] : approved ? asked.counts : asked.uses;
    try {
      await store.commit([...goingOn, ...asked.changes, ...told]);
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
      continue;
    }
    if (refusal === undefined) return undefined;
    const two = step !== undefined && needsTwoPersons(step.action, settings);
    return { reason: refusal.reason, approvers: two ? 2 : 1 };
  }
}

/** What needs a yes to go on at all, and has one that does not hold any more. */
function lapsedApproval(
  { approval, mode }: Incident,
  { approvalExpires }: Pick<GuardrailSettings, 'approvalExpires'>,
): { readonly reason: string } | undefined {
  if (approval === undefined || mode === 'enforce') return undefined;
  return { reason: `the approval by ${approval.by} is older than ${approvalExpires} hours` };
}

/** A yes from long ago was a yes to something else. */
function approvalHolds(
  { approval }: Incident,
  { approvalExpires }: Pick<GuardrailSettings, 'approvalExpires'>,
  now: number,
): boolean {
  return approval !== undefined && approval.at > now - approvalExpires * HOUR;
}
