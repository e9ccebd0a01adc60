import { canonicalJson } from '../model/json.ts';
import type { Condition } from './condition.ts';
import type { CorrelationRule, Limit } from './correlation-rule.ts';
import { type Entry, type GroupWindow, isSliding } from './correlation-window.ts';

/** What a window says when it fulfils its correlation. */
export interface Verdict {
  /** The count or the measure. */
  readonly value: number;
  readonly entries: readonly Entry[];
}

/** Judges what is in a window; nothing when it does not fulfil the correlation. */
export function judge(window: GroupWindow, rule: CorrelationRule): Verdict | undefined {
  if (rule.type === 'temporal_ordered') return judgeChains(window, rule);
  if (window.entries.size === 0) return undefined;
  const { condition } = rule;
  if (condition === undefined) {
    const value = measure(window, rule);
    return value !== undefined && withinLimits(value, rule)
      ? { value, entries: entriesOf(window) }
      : undefined;
  }
  const steps = new Set([...window.entries.keys()].map(Number));
  return holds(condition, rule, steps) ? { value: steps.size, entries: entriesOf(window) } : undefined;
}

function measure(window: GroupWindow, rule: CorrelationRule): number | undefined {
  const count = window.entries.size;
  switch (rule.type) {
    case 'value_sum':
      return window.sum;
    case 'value_avg':
      return window.sum / (count + window.dropped);
    case 'value_median':
      return quantile(numbersOf(window), 50);
    case 'value_percentile':
      return quantile(numbersOf(window), rule.percentile);
    case 'event_count':
      return isSliding(rule) ? count : count + window.dropped;
    default:
      return count;
  }
}

function numbersOf({ entries }: GroupWindow): number[] {
  return [...entries.values()].flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
}

/** The value below which so many percent are, between the two nearest ones in proportion. */
function quantile(numbers: number[], percent: number): number | undefined {
  const sorted = numbers.sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (place - Math.floor(place));
}

function withinLimits(value: number, { limits }: CorrelationRule): boolean {
  return limits.every(({ limit, value: bound }) => COMPARE[limit](value, bound));
}

const COMPARE: Readonly<Record<Limit, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  eq: (value, bound) => value === bound,
  neq: (value, bound) => value !== bound,
};

/** The longest chain first; of the same length, the one that has the earlier steps. */
function judgeChains(window: GroupWindow, rule: CorrelationRule): Verdict | undefined {
  const chains = [...window.chains].sort(([a, one], [b, other]) => other.length - one.length || a - b);
  const [longest] = chains;
  if (longest === undefined) return undefined;
  if (rule.condition === undefined) {
    const [, entries] = longest;
    return withinLimits(entries.length, rule) ? { value: entries.length, entries } : undefined;
  }
  for (const [steps, entries] of chains) {
    if (holds(rule.condition, rule, stepsOf(steps))) return { value: entries.length, entries };
  }
  return undefined;
}

function stepsOf(bits: number): ReadonlySet<number> {
  const steps = new Set<number>();
  for (let step = 0; 2 ** step <= bits; step++) if (Math.floor(bits / 2 ** step) % 2 === 1) steps.add(step);
  return steps;
}

/** A condition in words, over the rules that were seen. */
function holds(condition: Condition, rule: CorrelationRule, steps: ReadonlySet<number>): boolean {
  const seen = (name: string): boolean =>
    rule.rules.some((reference, step) => reference === name && steps.has(step));
  switch (condition.kind) {
    case 'identifier':
      return seen(condition.name);
    case 'quantified':
      return condition.quantifier === 'all' ? condition.names.every(seen) : condition.names.some(seen);
    case 'not':
      return !holds(condition.operand, rule, steps);
    case 'and':
      return condition.operands.every((operand) => holds(operand, rule, steps));
    case 'or':
      return condition.operands.some((operand) => holds(operand, rule, steps));
  }
}

/** An event that stands for several steps or values is one event. */
function entriesOf({ entries }: GroupWindow): Entry[] {
  const byEvent = new Map(
    [...entries.values()].map((entry) => [canonicalJson([entry.time, entry.refs]), entry]),
  );
  return [...byEvent.values()];
}
