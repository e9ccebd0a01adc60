import type { PastCase } from '../respond/case-history.ts';
import { byText } from './order.ts';

/** Two rules that found something on the same subject in the same case. */
export interface Overlap {
  /** Ids of the rules, in their order. */
  readonly rules: readonly [string, string];
  /** Cases with findings of both. */
  readonly cases: number;
  /** Of all cases with a finding of either, how many have both: 1 when one never comes without the other. */
  readonly share: number;
}

export function overlaps(cases: readonly PastCase[]): Overlap[] {
  const together = new Map<string, Map<string, number>>();
  const alone = new Map<string, number>();
  for (const { findings } of cases) {
    const ids = findings.map(({ rule }) => rule.id).sort(byText);
    for (const [index, id] of ids.entries()) {
      alone.set(id, (alone.get(id) ?? 0) + 1);
      const others = together.get(id) ?? new Map<string, number>();
      together.set(id, others);
      for (const other of ids.slice(index + 1)) others.set(other, (others.get(other) ?? 0) + 1);
    }
  }
  const pairs = [...together].flatMap(([a, others]) =>
    [...others].map(([b, count]): Overlap => {
      const either = (alone.get(a) ?? 0) + (alone.get(b) ?? 0) - count;
      return { rules: [a, b], cases: count, share: count / either };
    }),
  );
  return pairs.sort(
    (a, b) =>
      b.cases - a.cases ||
      b.share - a.share ||
      byText(a.rules[0], b.rules[0]) ||
      byText(a.rules[1], b.rules[1]),
  );
}
