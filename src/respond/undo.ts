import type { Action, ActionOutcome, EarlierTry, UndoContext } from '../actions/action.ts';
import { recordCalls } from '../aws/calls.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError, isRefused, isThrottled } from '../aws/errors.ts';
import { caseFile } from '../evidence/case-file.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import type { ApiCall, JournalEntry, LedgerKind } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError, type Store } from '../store/store.ts';
import type { Person } from './person.ts';
import type { RunnerSettings } from './playbook/world.ts';
import { type UndoItem, undoPlan, undoStep } from './undo-plan.ts';

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

export interface UndoRequest extends Person {
  readonly reason: string;
  /** Only this step; without it, every one. */
  readonly step?: string | undefined;
}

export type UndoEnd =
  /** `restore`: what a person can do about what does not come back, one line each. */
  | { readonly status: 'done'; readonly undone: readonly string[]; readonly restore: readonly string[] }
  /** What was taken back stays so; the same command goes on there. */
  | { readonly status: 'stopped'; readonly step: string; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string };

/** Nothing of a playbook runs in these states, and no watch begins anything. */
const UNDOABLE: readonly IncidentState[] = ['closed', 'needs-decision', 'denied', 'undoing', 'undone'];

/**
 * Plays the journal of a case backwards: what has an undo is taken back, once, and what has none is named.
 * It may be killed at any instant and run again. The caller sees to it that no other undo of the store runs,
 * and no watch where `watchless` is set: then a case whose response stands still is taken as well.
 */
export async function undoCase(
  id: string,
  request: UndoRequest,
  settings: UndoSettings,
  world: UndoWorld,
  watchless = false,
): Promise<UndoEnd> {
  const { store } = world;
  const incident = await store.incident(id);
  if (incident === undefined) return { status: 'refused', reason: `there is no incident ${id}` };
  const isUndoable = ({ state }: Incident): boolean =>
    UNDOABLE.includes(state) || (watchless && state === 'responding');
  if (!isUndoable(incident)) return { status: 'refused', reason: unready(incident) };
  const plan = undoPlan(await store.journal(id), settings.actions);
  const { step, reason, ...person } = request;
  const items = step === undefined ? plan : plan.filter((item) => item.step === step);
  if (step !== undefined && items.length === 0)
    return { status: 'refused', reason: noSuchStep(id, step, plan) };
  // One that was killed before it could say that it is done says so now.
  if (incident.state !== 'undoing' && !items.some(({ outlook }) => outlook.kind === 'by')) {
    const restore = await restoreLines(items, incident, settings, world);
    return restore.length > 0
      ? { status: 'done', undone: [], restore }
      : { status: 'refused', reason: `there is nothing to take back in ${id}` };
  }
  const told = { ...person, reason, steps: items.map((item) => item.step) };
  const next = { state: 'undoing' as const, reason: `${person.by} takes it back: ${reason}` };
  const other = await move(world, id, next, 'undo.started', told, isUndoable);
  if (other !== undefined) return { status: 'refused', reason: unready(other) };
  const undone: string[] = [];
  for (const item of items) {
    if (item.outlook.kind === 'undone') undone.push(item.step);
    if (item.outlook.kind !== 'by') continue;
    const failure = await undoOne(item, incident, settings, world);
    if (failure !== undefined) {
      const why = `undo stopped at ${item.step}: ${failure}`;
      await move(world, id, { state: 'undoing', reason: why }, 'undo.stopped', {
        step: item.step,
        reason: failure,
      });
      return { status: 'stopped', step: item.step, reason: failure };
    }
    undone.push(item.step);
  }
  const restore = await restoreLines(items, incident, settings, world);
  const said = `${undone.join(', ')} taken back by ${person.by}`;
  await move(world, id, { state: 'undone', reason: said }, 'undo.done', { reason: said, undone, restore });
  return { status: 'done', undone, restore };
}

function unready({ id, state }: Incident): string {
  if (state === 'responding')
    return `${id} is responding: stop Cordon (cordon stop), or end the watch, and undo it then`;
  return `${id} is ${state}: nothing was done yet`;
}

function noSuchStep(id: string, step: string, plan: readonly UndoItem[]): string {
  const steps = plan.map((item) => item.step).join(', ');
  return `${id} has no step ${step} that changed something${steps === '' ? '' : `: it has ${steps}`}`;
}

/** What does not come back, and what a person can do; also what nobody knows. */
export async function restoreLines(
  items: readonly UndoItem[],
  incident: Incident,
  settings: UndoSettings,
  world: UndoWorld,
): Promise<string[]> {
  const lines: string[] = [];
  for (const item of items) {
    const { outlook, step } = item;
    if (outlook.kind === 'unclear') lines.push(`${step}: ${outlook.why}`);
    if (outlook.kind !== 'none') continue;
    const context = await contextOf(item, incident, settings, world);
    lines.push(`${step}: ${outlook.undo.why}`, ...outlook.undo.restore({ ...context, earlierTry: 'none' }));
  }
  return lines;
}

/** Takes one step back; a sentence says why it could not. */
async function undoOne(
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
    const about = toJson({ step: item.step, title: item.action.title, ...body });
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

async function contextOf(
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

const TRIES = 5;

/** Moves the case on, whatever a watch adds to it meanwhile; or answers it as it is when it may not be moved. */
async function move(
  { store, now }: UndoWorld,
  id: string,
  next: Pick<Incident, 'state' | 'reason'>,
  kind: LedgerKind,
  body: object,
  mayMove: (incident: Incident) => boolean = () => true,
): Promise<Incident | undefined> {
  for (let attempt = 1; ; attempt++) {
    const incident = await store.incident(id);
    if (incident === undefined) throw new Error(`${id} is gone from the store`);
    // A person may have had it go on since it was looked at.
    if (!mayMove(incident)) return incident;
    const { asks: _, ...rest } = incident;
    const record = { at: now(), kind, caseId: id, body: toJson(body) };
    try {
      await store.commit([
        { kind: 'incident', incident: { ...rest, ...next, version: incident.version + 1 } },
        { kind: 'ledger', record },
      ]);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}
