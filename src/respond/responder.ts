import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import { caseFile } from '../evidence/case-file.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerKind, LedgerRecord } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import type { JudgeResource } from '../model/violation.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { bindVersion, type KnownPlaybooks, playbookOfCase } from './case-playbook.ts';
import { askGuardrails, type GuardrailAnswer, type GuardrailSettings } from './guardrails.ts';
import { isStop } from './playbook/durable.ts';
import { inputValues } from './playbook/inputs.ts';
import { journaled } from './playbook/journaled.ts';
import { planLines, planOf } from './playbook/plan.ts';
import type { ActionStep } from './playbook/playbook.ts';
import { type PlaybookEnd, runPlaybook } from './playbook/run-playbook.ts';
import type { RunnerSettings } from './playbook/world.ts';
import { standingOf, verdictOf } from './verdict.ts';

export interface ResponderSettings extends KnownPlaybooks {
  readonly guardrails: GuardrailSettings;
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
        await ignoringConflicts(() => decide(incident, settings, world));
      }
      for (const incident of await world.store.incidents(['responding'])) {
        if (!running.has(incident.id)) start(incident);
      }
      for (const incident of await world.store.incidents(['awaiting-approval'])) {
        await ignoringConflicts(() => expire(incident, world));
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

async function decide(incident: Incident, settings: ResponderSettings, world: ResponderWorld): Promise<void> {
  const { mode, subject } = incident;
  const tell = teller(incident, world);
  const standing = standingOf(incident, settings.playbooks.get(incident.playbook ?? ''));
  if (standing.kind === 'recorded') {
    await change(world, incident, { state: 'recorded', reason: standing.reason }, []);
    return;
  }
  const { playbook } = standing;
  const answers = await guardrailAnswers(incident, settings, world);
  const asked = tell('guardrail.asked', { answers });
  const { next, change: stored } = bindVersion(playbook);
  const { state, reason } = verdictOf(mode, playbook, answers);
  if (state === 'responding') {
    const told = tell('response.started', { playbook: playbook.name, version: playbook.version, mode });
    const started = { ...next, state, respondedAt: world.now(), reason };
    await change(world, incident, started, [asked, told], [stored]);
    return;
  }
  const plan = planLines(planOf(playbook, subject, incident.inputs));
  const told = tell(`response.${state}`, {
    playbook: playbook.name,
    version: playbook.version,
    would: plan,
    reason,
  });
  await change(world, incident, { ...next, state, reason }, [asked, told], [stored]);
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
  const context = {
    incident,
    subject: incident.subject,
    aws,
    caseFile: evidence,
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
    beforeStep: async (step: ActionStep) => world.beforeStep?.(incident, step),
    lastLook: async (): Promise<string | undefined> => {
      if (incident.approval !== undefined) return undefined;
      const answers = await guardrailAnswers(incident, settings, world);
      const asked = tell('guardrail.asked', { answers, before: 'an irreversible action' });
      await store.commit([{ kind: 'ledger', record: asked }]);
      return answers.find(({ allowed }) => !allowed)?.reason;
    },
  };
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
  await conclude(current, end, closing, world);
}

/** Nobody said yes in time: a person may have the playbook ask again. */
async function expire(incident: Incident, world: ResponderWorld): Promise<void> {
  const { asks } = incident;
  if (asks === undefined || asks.expiresAt >= world.now()) return;
  const { step, message } = asks;
  const reason = `nobody approved until ${new Date(asks.expiresAt).toISOString()}: ${message}`;
  const told = teller(incident, world)('response.needs-decision', { step, reason });
  await change(world, incident, { state: 'needs-decision', reason: `${step}: ${reason}` }, [told]);
}

/** Writes how a playbook ended. */
async function conclude(
  incident: Incident,
  end: PlaybookEnd,
  closing: { readonly playbook: string },
  world: ResponderWorld,
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
    await change(world, incident, { state: 'needs-decision', reason: `${step}: ${reason}` }, [told]);
  }
}

/** A guardrail that cannot be asked says no. */
async function guardrailAnswers(
  incident: Incident,
  { guardrails }: ResponderSettings,
  world: ResponderWorld,
): Promise<GuardrailAnswer[]> {
  try {
    return await askGuardrails(incident, guardrails, world);
  } catch (error) {
    return [
      {
        guardrail: 'answer',
        allowed: false,
        reason: `the guardrails cannot be asked: ${describeAwsError(error)}`,
      },
    ];
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
  await store.commit([{ kind: 'incident', incident: changed }, ...changes, ...ledger]);
}
