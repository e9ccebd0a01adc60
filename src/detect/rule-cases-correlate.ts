import type { Event } from '../model/event.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { RuleSet } from './rules.ts';

/** How often a correlation matches on events, in the order of their times. */
export function correlationMatches(
  set: RuleSet,
  correlation: CorrelationRule,
  events: readonly Event[],
): number {
  throw new Error(`${correlation.id} ${set.rules.length} ${events.length}`);
}
