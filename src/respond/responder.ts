import type { EvidenceServices } from '../actions/action.ts';
import type { AwsClients } from '../aws/clients.ts';
import { caseFile } from '../evidence/case-file.ts';
import { type ApprovalRequest, type Incident, WHOLE_RESPONSE } from '../model/incident.ts';
import type { LedgerKind, LedgerRecord } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import type { JudgeResource } from '../model/violation.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { bindVersion, type KnownPlaybooks, playbookOfCase } from './case-playbook.ts';
import { HOUR } from './guardrails/guardrail.ts';
import { askGuardrails } from './guardrails/guardrails.ts';
import type { GuardrailSettings } from './guardrails/settings.ts';
import { type Binding, boundRules } from './intake.ts';
import { permits } from './permit.ts';
import { isStop } from './playbook/durable.ts';
import { inputValues } from './playbook/inputs.ts';
import { journaled } from './playbook/journaled.ts';
import { planLines, planOf } from './playbook/plan.ts';
import type { ActionStep } from './playbook/playbook.ts';
import { type PlaybookEnd, runPlaybook } from './playbook/run-playbook.ts';
import type { RunnerSettings } from './playbook/world.ts';
import { currentStop, stopReason } from './stop.ts';
import { standingOf, verdictOf } from './verdict.ts';

export interface ResponderSettings extends KnownPlaybooks {
  readonly guardrails: GuardrailSettings;
  bindingOf(ruleId: string): Binding;
  readonly runner: RunnerSettings;
  /** Milliseconds that a describe call may lag behind a create call. */
  readonly settleTime: number;
  /** The folder of the case files. */
  readonly cases: string;
  readonly evidence?: EvidenceServices;
}

export interface ResponderWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Judges live resources; without one none breaks a policy. */
  readonly judge?: JudgeResource;
  /** Asked before every try of an action that changes something; a text is a reason not to go on. */
  readonly beforeStep?: (incident: Incident, step: ActionStep) => Promise<string | undefined>;
}

/** Decides and responds, as often as it is told to look. */
export interface Responder {
  /**
   * Decides about every incident that waits for it and starts every playbook that may run and does
   * not, also those of an earlier process. Resolves when all is decided; playbooks go on.
   */
  look(): Promise<void>;
  /** Resolves when no playbook runs any more. Throws what a playbook threw. */
  settled(): Promise<void>;
}

export function responder(settings: ResponderSettings, world: ResponderWorld): Responder {
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const start = (incident: Incident): void => {
    const work = ignoringConflicts(() => run(incident, settings, world))
      .catch((error: unknown) => {
        if (!isStop(error)) failures.push(error);
      })
      .finally(() => running.delete(incident.id));
    running.set(incident.id, work);
  };
  const throwFailure = (): void => {
    if (failures.length > 0) throw failures.shift();
  };
  return {
    async look() {
      throwFailure();
      for (const incident of await world.store.incidents(['new'])) {
        await decideAgain(incident, settings, world);
      }
      for (const incident of await world.store.incidents(['responding'])) {
        if (!running.has(incident.id)) start(incident);
      }
      for (const incident of await world.store.incidents(['awaiting-approval'])) {
        await ignoringConflicts(() => expire(incident, settings, world));
      }
    },
    async settled() {
      await Promise.all(running.values());
      throwFailure();
    },
  };
}

/** Somebody was faster; the next round sees what they decided. */
async function ignoringConflicts(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}

const TRIES = 5;

/** A limit that another process used up meanwhile is looked at again, and so is a case that was added to. */
async function decideAgain(
  incident: Incident,
  settings: ResponderSettings,
  world: ResponderWorld,
): Promise<void> {
  let current: Incident | undefined = incident;
  for (let attempt = 1; current?.state === 'new' && attempt <= TRIES; attempt++) {
    try {
      return await decide(current, settings, world);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      current = await world.store.incident(incident.id);
    }
  }
}

async function decide(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { mode, subject } = incident;
  const { store, now } = world;
  const { guardrails } = settings;
  const tell = teller(incident, world);
  const standing = standingOf(incident, settings.playbooks.get(incident.playbook ?? ''));
  if (standing.kind === 'recorded') {
    await change(world, incident, { state: 'recorded', reason: standing.reason }, []);
    return;
  }
  const { playbook } = standing;
  const rules = boundRules(incident, await store.findings(incident.id), settings.bindingOf);
  const asked = await askGuardrails({ incident, rules }, guardrails, world);
  const { answers } = asked;
  const answered = tell('guardrail.asked', { answers });
  const { next, change: stored } = bindVersion(playbook);
  const { state, reason } = verdictOf(mode, playbook, answers);
  if (state === 'responding') {
    const told = tell('response.started', { playbook: playbook.name, version: playbook.version, mode });
    const started = { ...next, state, respondedAt: now(), reason };
    await change(world, incident, started, [answered, told], [stored, ...asked.changes, ...asked.uses]);
    return;
  }
  const plan = planLines(planOf(playbook, subject, incident.inputs));
  const told = tell(`response.${state}`, {
    playbook: playbook.name,
    version: playbook.version,
    would: plan,
    reason,
  });
  const expiresAt = now() + guardrails.approvalExpires * HOUR;
  const asks = { step: WHOLE_RESPONSE, message: reason, expiresAt, approvers: 1 };
  const decided = { ...next, state, reason, ...(state === 'awaiting-approval' ? { asks } : {}) };
  await change(world, incident, decided, [answered, told], [stored, ...asked.changes]);
}

