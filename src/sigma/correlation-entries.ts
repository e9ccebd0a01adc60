import type { FieldValue } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { PlannedCorrelation } from './correlation-plan.ts';
import type { Entry } from './correlation-window.ts';

/** An event as it waits: only the fields that correlations look at. */
export interface PendingEvent {
  readonly time: number;
  readonly ids: readonly string[];
  readonly values: Readonly<Record<string, readonly FieldValue[]>>;
  readonly refs: readonly Json[];
  /** Its place among events of the same time; without one all that is known of it decides. */
  readonly order?: string;
}

/** The steps of a correlation that each of its rules is. */
export function stepsBySource({ sources }: PlannedCorrelation): ReadonlyMap<string, readonly number[]> {
  const steps = new Map<string, number[]>();
  for (const [step, source] of sources.entries()) steps.set(source, [...(steps.get(source) ?? []), step]);
  return steps;
}

/** An entry and the groups that it is in. */
export interface Entered {
  readonly keys: readonly string[];
  readonly entry: Entry;
}

/**
 * The events that are a correlation's own. Those of one moment count as being in the order that a
 * correlation wants.
 */
export function entriesOf(
  plan: PlannedCorrelation,
  stepsOf: ReadonlyMap<string, readonly number[]>,
  events: readonly PendingEvent[],
): Entered[] {
  const entered: Entered[] = [];
  for (const event of events) {
    // Most events are of other correlations.
    if (!event.ids.some((id) => stepsOf.has(id))) continue;
    for (const { keys, steps } of stepsByGroup(plan, stepsOf, event)) {
      const carried = carriedOf(plan, event);
      for (const value of valuesOf(plan, steps[0] ?? 0, event)) {
        const { time, refs } = event;
        entered.push({
          keys,
          entry: { time, refs, steps, carried, ...(value === undefined ? {} : { value }) },
        });
      }
    }
  }
  return entered.length < 2 ? entered : entered.sort((a, b) => firstStep(a.entry) - firstStep(b.entry));
}

interface GroupSteps {
  readonly keys: readonly string[];
  readonly steps: readonly number[];
}

/** An event that several rules matched is one event, unless they see other groups in it. */
function stepsByGroup(
  plan: PlannedCorrelation,
  stepsOf: ReadonlyMap<string, readonly number[]>,
  event: PendingEvent,
): readonly GroupSteps[] {
  const steps = [...new Set(event.ids.flatMap((id) => stepsOf.get(id) ?? NO_STEPS))].sort((a, b) => a - b);
  const byGroup = new Map<string, { readonly keys: readonly string[]; readonly steps: number[] }>();
  for (const step of steps) {
    const keys = groupKeys(plan, step, event);
    if (keys.length === 0) continue;
    if (steps.length === 1) return [{ keys, steps }];
    const id = keys.join('\n');
    const same = byGroup.get(id) ?? { keys, steps: [] };
    byGroup.set(id, same);
    same.steps.push(step);
  }
  return [...byGroup.values()];
}

const NO_STEPS: readonly number[] = [];
const NOTHING: Entry['carried'] = {};

function carriedOf({ carried }: PlannedCorrelation, event: PendingEvent): Entry['carried'] {
  if (carried.length === 0) return NOTHING;
  return Object.fromEntries(carried.map((name) => [name, texts(event.values[name])]));
}

function firstStep({ steps }: Entry): number {
  return steps[0] ?? 0;
}

/** So many values of a list are looked at, and so many groups is an event in. */
export const VALUES_LIMIT = 16;

/** An event without one of the fields is in no group; one with lists is in a group for each element. */
function groupKeys({ rule, fieldOf }: PlannedCorrelation, step: number, event: PendingEvent): string[] {
  let keys: string[][] = [[]];
  for (const name of rule.groupBy) {
    const values = texts(event.values[fieldOf(step, name)]);
    keys = keys.flatMap((key) => values.map((value) => [...key, value])).slice(0, VALUES_LIMIT);
  }
  return keys.map((key) => JSON.stringify(key));
}

function texts(values: readonly FieldValue[] | undefined): string[] {
  if (values?.length === 1) return [String(values[0])];
  return [...new Set((values ?? []).map(String))];
}

/** What of an event is counted or measured; a correlation of events alone takes each of them once. */
function valuesOf(
  { rule, fieldOf }: PlannedCorrelation,
  step: number,
  event: PendingEvent,
): readonly (string | number | undefined)[] {
  if (rule.fields.length === 0) return [undefined];
  const lists = rule.fields.map((name) => event.values[fieldOf(step, name)] ?? []);
  if (rule.type !== 'value_count') return lists.flat().map(Number).filter(Number.isFinite);
  const [only = []] = lists;
  if (lists.length === 1) return texts(only);
  return lists.some((list) => list.length === 0) ? [] : [JSON.stringify(lists)];
}
