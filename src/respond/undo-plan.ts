import type { Action, Undo } from '../actions/action.ts';
import type { JournalEntry } from '../model/journal.ts';

/** One step that was done, and what can be done about it; in the order in which it is taken back. */
export interface UndoItem {
  /** Its place in the playbook. */
  readonly step: string;
  readonly action: Action;
  /** What was done. */
  readonly entry: JournalEntry;
  readonly outlook: UndoOutlook;
}

export type UndoOutlook =
  | { readonly kind: 'by'; readonly undo: Extract<Undo, { kind: 'by' }> }
  | { readonly kind: 'none'; readonly undo: Extract<Undo, { kind: 'none' }> }
  /** Nothing needs to be taken back. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** An undo before this one has taken it back. */
  | { readonly kind: 'undone' }
  /** It began and did not end: nobody knows what of it was done. */
  | { readonly kind: 'unclear'; readonly why: string };

const UNDO = 'undo/';

/** What the journal calls the undo of a step. */
export function undoStep(step: string): string {
  return `${UNDO}${step}`;
}

/** What an undo of a case would do, from its journal: the last step first. */
export function undoPlan(journal: readonly JournalEntry[], actions: ReadonlyMap<string, Action>): UndoItem[] {
  const undone = new Set(
    journal.filter(({ step, state }) => step.startsWith(UNDO) && state === 'done').map(({ step }) => step),
  );
  return journal
    .filter(({ step }) => !step.startsWith(UNDO))
    .flatMap((entry): UndoItem[] => {
      const action = actions.get(entry.action ?? entry.step);
      if (action === undefined || action.effect === 'read') return [];
      const { step } = entry;
      return [{ step, action, entry, outlook: outlookOf(entry, action, undone.has(undoStep(step))) }];
    })
    .reverse();
}

function outlookOf({ state }: JournalEntry, { undo, title }: Action, isUndone: boolean): UndoOutlook {
  if (isUndone) return { kind: 'undone' };
  if (undo.kind === 'nothing') return { kind: 'nothing', why: undo.why };
  if (undo.kind === 'none') return { kind: 'none', undo };
  if (state === 'done') return { kind: 'by', undo };
  const why = `"${title}" began and did not end, so that it is not known what it changed: look at it, or let it end with cordon resume and undo it then`;
  return { kind: 'unclear', why };
}
