import type { Action, ActionOutcome, EarlierTry, UndoContext } from '../actions/action.ts';
import { recordCalls } from '../aws/calls.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError, isRefused, isThrottled } from '../aws/errors.ts';
import { caseFile } from '../evidence/case-file.ts';
import type { Incident } from '../model/incident.ts';
import type { ApiCall, JournalEntry, LedgerKind } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import type { Change, Store } from '../store/store.ts';
import type { RunnerSettings } from './playbook/world.ts';
import { type UndoItem, undoStep } from './undo-plan.ts';

export interface UndoSettings {
  readonly actions: ReadonlyMap<string, Action>;
  readonly runner: RunnerSettings;
  /** Milliseconds that a step may wait for AWS. */
  readonly timeout: number;
  /** Milliseconds that a describe call may lag behind a create call. */
  readonly settleTime: number;
  /** The folder of the case files. */
  readonly cases: string;
}

export interface UndoWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Takes one step back; a sentence says why it could not. */
export async function undoOne(
  item: UndoItem,
  incident: Incident,
  settings: UndoSettings,
  world: UndoWorld,
): Promise<string | undefined> {
  if (item.outlook.kind !== 'by') return undefined;
  const { store, now, sleep } = world;
  const { runner, timeout } = settings;
  const { undo } = item.outlook;
  const caseId = incident.id;
  const step = undoStep(item.step);
  const earlier = (await store.journal(caseId)).find((entry) => entry.step === step);
  const context = await contextOf(item, incident, settings, world);
  const tell = async (kind: LedgerKind, body: object, entry?: JournalEntry): Promise<void> => {
    const about = toJson({ step: item.step, action: item.action.name, title: item.action.title, ...body });
    const journal: Change[] = entry === undefined ? [] : [{ kind: 'journal', entry }];
    await store.commit([...journal, { kind: 'ledger', record: { at: now(), kind, caseId, body: about } }]);
  };
  const begun: JournalEntry = {
    caseId,
    step,
    action: item.action.name,
    state: 'started',
    attempts: (earlier?.attempts ?? 0) + 1,
    startedAt: earlier?.startedAt ?? now(),
  };
  await tell('undo.step-started', { how: undo.how, attempt: begun.attempts }, begun);
  let waitingSince = now();
  let earlierTry: EarlierTry = earlier === undefined ? 'none' : 'unknown';
  let progress: string | undefined;
  for (let failures = 0; ; ) {
    const calls: ApiCall[] = [];
    const outcome = await tried(() => undo.run({ ...context, earlierTry }), calls);
    switch (outcome.status) {
      case 'done':
        await tell(
          'undo.step-done',
          { proof: outcome.proof, output: outcome.output, calls },
          { ...begun, state: 'done', endedAt: now(), output: outcome.output },
        );
        return undefined;
      case 'ask':
        await tell('undo.step-failed', { reason: outcome.reason, calls });
        return outcome.reason;
      case 'waiting':
        if (outcome.progress !== progress)
          await tell('undo.step-waiting', { progress: outcome.progress, calls });
        progress = outcome.progress;
        // A clock that was set back must not put off the end of it.
        waitingSince = Math.min(waitingSince, now());
        if (now() - waitingSince > timeout)
          return `not done after ${Math.round(timeout / 60_000)} minutes (${progress})`;
        await sleep(runner.pollEvery);
        continue;
      case 'failed': {
        failures++;
        earlierTry = isRefused(outcome.error) || isThrottled(outcome.error) ? 'no-effect' : 'unknown';
        const reason = describeAwsError(outcome.error);
        const final = isRefused(outcome.error) || failures >= runner.tries;
        await tell('undo.step-failed', { reason, calls, tryAgain: !final });
        if (final) return reason;
        await sleep(runner.retryAfter * 2 ** (failures - 1));
      }
    }
  }
}

async function tried(
  work: () => Promise<ActionOutcome>,
  calls: ApiCall[],
): Promise<ActionOutcome | { readonly status: 'failed'; readonly error: unknown }> {
  try {
    return await recordCalls(calls, work);
  } catch (error) {
    // Ctrl-C: the journal says where to go on.
    if (error instanceof Error && error.name === 'AbortError') throw error;
    return { status: 'failed', error };
  }
}

export async function contextOf(
  { entry }: UndoItem,
  incident: Incident,
  { cases, settleTime }: UndoSettings,
  { store, aws, now, sleep }: UndoWorld,
): Promise<Omit<UndoContext, 'earlierTry'>> {
  const done = (await store.journal(incident.id)).filter(({ step }) => !step.startsWith(undoStep('')));
  const newest = new Map(done.map((one) => [one.action ?? one.step, one.output]));
  return {
    incident,
    subject: incident.subject,
    input: entry.input ?? {},
    aws,
    caseFile: caseFile(cases, incident.id),
    resources: store,
    judge: () => [],
    output: (action) => newest.get(action),
    findings: async () => ({
      findings: await store.findings(incident.id),
      samples: await store.samples(incident.id),
    }),
    now,
    sleep,
    settleTime,
    undone: entry.output ?? null,
  };
}