async function run(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { store, aws, now, sleep } = world;
  const tell = teller(incident, world);
  const playbook = await playbookOfCase(incident, settings, store);
  if (typeof playbook === 'string') {
    const told = tell('response.needs-decision', { step: 'playbook', reason: playbook });
    await change(world, incident, { state: 'needs-decision', reason: playbook }, [told]);
    return;
  }
  const evidence = caseFile(settings.cases, incident.id);
  const rules = boundRules(incident, await store.findings(incident.id), settings.bindingOf);
  /** How many people must say yes to a step that was objected to. */
  const approvers = new Map<string, number>();
  const context = {
    incident,
    subject: incident.subject,
    aws,
    caseFile: evidence,
    ...(settings.evidence === undefined ? {} : { evidence: settings.evidence }),
    resources: store,
    judge: world.judge ?? (() => []),
    findings: async () => ({
      findings: await store.findings(incident.id),
      samples: await store.samples(incident.id),
    }),
    now,
    sleep,
    settleTime: settings.settleTime,
    settings: settings.runner,
    beforeStep: async (): Promise<string | undefined> => {
      const stop = await currentStop(store);
      return stop && stopReason(stop);
    },
    lastLook: async (step: ActionStep): Promise<string | undefined> => {
      const asked = { incident, rules, step: { id: step.path, action: step.action } };
      const objection = await permits(asked, settings.guardrails, world);
      if (objection !== undefined) approvers.set(step.path, objection.approvers);
      return objection?.reason;
    },
  };
  // A yes of a person began it: at this moment nobody has asked the guardrails.
  if (incident.approval !== undefined && (await store.journal(incident.id)).length === 0) {
    const objection = await permits({ incident, rules }, settings.guardrails, world);
    if (objection !== undefined) {
      const end = { status: 'ask' as const, step: playbook.name, reason: objection.reason };
      await conclude(
        (await store.incident(incident.id)) ?? incident,
        end,
        { playbook: playbook.name },
        world,
      );
      return;
    }
  }
  const durable = await journaled(store, incident, { now, sleep });
  const inputs = inputValues(playbook.inputs, incident.inputs ?? {});
  const end = await runPlaybook(playbook, inputs, context, durable);
  const current = (await store.incident(incident.id)) ?? incident;
  const manifest = evidence.manifest();
  const closing = {
    playbook: playbook.name,
    manifest: manifest?.hash ?? null,
    folder: evidence.folder,
  };
  await conclude(current, end, closing, world, asksOf(end));

  /** What more than one person must say yes to says so; one may say that anything else goes on. */
  function asksOf(ended: PlaybookEnd): ApprovalRequest | undefined {
    const people = ended.status === 'ask' ? (approvers.get(ended.step) ?? 1) : 1;
    if (ended.status !== 'ask' || people === 1) return undefined;
    const expiresAt = now() + settings.guardrails.approvalExpires * HOUR;
    return { step: WHOLE_RESPONSE, message: ended.reason, expiresAt, approvers: people };
  }
}

/** Nobody said yes in time. A yes to what was found long ago would be a yes to something else. */
async function expire(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { asks } = incident;
  if (asks === undefined || asks.expiresAt >= world.now()) return;
  const { step, message } = asks;
  const tell = teller(incident, world);
  if (step === WHOLE_RESPONSE) {
    const hours = settings.guardrails.approvalExpires;
    const reason = `nobody answered within ${hours} ${hours === 1 ? 'hour' : 'hours'}: ${message}`;
    const told = tell('response.expired', { playbook: incident.playbook, reason });
    await change(world, incident, { state: 'expired', reason }, [told]);
    return;
  }
  // A person may have the playbook ask again.
  const reason = `nobody approved until ${new Date(asks.expiresAt).toISOString()}: ${message}`;
  const told = tell('response.needs-decision', { step, reason });
  await change(world, incident, { state: 'needs-decision', reason: `${step}: ${reason}` }, [told]);
}

/** Writes how a playbook ended. */
async function conclude(
  incident: Incident,
  end: PlaybookEnd,
  closing: { readonly playbook: string },
  world: ResponderWorld,
  people?: ApprovalRequest,
): Promise<void> {
  const tell = teller(incident, world);
  if (end.status === 'done') {
    const told = tell('incident.closed', closing);
    const reason = `playbook ${closing.playbook} is done`;
    await change(world, incident, { state: 'closed', closedAt: world.now(), reason }, [told]);
    return;
  }
  const { step, reason } = end;
  if (end.status === 'denied') {
    const told = tell('response.denied', { step, reason });
    await change(world, incident, { state: 'denied', reason: `${step}: ${reason}` }, [told]);
  } else if (end.approval !== undefined) {
    const { approval: asks } = end;
    const waits = { state: 'awaiting-approval' as const, reason: `${step}: ${reason}`, asks };
    const told = tell('response.awaiting-approval', { playbook: closing.playbook, reason, ...asks });
    await change(world, incident, waits, [told]);
  } else {
    const told = tell('response.needs-decision', { step, reason });
    const stops = { state: 'needs-decision' as const, reason: `${step}: ${reason}` };
    await change(world, incident, people === undefined ? stops : { ...stops, asks: people }, [told]);
  }
}

/** Makes ledger records of an incident. */
function teller(
  { id }: Incident,
  { now }: ResponderWorld,
): (kind: LedgerKind, body: unknown) => LedgerRecord {
  return (kind, body) => ({ at: now(), kind, caseId: id, body: toJson(body) });
}

async function change(
  { store }: ResponderWorld,
  incident: Incident,
  next: Partial<Incident>,
  records: readonly LedgerRecord[],
  changes: readonly Change[] = [],
): Promise<void> {
  const { asks: _, ...known } = incident;
  const changed: Incident = { ...known, ...next, version: incident.version + 1 };
  const ledger: Change[] = records.map((record) => ({ kind: 'ledger', record }));
  await store.commit([...changes, { kind: 'incident', incident: changed }, ...ledger]);
}
