import { configOf } from '../src/config/config.ts';
import type { Incident } from '../src/model/incident.ts';
import { INSTANCE, type Subject } from '../src/model/subject.ts';
import type { Question } from '../src/respond/guardrails/guardrail.ts';
import { askGuardrails } from '../src/respond/guardrails/guardrails.ts';
import { openTemporaryStore } from './temporary-store.ts';

export const NOW = Date.parse('2026-11-24T09:00:00Z');
export const ACCOUNT = '123456789012';

export function incident(
  id: string,
  changes: Partial<Incident> = {},
  subject: Partial<Subject> = {},
): Incident {
  return {
    id,
    subject: { type: INSTANCE, id: 'i-1', account: ACCOUNT, region: 'eu-west-1', ...subject },
    state: 'new',
    mode: 'enforce',
    playbook: 'contain',
    openedAt: NOW,
    firstSeen: NOW,
    lastSeen: NOW,
    version: 0,
    ...changes,
  };
}

/** A store, and what the guardrails say of a question; those of the account are asked elsewhere. */
export function court(settings: NonNullable<Parameters<typeof configOf>[0]['guardrails']> = {}) {
  const store = openTemporaryStore();
  const guardrails = configOf({ guardrails: settings }, '').guardrails;
  let now = NOW;
  const ask = (question: Partial<Question> & Pick<Question, 'incident'>) =>
    askGuardrails({ rules: ['r'], ...question }, guardrails, { store, now: () => now });
  return {
    store,
    ask,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
    /** Asks, and goes ahead where nothing forbids it; answers the reasons that do. */
    async begin(question: Partial<Question> & Pick<Question, 'incident'>): Promise<string[]> {
      const asked = await ask(question);
      const no = asked.answers.filter(({ allowed }) => !allowed).map(({ reason }) => reason);
      await store.commit([...asked.changes, ...(no.length === 0 ? asked.uses : [])]);
      return no;
    },
  };
}
