import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import type { RuleRef } from '../model/finding.ts';
import type { Incident, Mode } from '../model/incident.ts';
import { INSTANCE, NETWORK_INTERFACE, type Subject, subjectKey } from '../model/subject.ts';
import type { PastCase } from './case-history.ts';
import { askGuardrails, type GuardrailAnswer, type GuardrailSettings } from './guardrails.ts';
import { type Binding, escalate } from './intake.ts';
import { planLines, planOf } from './playbook/plan.ts';
import type { Playbook } from './playbook/playbook.ts';
import { standingOf, verdictOf } from './verdict.ts';

/** What would have been decided about a case at one moment. */
export interface RehearsedDecision {
  readonly caseId: string;
  /** When the match happened that it follows from, milliseconds since the epoch. */
  readonly at: number;
  /** The rule that asked for it. */
  readonly rule: RuleRef;
  readonly mode: Mode;
  readonly playbook: string;
  readonly outcome: RehearsedOutcome;
  readonly reason: string;
  /** What each guardrail said; none was asked about a case that can only be recorded. */
  readonly answers: readonly GuardrailAnswer[];
  /** What the playbook would do, step by step. */
  readonly plan: readonly string[];
}

/** `answered-before`: a response has run on the subject already, and what follows would not have happened. */
export type RehearsedOutcome =
  | 'recorded'
  | 'observed'
  | 'awaiting-approval'
  | 'responding'
  | 'answered-before';

export interface RehearsalSettings {
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly guardrails: GuardrailSettings;
  bindingOf(ruleId: string): Binding;
  /** Without it nobody knows tags, nor which instance an interface is of. */
  readonly aws?: AwsClients | undefined;
}

/** When a rule raised a case to a mode. */
interface Occasion {
  readonly past: PastCase;
  readonly at: number;
  readonly rule: RuleRef;
}

/**
 * Decides about the cases of the past in the order of their events, as a watch would have: the hourly
 * limit counts responses by the times of events. A person who is asked never answers, and a response
 * always comes to its end: a subject is answered once.
 */
export async function rehearse(
  cases: readonly PastCase[],
  settings: RehearsalSettings,
): Promise<RehearsedDecision[]> {
  const { playbooks, bindingOf, guardrails, aws } = settings;
  const occasions = cases
    .flatMap((past) => past.findings.map(({ rule, firstSeen }): Occasion => ({ past, rule, at: firstSeen })))
    .filter(({ rule }) => bindingOf(rule.id).playbook !== undefined)
    .sort((a, b) => a.at - b.at || (a.past.id < b.past.id ? -1 : a.past.id > b.past.id ? 1 : 0));
  const incidents = new Map<string, Incident>();
  const begun: { readonly caseId: string; readonly at: number }[] = [];
  const store = { respondedSince: async (time: number, except: string) => countSince(begun, time, except) };
  const answered = new Map<string, number>();
  const decisions: RehearsedDecision[] = [];
  for (const { past, at, rule } of occasions) {
    const before = incidents.get(past.id) ?? incidentOf(past, aws !== undefined);
    const incident = escalate(before, bindingOf(rule.id));
    if (incident === before) continue;
    const standing = standingOf(incident, playbooks.get(incident.playbook ?? ''));
    const told = { caseId: past.id, at, rule, mode: incident.mode, playbook: incident.playbook ?? '' };
    if (standing.kind === 'recorded') {
      incidents.set(past.id, { ...incident, state: 'recorded' });
      decisions.push({ ...told, outcome: 'recorded', reason: standing.reason, answers: [], plan: [] });
      continue;
    }
    const { playbook } = standing;
    const plan = planLines(planOf(playbook, incident.subject, incident.inputs));
    const answeredAt = answered.get(subjectKey(past.subject));
    if (answeredAt !== undefined) {
      const reason = `${playbook.name} would have run on it at ${new Date(answeredAt).toISOString()}`;
      incidents.set(past.id, incident);
      decisions.push({ ...told, outcome: 'answered-before', reason, answers: [], plan });
      continue;
    }
    const answers = await answersOf(incident, guardrails, { store, aws, now: () => at });
    const { state, reason } = verdictOf(incident.mode, playbook, answers);
    const responds = state === 'responding';
    if (responds) {
      begun.push({ caseId: past.id, at });
      answered.set(subjectKey(past.subject), at);
    }
    incidents.set(past.id, { ...incident, state, ...(responds ? { respondedAt: at } : {}) });
    decisions.push({ ...told, outcome: state, reason, answers, plan });
  }
  return decisions;
}

/** The same bindings, as if every playbook were enforced. */
export function armed(bindingOf: RehearsalSettings['bindingOf']): RehearsalSettings['bindingOf'] {
  return (ruleId) => {
    const binding = bindingOf(ruleId);
    return binding.playbook === undefined ? binding : { ...binding, mode: 'enforce' };
  };
}

/** As few as the limit allows begin within an hour: the end of the list is near. */
function countSince(
  begun: readonly { readonly caseId: string; readonly at: number }[],
  time: number,
  except: string,
): number {
  let count = 0;
  for (let index = begun.length - 1; index >= 0; index--) {
    const one = begun[index];
    if (one === undefined || one.at < time) break;
    if (one.caseId !== except) count++;
  }
  return count;
}

async function answersOf(
  incident: Incident,
  settings: GuardrailSettings,
  world: Parameters<typeof askGuardrails>[2],
): Promise<GuardrailAnswer[]> {
  try {
    return await askGuardrails(incident, settings, world);
  } catch (error) {
    const reason = `the guardrails cannot be asked: ${describeAwsError(error)}`;
    return [{ guardrail: 'answer', allowed: false, reason }];
  }
}

function incidentOf({ id, subject, firstSeen, lastSeen }: PastCase, knowsAccount: boolean): Incident {
  return {
    id,
    subject: knowsAccount ? subject : asInstance(subject),
    state: 'new',
    mode: 'record',
    openedAt: firstSeen,
    firstSeen,
    lastSeen,
    version: 0,
  };
}

/** A watch would have known the instance of an interface; without an account it has no other name. */
function asInstance(subject: Subject): Subject {
  return subject.type === NETWORK_INTERFACE
    ? { ...subject, type: INSTANCE, id: `the instance of ${subject.id}` }
    : subject;
}
