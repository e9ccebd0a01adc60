import type { RehearsedDecision, RehearsedOutcome } from '../respond/rehearsal.ts';

/** What a decision means, in words. */
export const OUTCOMES: Readonly<Record<RehearsedOutcome, string>> = {
  responding: 'would run',
  'awaiting-approval': 'would wait for a person',
  observed: 'would be observed',
  recorded: 'would only be recorded',
  'answered-before': 'would have been answered before',
};
const ORDER = Object.keys(OUTCOMES) as readonly RehearsedOutcome[];

/** What would have become of cases, in words: of each its last decision counts. */
export function responseCounts(decisions: readonly (readonly RehearsedDecision[])[]): string {
  const counts = new Map<RehearsedOutcome, number>();
  for (const ofCase of decisions) {
    const last = ofCase.at(-1);
    if (last !== undefined) counts.set(last.outcome, (counts.get(last.outcome) ?? 0) + 1);
  }
  const parts = ORDER.filter((outcome) => counts.has(outcome)).map(
    (outcome) => `${counts.get(outcome)?.toLocaleString('en-US')} ${OUTCOMES[outcome]}`,
  );
  return parts.length === 0 ? 'nothing follows' : parts.join(', ');
}
