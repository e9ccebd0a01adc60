import type { RehearsedDecision } from '../respond/rehearsal.ts';

const WORDS: Readonly<Record<RehearsedDecision['outcome'], string>> = {
  responding: 'would run',
  'awaiting-approval': 'would wait for a person',
  observed: 'would be observed',
  recorded: 'would only be recorded',
};
const ORDER = Object.keys(WORDS) as readonly RehearsedDecision['outcome'][];

/** What would have become of cases, in words: of each its last decision counts. */
export function responseCounts(decisions: readonly (readonly RehearsedDecision[])[]): string {
  const counts = new Map<RehearsedDecision['outcome'], number>();
  for (const ofCase of decisions) {
    const last = ofCase.at(-1);
    if (last !== undefined) counts.set(last.outcome, (counts.get(last.outcome) ?? 0) + 1);
  }
  const parts = ORDER.filter((outcome) => counts.has(outcome)).map(
    (outcome) => `${counts.get(outcome)?.toLocaleString('en-US')} ${WORDS[outcome]}`,
  );
  return parts.length === 0 ? 'nothing follows' : parts.join(', ');
}
