import type { EvidenceServices } from '../actions/action.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import { caseFile } from '../evidence/case-file.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerKind, LedgerRecord } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import { askGuardrails, type GuardrailAnswer, type GuardrailSettings } from './guardrails.ts';
import type { Playbook } from './playbook.ts';
import { isStop, type RunnerSettings, runPlaybook } from './runner.ts';
import { standingOf, verdictOf } from './verdict.ts';

export interface ResponderSettings {
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly guardrails: GuardrailSettings;
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
  const plan = playbook.steps.map(({ action }) => action.plan(subject, {}));
  const { state, reason } = verdictOf(mode, playbook, answers);
  if (state === 'responding') {
    const told = tell('response.started', { playbook: playbook.name, mode });
    await change(world, incident, { state, respondedAt: world.now(), reason }, [asked, told]);
    return;
  }
  const told = tell(`response.${state}`, { playbook: playbook.name, would: plan, reason });
  await change(world, incident, { state, reason }, [asked, told]);
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
    ...(settings.evidence === undefined ? {} : { evidence: settings.evidence }),
    findings: async () => ({
      findings: await store.findings(incident.id),
      samples: await store.samples(incident.id),
    }),
    now,
    sleep,
    settleTime: settings.settleTime,
  };
  const lastLook = async (): Promise<string | undefined> => {
    if (incident.approval !== undefined) return undefined;
    const answers = await guardrailAnswers(incident, settings, world);
    const asked = tell('guardrail.asked', { answers, before: 'an irreversible action' });
    await store.commit([{ kind: 'ledger', record: asked }]);
    return answers.find(({ allowed }) => !allowed)?.reason;
  };
  const end = await runPlaybook(playbook, context, store, settings.runner, lastLook);
  const current = (await store.incident(incident.id)) ?? incident;
  if (end.status === 'done') {
    const manifest = context.caseFile.manifest();
    const told = tell('incident.closed', {
      playbook: playbook.name,
      manifest: manifest?.hash ?? null,
      folder: context.caseFile.folder,
    });
    await change(
      world,
      current,
      { state: 'closed', closedAt: now(), reason: `playbook ${playbook.name} is done` },
      [told],
    );
  } else {
    const told = tell('response.needs-decision', { step: end.step, reason: end.reason });
    await change(world, current, { state: 'needs-decision', reason: `${end.step}: ${end.reason}` }, [told]);
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
): Promise<void> {
  const changed: Incident = { ...incident, ...next, version: incident.version + 1 };
  const ledger: Change[] = records.map((record) => ({ kind: 'ledger', record }));
  await store.commit([{ kind: 'incident', incident: changed }, ...ledger]);
}
