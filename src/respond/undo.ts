import type { Incident, IncidentState } from '../model/incident.ts';
import type { LedgerKind } from '../model/journal.ts';
import { toJson } from '../model/json.ts';
import { type Change, ConflictError } from '../store/store.ts';
import type { Person } from './person.ts';
import { type UndoItem, undoPlan } from './undo-plan.ts';
import { contextOf, type UndoSettings, type UndoWorld, undoOne } from './undo-step.ts';

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

const TRIES = 5;

/** Nothing of a playbook runs in these states, and no watch begins anything. */
const UNDOABLE: readonly IncidentState[] = [
  'awaiting-approval',
  'needs-decision',
  'denied',
  'closed',
  'undoing',
  'undone',
];

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
  for (let attempt = 1; ; attempt++) {
    try {
      const begun = await begin(id, request, settings, world, watchless);
      return 'status' in begun ? begun : await takeBack(begun, request, settings, world);
    } catch (error) {
      // Somebody decided, or a watch added to the case, since it was looked at.
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}

interface Begun {
  readonly incident: Incident;
  readonly items: readonly UndoItem[];
}

/** Moves the case to `undoing`, if it is as it was when it was judged: from then on nobody else moves it. */
async function begin(
  id: string,
  { step, reason, ...person }: UndoRequest,
  settings: UndoSettings,
  world: UndoWorld,
  watchless: boolean,
): Promise<Begun | UndoEnd> {
  const { store } = world;
  const incident = await store.incident(id);
  if (incident === undefined) return { status: 'refused', reason: `there is no incident ${id}` };
  if (!UNDOABLE.includes(incident.state) && !(watchless && incident.state === 'responding'))
    return { status: 'refused', reason: unready(incident) };
  const plan = undoPlan(await store.journal(id), settings.actions);
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
  const next = { state: 'undoing' as const, reason: `${person.by} takes it back: ${reason}` };
  const told = { ...person, reason, steps: items.map((item) => item.step) };
  await store.commit(moved(incident, next, 'undo.started', told, world.now()));
  return { incident, items };
}

async function takeBack(
  { incident, items }: Begun,
  { by }: UndoRequest,
  settings: UndoSettings,
  world: UndoWorld,
): Promise<UndoEnd> {
  const { id } = incident;
  const undone: string[] = [];
  for (const item of items) {
    const { step, outlook } = item;
    if (outlook.kind === 'undone') undone.push(step);
    if (outlook.kind !== 'by') continue;
    const reason = await undoOne(item, incident, settings, world);
    if (reason !== undefined) {
      const next = { state: 'undoing' as const, reason: `undo stopped at ${step}: ${reason}` };
      await move(world, id, next, 'undo.stopped', { step, reason });
      return { status: 'stopped', step, reason };
    }
    undone.push(step);
  }
  const restore = await restoreLines(items, incident, settings, world);
  const reason = `${undone.length === 0 ? 'nothing was' : undone.join(', ')} taken back by ${by}`;
  await move(world, id, { state: 'undone', reason }, 'undo.done', { reason, undone, restore });
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

/** Moves the case on, whatever a watch adds to it meanwhile. */
async function move(
  { store, now }: UndoWorld,
  id: string,
  next: Pick<Incident, 'state' | 'reason'>,
  kind: LedgerKind,
  body: object,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const incident = await store.incident(id);
    if (incident === undefined) throw new Error(`${id} is gone from the store`);
    try {
      await store.commit(moved(incident, next, kind, body, now()));
      return;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}

function moved(
  { asks: _, ...incident }: Incident,
  next: Pick<Incident, 'state' | 'reason'>,
  kind: LedgerKind,
  body: object,
  at: number,
): Change[] {
  const record = { at, kind, caseId: incident.id, body: toJson(body) };
  return [
    { kind: 'incident', incident: { ...incident, ...next, version: incident.version + 1 } },
    { kind: 'ledger', record },
  ];
}
