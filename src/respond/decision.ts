import { type Incident, type StepApproval, WHOLE_RESPONSE } from '../model/incident.ts';
import type { LedgerKind } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { approvers } from './guardrails/two-persons.ts';
import type { Person } from './person.ts';
import { currentStop, stopReason } from './stop.ts';

/**
 * What a person decided about an incident that waits. `approve` is a yes to what is asked, also where a
 * guardrail said no; `resume` says only that what stopped it is out of the way, and the guardrails are asked
 * again; `deny` ends it.
 */
export interface Decision extends Person {
  readonly verdict: 'approve' | 'deny' | 'resume';
  readonly reason: string;
}

export interface DecisionSettings {
  /** Hours that a yes holds. */
  readonly approvalExpires: number;
}

const TRIES = 5;

/** Takes a person's decision; a sentence says why it cannot be taken. */
export async function decideByPerson(
  store: Store,
  id: string,
  decision: Decision,
  now: () => number,
  settings: DecisionSettings = { approvalExpires: 24 },
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const incident = await store.incident(id);
      if (incident === undefined) return `there is no incident ${id}`;
      const refusal = await refusalOf(store, incident, decision, settings, now());
      if (refusal !== undefined) return refusal;
      await store.commit(changesOf(incident, decision, settings, now()));
      return undefined;
    } catch (error) {
      // The watch that runs has just added to the case: it is looked at again.
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}

/** Why this decision cannot be taken about this case now. */
async function refusalOf(
  store: Store,
  incident: Incident,
  { verdict, by }: Decision,
  settings: DecisionSettings,
  now: number,
): Promise<string | undefined> {
  const { id, state, asks } = incident;
  if (state === 'expired')
    return `${id} is expired: nobody answered in time, and what happens next is a new case`;
  if (state !== 'awaiting-approval' && state !== 'needs-decision')
    return `${id} is ${state}: there is nothing to decide`;
  if (verdict === 'deny') return undefined;
  const stop = await currentStop(store);
  if (stop !== undefined) return `Cordon is ${stopReason(stop)}; lift it first: cordon stop --lift`;
  if (verdict === 'resume')
    return state === 'awaiting-approval'
      ? `${id} waits for a yes or a no: cordon approve ${id}, or cordon deny ${id}`
      : undefined;
  if (asks === undefined) return undefined;
  if (state === 'awaiting-approval' && asks.expiresAt <= now)
    return `${id} waited for an answer until ${new Date(asks.expiresAt).toISOString()}: it is too late`;
  return asks.approvers > 1 && yesSayers(incident, asks.step, settings, now).includes(by)
    ? `${by} has approved ${id} already: another person must`
    : undefined;
}

function changesOf(
  incident: Incident,
  decision: Decision,
  settings: DecisionSettings,
  now: number,
): Change[] {
  const { verdict, by, osUser, reason } = decision;
  const said = { by, reason, at: now };
  const tell = (kind: LedgerKind, body: object = {}): Change => ({
    kind: 'ledger',
    record: { at: now, kind, caseId: incident.id, body: toJson({ by, osUser, reason, ...body }) },
  });
  const { asks, ...unasked } = incident;
  const version = incident.version + 1;
  if (verdict === 'deny') {
    const next: Incident = {
      ...unasked,
      version,
      state: 'denied',
      approval: said,
      reason: `denied by ${by}: ${reason}`,
    };
    return [{ kind: 'incident', incident: next }, tell('response.denied')];
  }
  if (verdict === 'resume') {
    const next: Incident = {
      ...unasked,
      version,
      state: 'responding',
      reason: `resumed by ${by}: ${reason}`,
    };
    return [{ kind: 'incident', incident: next }, tell('response.resumed')];
  }
  const step = asks?.step ?? WHOLE_RESPONSE;
  const approval: StepApproval = { step, ...said };
  const approved: Incident = { ...incident, version, approvals: [...(incident.approvals ?? []), approval] };
  const people = yesSayers(approved, step, settings, now);
  const wanted = asks?.approvers ?? 1;
  const told = tell('response.approved', { step, approvers: people, of: wanted });
  if (asks !== undefined && people.length < wanted) {
    const next: Incident = {
      ...approved,
      reason: `${asks.message}; ${people.join(' and ')} approved, ${wanted} must`,
    };
    return [{ kind: 'incident', incident: next }, told];
  }
  const { asks: _, ...answered } = approved;
  const next: Incident = {
    ...answered,
    state: 'responding',
    respondedAt: incident.respondedAt ?? now,
    reason: `approved by ${by}`,
    // A yes to one step of a playbook is no yes to what a guardrail forbids later.
    ...(step === WHOLE_RESPONSE ? { approval: said } : {}),
  };
  const counted = { key: 'responses', caseId: incident.id, step: '', at: next.respondedAt ?? now };
  return [{ kind: 'incident', incident: next }, { kind: 'occurrence', occurrence: counted }, told];
}

/** Who has said yes to a step and may be counted; to the response as a whole also who did so at a step. */
function yesSayers(incident: Incident, step: string, settings: DecisionSettings, now: number): string[] {
  const approvals = (incident.approvals ?? []).filter((one) => step === WHOLE_RESPONSE || one.step === step);
  return approvers({ ...incident, approvals }, settings, now);
}
