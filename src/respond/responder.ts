import type { AwsClients } from '../aws/clients.ts';
import { caseFile } from '../evidence/case-file.ts';
import { type Incident, WHOLE_RESPONSE } from '../model/incident.ts';
import type { LedgerKind, LedgerRecord } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { HOUR, type QuestionedStep } from './guardrails/guardrail.ts';
import { askGuardrails } from './guardrails/guardrails.ts';
import type { GuardrailSettings } from './guardrails/settings.ts';
import { type Binding, boundRules } from './intake.ts';
import { type Objection, permits } from './permission.ts';
import type { Playbook } from './playbook.ts';
import { isStop, type RunnerSettings, runPlaybook } from './runner.ts';
import { standingOf, verdictOf } from './verdict.ts';

export interface ResponderSettings {
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly guardrails: GuardrailSettings;
  bindingOf(ruleId: string): Binding;
  readonly runner: RunnerSettings;
  /** Milliseconds that a describe call may lag behind a create call. */
  readonly settleTime: number;
  /** The folder of the case files. */
  readonly cases: string;
}

export interface ResponderWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
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
      for (const incident of await world.store.incidents(['awaiting-approval'])) {
        await ignoringConflicts(() => expire(incident, settings, world));
      }
      for (const incident of await world.store.incidents(['responding'])) {
        if (!running.has(incident.id)) start(incident);
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
  for (let attempt = 1, current: Incident | undefined = incident; ; attempt++) {
    if (current?.state !== 'new') return;
    try {
      return await decide(current, settings, world);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (attempt === TRIES) return;
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
  const told = tell('guardrail.asked', { answers });
  const plan = playbook.steps.map(({ action }) => action.plan(subject, {}));
  const { state, reason } = verdictOf(mode, playbook, answers);
  if (state === 'responding') {
    const started = tell('response.started', { playbook: playbook.name, mode });
    const next = { state, respondedAt: now(), reason };
    await change(world, incident, next, [told, started], [...asked.changes, ...asked.uses]);
    return;
  }
  const expiresAt = now() + guardrails.approvalExpires * HOUR;
  const asks = { step: WHOLE_RESPONSE, message: reason, expiresAt, approvers: 1 };
  const next = state === 'awaiting-approval' ? { state, reason, asks } : { state, reason };
  const body = { playbook: playbook.name, would: plan, reason };
  await change(world, incident, next, [told, tell(`response.${state}`, body)], asked.changes);
}

/** A yes to what was found long ago would be a yes to something else. */
async function expire(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { asks, ...unasked } = incident;
  // What a playbook asks in its midst is the playbook's own affair.
  if (asks?.step !== WHOLE_RESPONSE || world.now() < asks.expiresAt) return;
  const hours = settings.guardrails.approvalExpires;
  const reason = `nobody answered within ${hours} hours: ${asks.message}`;
  const told = teller(incident, world)('response.expired', { reason, playbook: incident.playbook });
  await change(world, unasked, { state: 'expired', reason }, [told]);
}

async function run(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { store, aws, now, sleep } = world;
  const tell = teller(incident, world);
  const playbook = settings.playbooks.get(incident.playbook ?? '');
  if (playbook === undefined)
    throw new Error(`${incident.id} runs the playbook ${incident.playbook}, which is gone`);
  const context = {
    incident,
    subject: incident.subject,
    aws,
    caseFile: caseFile(settings.cases, incident.id),
    findings: async () => ({
      findings: await store.findings(incident.id),
      samples: await store.samples(incident.id),
    }),
    now,
    sleep,
    settleTime: settings.settleTime,
  };
  const rules = boundRules(incident, await store.findings(incident.id), settings.bindingOf);
  let objection: Objection | undefined;
  const beforeStep = async (step: QuestionedStep): Promise<string | undefined> => {
    objection = await permits({ incident, rules, step }, settings.guardrails, world);
    return objection?.reason;
  };
  const needsDecision = async (step: string, why: string): Promise<void> => {
    const current = (await store.incident(incident.id)) ?? incident;
    const reason = `${step}: ${why}`;
    const expiresAt = now() + settings.guardrails.approvalExpires * HOUR;
    const asks = { step: WHOLE_RESPONSE, message: reason, expiresAt, approvers: objection?.approvers ?? 1 };
    const told = tell('response.needs-decision', { step, reason: why });
    await change(world, current, { state: 'needs-decision', reason, asks }, [told]);
  };
  // A yes of a person began it: nobody has asked the guardrails at this moment.
  if (incident.approval !== undefined && (await store.journal(incident.id)).length === 0) {
    objection = await permits({ incident, rules }, settings.guardrails, world);
    if (objection !== undefined) return needsDecision(playbook.name, objection.reason);
  }
  const end = await runPlaybook(playbook, context, store, settings.runner, beforeStep);
  if (end.status === 'ask') return needsDecision(end.step, end.reason);
  const current = (await store.incident(incident.id)) ?? incident;
  const manifest = context.caseFile.manifest();
  const told = tell('incident.closed', {
    playbook: playbook.name,
    manifest: manifest?.hash ?? null,
    folder: context.caseFile.folder,
  });
  const reason = `playbook ${playbook.name} is done`;
  await change(world, current, { state: 'closed', closedAt: now(), reason }, [told]);
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
  others: readonly Change[] = [],
): Promise<void> {
  const changed: Incident = { ...incident, ...next, version: incident.version + 1 };
  const ledger: Change[] = records.map((record) => ({ kind: 'ledger', record }));
  await store.commit([...others, { kind: 'incident', incident: changed }, ...ledger]);
}
