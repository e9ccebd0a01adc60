import type { Action, ActionContext, ActionOutcome, EarlierTry } from '../actions/action.ts';
import { CallsHeld, recordCalls } from '../aws/calls.ts';
import { describeAwsError, isRefused, isThrottled } from '../aws/errors.ts';
import type { ApiCall, JournalEntry, LedgerKind } from '../model/journal.ts';
import { type Json, toJson } from '../model/json.ts';
import type { Store } from '../store/store.ts';
import type { QuestionedStep } from './guardrails/guardrail.ts';
import type { Playbook, PlaybookStep } from './playbook.ts';

/** How a playbook ended this time. */
export type PlaybookEnd =
  | { readonly status: 'done' }
  | { readonly status: 'ask'; readonly step: string; readonly reason: string };

export interface RunnerSettings {
  /** Milliseconds between two looks at something that AWS is still doing. */
  readonly pollEvery: number;
  /** Milliseconds before the first new try; doubled for each further one. */
  readonly retryAfter: number;
  readonly tries: number;
}

type StepContext = Omit<ActionContext, 'earlierTry' | 'output' | 'input'>;

/** Asked just before a step that changes something; a text is a reason not to. */
export type BeforeStep = (step: QuestionedStep) => Promise<string | undefined>;

/**
 * Runs a playbook so that it may be killed at any instant and run again: what the journal says is
 * done is not done again, and what it says was started is told so to the action.
 */
export async function runPlaybook(
  playbook: Playbook,
  context: StepContext,
  store: Store,
  settings: RunnerSettings,
  beforeStep: BeforeStep,
): Promise<PlaybookEnd> {
  const caseId = context.incident.id;
  const journal = new Map((await store.journal(caseId)).map((entry) => [entry.step, entry]));
  const output = (action: string): Json | undefined => journal.get(action)?.output;
  for (const step of playbook.steps) {
    const { name, effect } = step.action;
    if (journal.get(name)?.state === 'done') continue;
    if (effect !== 'read') {
      const unsealed = effect === 'irreversible' && output('seal-evidence') === undefined;
      const objection = unsealed
        ? 'no evidence is sealed'
        : await beforeStep({ id: name, action: step.action });
      if (objection !== undefined) return { status: 'ask', step: name, reason: objection };
    }
    const result = await runStep(step, { ...context, output }, journal.get(name), store, settings);
    if ('reason' in result) {
      const again = journal.get(result.redo ?? '');
      if (again !== undefined) {
        const { output: _, endedAt: __, ...entry } = again;
        await store.commit([{ kind: 'journal', entry: { ...entry, state: 'started' } }]);
      }
      return { status: 'ask', step: name, reason: result.reason };
    }
    journal.set(name, result);
  }
  return { status: 'done' };
}

async function runStep(
  { action, timeout }: PlaybookStep,
  context: Omit<ActionContext, 'earlierTry' | 'input'>,
  earlier: JournalEntry | undefined,
  store: Store,
  settings: RunnerSettings,
): Promise<JournalEntry | { readonly reason: string; readonly redo?: string | undefined }> {
  const caseId = context.incident.id;
  const startedAt = earlier?.startedAt ?? context.now();
  const waitingSince = context.now();
  const tell = async (
    kind: LedgerKind,
    body: Record<string, unknown>,
    entry?: JournalEntry,
  ): Promise<void> => {
    const record = { at: context.now(), kind, caseId, body: toJson({ step: action.name, ...body }) };
    await store.commit([...(entry ? [{ kind: 'journal' as const, entry }] : []), { kind: 'ledger', record }]);
  };

  let earlierTry: EarlierTry = earlier === undefined ? 'none' : 'unknown';
  let attempts = earlier?.attempts ?? 0;
  let failures = 0;
  let progress: string | undefined;
  let calls: ApiCall[] = [];
  attempts++;
  await tell(
    'step.started',
    { title: action.title, effect: action.effect, attempt: attempts },
    { caseId, step: action.name, state: 'started', attempts, startedAt },
  );
  for (;;) {
    const attempt = await tryOnce(action, { ...context, input: {}, earlierTry }, calls);
    if (attempt.status === 'done') {
      const endedAt = context.now();
      const entry: JournalEntry = {
        caseId,
        step: action.name,
        state: 'done',
        attempts,
        startedAt,
        endedAt,
        output: attempt.output,
      };
      await tell(
        'step.done',
        {
          title: action.title,
          proof: attempt.proof,
          output: attempt.output,
          took: endedAt - startedAt,
          calls,
        },
        entry,
      );
      return entry;
    }
    if (attempt.status === 'ask') {
      await tell('step.failed', { reason: attempt.reason, calls });
      return { reason: attempt.reason, redo: attempt.redo };
    }
    if (attempt.status === 'waiting') {
      if (attempt.progress !== progress) {
        progress = attempt.progress;
        await tell('step.waiting', { progress, calls });
        calls = [];
      }
      if (context.now() - waitingSince > timeout) {
        return {
          reason: `${action.title.toLowerCase()}: not done after ${Math.round(timeout / 60_000)} minutes (${progress})`,
        };
      }
      await context.sleep(settings.pollEvery);
      continue;
    }
    if (isStop(attempt.error)) throw attempt.error;
    failures++;
    earlierTry = isRefused(attempt.error) || isThrottled(attempt.error) ? 'no-effect' : 'unknown';
    const reason = describeAwsError(attempt.error);
    const final = isRefused(attempt.error) || failures >= settings.tries;
    await tell('step.failed', { reason, calls, tryAgain: !final });
    if (final) return { reason };
    calls = [];
    await context.sleep(settings.retryAfter * 2 ** (failures - 1));
  }
}

/** The process is told to stop while it waits: the journal says where to go on. */
export function isStop(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

type Attempt = ActionOutcome | { readonly status: 'failed'; readonly error: unknown };

async function tryOnce(action: Action, context: ActionContext, calls: ApiCall[]): Promise<Attempt> {
  try {
    return await recordCalls(calls, () => action.run(context));
  } catch (error) {
    if (error instanceof CallsHeld) return { status: 'ask', reason: error.message };
    return { status: 'failed', error };
  }
}
