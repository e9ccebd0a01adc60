import type { PlannedCorrelation } from './correlation-plan.ts';
import type { Entry } from './correlation-window.ts';
import { type EventShape, listOf, type PendingEvent, textsOf, valuesOf } from './pending-event.ts';

/** The steps of a correlation that events of a shape are; the same answer for the same shape. */
export type StepsOf = (shape: EventShape) => readonly number[];

export function stepsByShape({ sources }: PlannedCorrelation): StepsOf {
  const known = new WeakMap<EventShape, readonly number[]>();
  return (shape) => {
    const before = known.get(shape);
    if (before !== undefined) return before;
    const steps = [...sources.keys()].filter((step) => shape.ids.includes(sources[step] as string));
    known.set(shape, steps);
    return steps;
  };
}

/** An entry and the groups that it is in. */
export interface Entered {
  readonly keys: readonly string[];
  readonly entry: Entry;
}

/**
 * What a correlation remembers of events that are its own. Those of one moment count as being in the
 * order that it wants.
 */
export function entriesOf(
  plan: PlannedCorrelation,
  stepsOf: StepsOf,
  events: readonly PendingEvent[],
): Entered[] {
  const entered: Entered[] = [];
  for (const event of events) {
    for (const group of stepsByGroup(plan, stepsOf(event.shape), event)) {
      const carried = carriedOf(plan, event);
      for (const value of countedOf(plan, group.steps[0] ?? 0, event)) {
        entered.push({ keys: group.keys, entry: entryOf(event, group.steps, carried, value) });
      }
    }
  }
  return entered.length < 2 ? entered : entered.sort((a, b) => firstStep(a.entry) - firstStep(b.entry));
}

function entryOf(
  { time, refs }: PendingEvent,
  steps: readonly number[],
  carried: Entry['carried'],
  value: string | number | undefined,
): Entry {
  return value === undefined ? { time, refs, steps, carried } : { time, refs, steps, carried, value };
}

interface GroupSteps {
  readonly keys: readonly string[];
  readonly steps: readonly number[];
}

/** An event that several rules matched is one event, unless they see other groups in it. */
function stepsByGroup(
  plan: PlannedCorrelation,
  steps: readonly number[],
  event: PendingEvent,
): readonly GroupSteps[] {
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) {
    const keys = groupKeys(plan, only, event);
    return keys.length === 0 ? [] : [{ keys, steps }];
  }
  const byGroup = new Map<string, { readonly keys: readonly string[]; readonly steps: number[] }>();
  for (const step of steps) {
    const keys = groupKeys(plan, step, event);
    if (keys.length === 0) continue;
    const id = keys.join('\n');
    const same = byGroup.get(id) ?? { keys, steps: [] };
    byGroup.set(id, same);
    same.steps.push(step);
  }
  return [...byGroup.values()];
}

const NOTHING: Entry['carried'] = {};

function carriedOf({ carried }: PlannedCorrelation, event: PendingEvent): Entry['carried'] {
  if (carried.length === 0) return NOTHING;
  return Object.fromEntries(carried.map((name) => [name, textsOf(valuesOf(event, name))]));
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
    const texts = textsOf(valuesOf(event, fieldOf(step, name)));
    if (texts.length === 1 && keys.length === 1) (keys[0] as string[]).push(texts[0] as string);
    else keys = keys.flatMap((key) => texts.map((text) => [...key, text])).slice(0, VALUES_LIMIT);
  }
  return keys.map((key) => JSON.stringify(key));
}

/** What of an event is counted or measured; a correlation of events alone takes each of them once. */
function countedOf(
  { rule, fieldOf }: PlannedCorrelation,
  step: number,
  event: PendingEvent,
): readonly (string | number | undefined)[] {
  if (rule.fields.length === 0) return [undefined];
  const lists = rule.fields.map((name) => listOf(valuesOf(event, fieldOf(step, name))));
  if (rule.type !== 'value_count') return lists.flat().map(Number).filter(Number.isFinite);
  const [only = []] = lists;
  if (lists.length === 1) return textsOf(only);
  return lists.some((list) => list.length === 0) ? [] : [JSON.stringify(lists)];
}
