import type { Action, ActionContext, ActionOutcome, EarlierTry } from '../../actions/action.ts';
import { CallsHeld, recordCalls } from '../../aws/calls.ts';
import { describeAwsError, isRefused, isThrottled } from '../../aws/errors.ts';
import type { ApiCall } from '../../model/journal.ts';
import { type Json, toJson } from '../../model/json.ts';
import { checkedInput } from './action-input.ts';
import { type Begun, isStop, type Note, type Seen, type Task, type Turn } from './durable.ts';
import type { ActionStep } from './playbook.ts';
import { hasReferences, lookupIn, NoValueError, resolve } from './reference.ts';
import type { PlaybookRecord, PlaybookWorld, StepResult } from './world.ts';

/** What is known of the tries before. */
interface Memo {
  readonly failures: number;
  readonly earlierTry: EarlierTry;
  /** Since when AWS is waited for. */
  readonly since?: number;
  readonly progress?: string;
  /** Calls that the ledger has not been told of. */
  readonly calls: readonly ApiCall[];
}

/** The tries of one action, as a task of a {@link Durable}. */
export function actionTask(
  step: ActionStep,
  world: PlaybookWorld,
  results: readonly StepResult[],
  record: () => Promise<PlaybookRecord>,
): Task {
  const { action, path } = step;
  const output = (name: string): Json | undefined =>
    results.findLast((result) => result.action === name)?.output;
  const objection = async (): Promise<string | undefined> =>
    action.effect === 'read' ? undefined : world.beforeStep(step);
  return {
    mayFail: step.onFailure.afterwards === 'continue' || step.onFailure.steps.length > 0,
    objection,
    async begin(attempt) {
      const refusal = (await objection()) ?? (await lastObjection(step, output, world));
      if (refusal !== undefined) return { objection: refusal };
      const body = { ...named(step), title: action.title, effect: action.effect, attempt };
      const begun = { action: action.name, startedAt: world.now() };
      const notes: Note[] = [{ kind: 'step.started', body }];
      try {
        const known = hasReferences(step.input) ? await record() : {};
        return { value: { ...begun, input: resolve(step.input, lookupIn(known)) }, notes };
      } catch (error) {
        if (!(error instanceof NoValueError)) throw error;
        return { value: { ...begun, fault: error.message }, notes };
      }
    },
    async look(begun, seen) {
      const input = begun.fault ?? checkedInput(action, begun.input ?? {});
      if (typeof input === 'string') {
        const body = { ...named(step), reason: input, calls: [] };
        const notes: Note[] = [{ kind: 'step.failed', body }];
        return { kind: 'stopped', stopped: { step: path, reason: input }, notes };
      }
      const memo = memoOf(seen);
      const calls = [...memo.calls];
      const context = { ...world, output, input: input.value, earlierTry: memo.earlierTry };
      const attempt = await tryOnce(action, context, calls);
      if (attempt.status === 'waiting') return waiting(step, world, attempt.progress, { ...memo, calls });
      if (attempt.status === 'held') {
        const body = { ...named(step), reason: attempt.reason, calls };
        const stopped = { step: path, reason: attempt.reason, firm: true as const };
        return { kind: 'stopped', stopped, notes: [{ kind: 'step.failed', body }] };
      }
      if (attempt.status === 'failed') return failed(step, world, attempt.error, { ...memo, calls });
      return ended(step, attempt, begun, world.now(), calls);
    },
  };
}

/** What every entry of the ledger about the step begins with. */
function named({ path, action }: ActionStep): { readonly step: string; readonly action: string } {
  return { step: path, action: action.name };
}

/** What keeps an action that changes something from being begun, whatever the playbook says. */
async function lastObjection(
  step: ActionStep,
  output: ActionContext['output'],
  world: PlaybookWorld,
): Promise<string | undefined> {
  const { effect } = step.action;
  if (effect === 'read') return undefined;
  if (effect === 'irreversible' && output('seal-evidence') === undefined) return 'no evidence is sealed';
  return world.lastLook(step);
}

function memoOf({ memo, interrupted }: Seen): Memo {
  const known = (memo ?? { failures: 0, earlierTry: 'none', calls: [] }) as unknown as Memo;
  return interrupted ? { ...known, earlierTry: 'unknown' } : known;
}

function ended(
  step: ActionStep,
  outcome: Exclude<ActionOutcome, { status: 'waiting' }>,
  { startedAt }: Begun,
  now: number,
  calls: readonly ApiCall[],
): Turn {
  if (outcome.status === 'ask') {
    const { reason, redo } = outcome;
    const stopped = { step: step.path, reason, ...(redo === undefined ? {} : { redo }) };
    return {
      kind: 'stopped',
      stopped,
      notes: [{ kind: 'step.failed', body: { ...named(step), reason, calls } }],
    };
  }
  const { output, proof, changes = [] } = outcome;
  const { title } = step.action;
  const body = { ...named(step), title, proof, output, took: now - startedAt, calls };
  return { kind: 'done', output, notes: [{ kind: 'step.done', body }], changes };
}

/** AWS is not there yet. */
function waiting(step: ActionStep, { now, settings }: PlaybookWorld, progress: string, memo: Memo): Turn {
  const { action, path, timeout } = step;
  // A clock that was set back must not put off the end of it.
  const since = Math.min(memo.since ?? now(), now());
  const news = progress !== memo.progress;
  const notes: Note[] = news
    ? [{ kind: 'step.waiting', body: { ...named(step), progress, calls: memo.calls } }]
    : [];
  if (now() - since > timeout) {
    const minutes = Math.round(timeout / 60_000);
    const reason = `${action.title.toLowerCase()}: not done after ${minutes} minutes (${progress})`;
    return { kind: 'stopped', stopped: { step: path, reason }, notes };
  }
  const next: Memo = { ...memo, since, progress, calls: news ? [] : memo.calls };
  return { kind: 'again', after: settings.pollEvery, memo: toJson(next), notes };
}

/** It threw: it is tried again, unless AWS refused it or it was tried often enough. */
function failed(step: ActionStep, { settings }: PlaybookWorld, error: unknown, memo: Memo): Turn {
  const { path, retry } = step;
  const { tries, after } = retry ?? { tries: settings.tries, after: settings.retryAfter };
  const failures = memo.failures + 1;
  const reason = describeAwsError(error);
  const final = isRefused(error) || failures >= tries;
  const body = { ...named(step), reason, calls: memo.calls, tryAgain: !final };
  const notes: Note[] = [{ kind: 'step.failed', body }];
  if (final) return { kind: 'stopped', stopped: { step: path, reason }, notes };
  const earlierTry = isRefused(error) || isThrottled(error) ? 'no-effect' : 'unknown';
  const next: Memo = { ...memo, failures, earlierTry, calls: [] };
  return { kind: 'again', after: after * 2 ** (failures - 1), memo: toJson(next), notes };
}

type Attempt =
  | ActionOutcome
  | { readonly status: 'failed'; readonly error: unknown }
  /** A person has stopped everything between two of its calls. */
  | { readonly status: 'held'; readonly reason: string };

async function tryOnce(action: Action, context: ActionContext, calls: ApiCall[]): Promise<Attempt> {
  try {
    return await recordCalls(calls, () => action.run(context));
  } catch (error) {
    if (isStop(error)) throw error;
    if (error instanceof CallsHeld) return { status: 'held', reason: error.message };
    return { status: 'failed', error };
  }
}
