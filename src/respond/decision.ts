import type { Incident } from '../model/incident.ts';
import type { LedgerKind, LedgerRecord } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { ConflictError, type Store } from '../store/store.ts';

/** What a person decided about an incident that waits. */
export interface Decision {
  readonly verdict: 'approve' | 'deny';
  readonly by: string;
  readonly reason: string;
}

const TRIES = 5;

/** Takes a person's decision; a sentence says why it cannot be taken. */
export async function decideByPerson(
  store: Store,
  id: string,
  decision: Decision,
  now: () => number,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await decideOnce(store, id, decision, now);
    } catch (error) {
      // The watch that runs has just added to the case: it is looked at again.
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}

async function decideOnce(
  store: Store,
  id: string,
  decision: Decision,
  now: () => number,
): Promise<string | undefined> {
  const incident = await store.incident(id);
  if (incident === undefined) return `there is no incident ${id}`;
  if (incident.state !== 'awaiting-approval' && incident.state !== 'needs-decision') {
    return `${id} is ${incident.state}: there is nothing to decide`;
  }
  const { verdict, by, reason } = decision;
  const approval = { by, reason, at: now() };
  const kind: LedgerKind = verdict === 'approve' ? 'response.approved' : 'response.denied';
  const record: LedgerRecord = { at: now(), kind, caseId: id, body: toJson({ by, reason }) };
  const { asks, ...known } = incident;
  const next: Partial<Incident> =
    verdict === 'approve'
      ? {
          state: 'responding',
          approval,
          ...(asks && { approvals: [...(incident.approvals ?? []), { step: asks.step, ...approval }] }),
          respondedAt: incident.respondedAt ?? now(),
          reason: `approved by ${by}`,
        }
      : { state: 'denied', approval, reason: `denied by ${by}: ${reason}` };
  await store.commit([
    { kind: 'incident', incident: { ...known, ...next, version: incident.version + 1 } },
    { kind: 'ledger', record },
  ]);
  return undefined;
}
