import type { Event } from '../model/event.ts';
import { correlator } from '../sigma/correlator.ts';
import type { RuleSet } from './rule-set.ts';

/** How often a correlation matches on events, which may be in any order. */
export function correlationMatches(
  { byFormat, correlations, aliases }: RuleSet,
  id: string,
  events: readonly Event[],
): number {
  const correlate = correlator(correlations);
  const inOrder = events.toSorted((a, b) => a.time - b.time);
  const firings = inOrder.flatMap((event, ref) => {
    const matching = byFormat.get(event.format)?.match(event) ?? [];
    return correlate.observe(
      matching.map(({ rule }) => rule.id),
      {
        time: event.time,
        fields: event.fields,
        ref,
        aliases: aliases.get(event.format) ?? {},
      },
    );
  });
  firings.push(...correlate.advance(Number.POSITIVE_INFINITY));
  return firings.filter(({ correlation }) => correlation.id === id).length;
}
