import type { AwsClients } from '../aws/clients.ts';
import type { RuleRef } from '../model/finding.ts';
import type { Incident, Mode } from '../model/incident.ts';
import { INSTANCE, NETWORK_INTERFACE, type Subject, subjectKey } from '../model/subject.ts';
import type { PastCase } from './case-history.ts';
import type { GuardrailAnswer } from './guardrails/guardrail.ts';
import { type Asked, askGuardrails } from './guardrails/guardrails.ts';
import { foundBy } from './guardrails/noisy-rule.ts';
import type { GuardrailSettings } from './guardrails/settings.ts';
import { type Binding, boundRules, escalate } from './intake.ts';
import { planLines, planOf } from './playbook/plan.ts';
import type { ActionStep, Playbook, Step } from './playbook/playbook.ts';
import { type RehearsedMemory, rehearsedMemory } from './rehearsed-memory.ts';
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
 * Decides about the cases of the past in the order of their events, as a watch would have: limits count
 * responses by the times of events. A person who is asked never answers, and a response
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
  const store = rehearsedMemory((id) => incidents.get(id));
  const answered = new Map<string, number>();
  const decisions: RehearsedDecision[] = [];
  for (const { past, at, rule } of occasions) {
    store.write([foundBy(rule.id, past.id, at)]);
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
    const found = past.findings.filter(({ firstSeen }) => firstSeen <= at);
    const rules = boundRules(incident, found, bindingOf);
    const world = { store, aws, now: () => at };
    const asked = await askGuardrails({ incident, rules }, guardrails, world);
    store.write(asked.changes);
    const { state, reason } = verdictOf(incident.mode, playbook, asked.answers);
    const responds = state === 'responding';
    if (responds) {
      store.write(asked.uses);
      answered.set(subjectKey(past.subject), at);
    }
    const next: Incident = { ...incident, state, ...(responds ? { respondedAt: at } : {}) };
    incidents.set(past.id, next);
    const stops = responds ? await stopsAt(playbook, next, rules, settings, world) : undefined;
    const answers = [...asked.answers, ...(stops?.answers ?? [])];
    const why = stops === undefined ? reason : `${reason}, up to ${stops.step}: ${stops.reason}`;
    decisions.push({ ...told, outcome: state, reason: why, answers, plan });
  }
  return decisions;
}

/**
 * The step that a response would stop at and ask a person, as the guardrails are asked once more before what
 * cannot be undone. Steps before it, and it where it may go on, count as done.
 */
async function stopsAt(
  { steps }: Playbook,
  incident: Incident,
  rules: readonly string[],
  { guardrails }: RehearsalSettings,
  world: {
    readonly store: RehearsedMemory;
    readonly aws?: AwsClients | undefined;
    readonly now: () => number;
  },
): Promise<{ step: string; reason: string; answers: readonly GuardrailAnswer[] } | undefined> {
  for (const { path, action } of uninterrupted(steps)) {
    if (action.effect === 'read') continue;
    const step = { id: path, action };
    const { refusal, answers, changes, uses }: Asked = await askGuardrails(
      { incident, rules, step },
      guardrails,
      world,
    );
    world.store.write(changes);
    if (refusal !== undefined) return { step: path, reason: refusal.reason, answers };
    world.store.write(uses);
  }
  return undefined;
}

/** The actions in the order in which they are written, up to where a person is asked. */
function* uninterrupted(steps: readonly Step[]): Generator<ActionStep, boolean> {
  for (const step of steps) {
    if (step.kind === 'approve') return false;
    if (step.kind === 'action') yield step;
    if (step.kind === 'parallel')
      for (const branch of step.branches) if (!(yield* uninterrupted(branch.steps))) return false;
  }
  return true;
}

/** The same bindings, as if every playbook were enforced. */
export function armed(bindingOf: RehearsalSettings['bindingOf']): RehearsalSettings['bindingOf'] {
  return (ruleId) => {
    const binding = bindingOf(ruleId);
    return binding.playbook === undefined ? binding : { ...binding, mode: 'enforce' };
  };
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
