import { expect } from 'vitest';
import type { LedgerEntry } from '../src/model/journal.ts';
import { decideByPerson } from '../src/respond/decision.ts';
import type { AuditStage } from './audit-stage.ts';

export const GROUP = 'AWS::EC2::SecurityGroup';
/** The rule that the group has. */
export const INSIDE = 'tcp 443 10.0.0.0/8';

/** What was found, e.g. `unapproved-change enforce`. */
export function found(entries: readonly LedgerEntry[]): string[] {
  return entries
    .filter(({ kind }) => kind === 'finding.first')
    .map(({ body }) => {
      const { rule, mode } = body as { rule: { id: string }; mode: string };
      return `${rule.id} ${mode}`;
    })
    .sort();
}

/** What the ledger says of a kind, as one text. */
export function told(entries: readonly LedgerEntry[], kind: string): string {
  return JSON.stringify(entries.filter((entry) => entry.kind === kind).map(({ body }) => body));
}

/** The id of the newest case. */
export async function caseOf(stage: AuditStage): Promise<string> {
  const [incident] = await stage.inStore((store) => store.incidents());
  if (incident === undefined) throw new Error('there is no case');
  return incident.id;
}

export async function stateOf(
  stage: AuditStage,
): Promise<[state: string | undefined, reason: string | undefined]> {
  const [incident] = await stage.inStore((store) => store.incidents());
  return [incident?.state, incident?.reason];
}

/** A person says yes to the newest case. */
export async function approve(stage: AuditStage): Promise<void> {
  const id = await caseOf(stage);
  const yes = { by: 'ada', verdict: 'approve' as const, reason: 'it is wrong' };
  expect(await stage.inStore((store) => decideByPerson(store, id, yes, Date.now))).toBeUndefined();
}
