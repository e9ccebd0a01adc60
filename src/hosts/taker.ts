import { correlating } from '../detect/clue.ts';
import { tally } from '../detect/tally.ts';
import type { BadRecord, Event } from '../model/event.ts';
import { takeIn } from '../respond/intake.ts';
import type { Change, Store } from '../store/store.ts';
import type { Ingested } from './ingest.ts';
import { gate } from './remote.ts';
import type { Setup } from './setup.ts';

/** What was found in a stretch of a source, and how far the source has been read. */
export type Found = Pick<Ingested, 'runs' | 'badRecords' | 'clues' | 'kept' | 'position'>;

/** Stores what is found in the sources, with what correlations make of all of them. */
export interface Taker {
  /** Durable when it resolves: all of it, and the changes, or nothing. */
  take(found: Found, changes?: readonly Change[]): Promise<void>;
  /**
   * Correlations wait for late events: when nothing has come for so long as they would wait, or nothing
   * will come any more, they need not.
   */
  settle(final: boolean): Promise<void>;
  /** Stores what correlations know, also when it was not due: before the end. */
  remember(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Events and groups that correlations know: with so few, what they know is stored with every batch. */
const CHEAP = 5_000;
/** With more, so often: a crash then forgets what they learnt since, and no finding but theirs. */
const DEAR_EVERY = 30 * SECOND;
/** The name under which the store remembers what correlations wait for. */
const CORRELATIONS = 'correlations';

/**
 * Sources that are read at the same time take turns here: what correlations know is stored with the
 * position behind what they know it from, and never with more.
 */
export function taker(
  { config, rules, bindingOf }: Setup,
  store: Store,
  onBadRecord: (record: BadRecord) => void,
  /** What is stored of events that somebody else looks at, too. */
  note: (events: readonly Event[]) => readonly Change[] = () => [],
): Taker {
  const settings = { window: config.window * MINUTE, bindingOf };
  const lateness = config.correlation.lateness * SECOND;
  const correlate = correlating(rules, { lateness, clock: Date.now });
  const takingTurns = gate(1);
  let remembers = false;
  /** A batch failed after its clues were taken: what correlations know is more than what is stored. */
  let ahead = false;
  let lastRemembered = 0;
  let lastTaken = Date.now();
  const recall = async (): Promise<void> => {
    if (remembers) return;
    const state = await store.memory(CORRELATIONS);
    if (state !== undefined) correlate.restore(state);
    remembers = true;
  };
  const changedMemory = (due = false) => {
    if (!due && correlate.size > CHEAP && Date.now() - lastRemembered < DEAR_EVERY) return {};
    lastRemembered = Date.now();
    const value = correlate.changedState();
    return value === undefined ? {} : { memory: { name: CORRELATIONS, value } };
  };
  return {
    take: ({ runs, badRecords, clues, kept, position }, given = []) =>
      takingTurns(async () => {
        await recall();
        lastTaken = Date.now();
        const found = tally(settings.window);
        found.join(runs);
        ahead = true;
        for (const clue of clues) correlate.add(clue).forEach(found.add);
        const changes = [...note(kept), ...given];
        const batch = { runs: found.take(), badRecords, changes, ...(position && { position }) };
        await takeIn(store, { ...batch, ...changedMemory() }, settings, Date.now);
        ahead = false;
        badRecords.forEach(onBadRecord);
      }),
    settle: (final) =>
      takingTurns(async () => {
        if (!final && Date.now() - lastTaken < lateness) return;
        await recall();
        const found = tally(settings.window);
        correlate.settle().forEach(found.add);
        const memory = changedMemory();
        if (found.size === 0 && memory.memory === undefined) return;
        await takeIn(store, { runs: found.take(), badRecords: [], ...memory }, settings, Date.now);
      }),
    remember: () =>
      takingTurns(async () => {
        const { memory } = changedMemory(true);
        if (remembers && !ahead && memory !== undefined) await store.commit([{ kind: 'memory', ...memory }]);
      }),
  };
}
