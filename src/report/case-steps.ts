import type { Action, ActionGroup, UndoContext } from '../actions/action.ts';
import type { ApiCall, LedgerEntry } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { shellWord } from '../model/shell-word.ts';
import type { CaseFacts } from './case-report.ts';

/** What became of one step of the playbook. */
export interface CaseStep {
  /** Its place in the playbook. */
  readonly step: string;
  /** The name of its action, where it is known. */
  readonly action?: string;
  readonly title: string;
  readonly effect: Action['effect'];
  readonly group: ActionGroup | undefined;
  readonly state: 'done' | 'failed' | 'running' | 'skipped' | 'undone';
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** What was verified. */
  readonly proof?: string;
  /** Why it is not done. */
  readonly reason?: string;
  readonly output?: Json;
  readonly calls: readonly ApiCall[];
  readonly undo?: StepUndo;
}

export type StepUndo =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'by'; readonly how: string }
  | { readonly kind: 'none'; readonly why: string; readonly commands: readonly string[] };

interface Body {
  readonly step?: string;
  readonly action?: string;
  readonly title?: string;
  readonly effect?: Action['effect'];
  readonly attempt?: number;
  readonly proof?: string;
  readonly reason?: string;
  readonly progress?: string;
  readonly output?: Json;
  readonly calls?: readonly ApiCall[];
}

/** The steps of a case in the order in which they were begun. */
export function stepsOf({ ledger, actions, incident }: CaseFacts): CaseStep[] {
  const steps = new Map<string, CaseStep>();
  for (const entry of ledger) {
    const { step } = (entry.body ?? {}) as Body;
    if (step !== undefined && /^(undo\.)?step[.-]/.test(entry.kind))
      steps.set(step, told(steps.get(step), entry, actions));
  }
  const output = (name: string): Json | undefined =>
    [...steps.values()].findLast(({ action }) => action === name)?.output;
  return [...steps.values()].map((one) => {
    const action = actions.get(one.action ?? '');
    return action === undefined ? one : { ...one, undo: undoOf(action, one, { incident, output }) };
  });
}

function told(
  before: CaseStep | undefined,
  { at, kind, body }: LedgerEntry,
  actions: ReadonlyMap<string, Action>,
): CaseStep {
  const { step = '', title, effect, attempt = 1, proof, reason, progress, output, calls = [] } = body as Body;
  const name = actionOf(body as Body, actions);
  const known = actions.get(name ?? '');
  const one: CaseStep = before ?? {
    step,
    ...(name === undefined ? {} : { action: name }),
    title: title ?? known?.title ?? step,
    effect: effect ?? known?.effect ?? 'read',
    group: known?.group,
    state: 'running',
    attempts: attempt,
    startedAt: at,
    calls: [],
  };
  const next = { ...one, calls: [...one.calls, ...calls] };
  // Undoing has kinds of its own, after the same words.
  switch (kind as string) {
    case 'undo.step-done':
      return { ...next, state: 'undone', ...(proof === undefined ? {} : { proof }) };
    case 'step.skipped':
      return { ...next, state: 'skipped', ...(reason === undefined ? {} : { reason }) };
    case 'step.started':
      return { ...next, state: 'running', attempts: Math.max(one.attempts, attempt) };
    case 'step.done': {
      const { reason: _, ...rest } = next;
      return {
        ...rest,
        state: 'done',
        endedAt: at,
        output: output ?? null,
        ...(proof === undefined ? {} : { proof }),
      };
    }
    case 'step.failed':
      return { ...next, state: 'failed', ...(reason === undefined ? {} : { reason }) };
    default:
      return { ...next, ...(progress === undefined ? {} : { reason: progress }) };
  }
}

/**
 * The name of the action of a step. Ledgers that do not tell it yet have steps that are named after it, behind
 * the branches that they are in, and its title.
 */
function actionOf(
  { action, step = '', title }: Body,
  actions: ReadonlyMap<string, Action>,
): string | undefined {
  if (action !== undefined) return action;
  const last = step.split('/').at(-1) ?? '';
  if (actions.has(last)) return last;
  return [...actions.values()].find((one) => one.title === title)?.name;
}

function undoOf(
  { undo }: Action,
  { output: undone }: CaseStep,
  { incident, output }: Pick<UndoContext, 'incident' | 'output'>,
): StepUndo {
  if (undo.kind === 'nothing') return { kind: 'nothing' };
  if (undo.kind === 'by') return { kind: 'by', how: undo.how };
  // The commands are made of what the steps returned; nothing is asked of AWS.
  const { subject } = incident;
  const context = { incident, subject, output, undone, aws: { region: shellWord(subject.region) } };
  try {
    return { kind: 'none', why: undo.why, commands: undo.restore(context as unknown as UndoContext) };
  } catch {
    return { kind: 'none', why: undo.why, commands: [] };
  }
}
