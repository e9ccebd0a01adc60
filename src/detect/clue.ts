import type { Event, FieldValue } from '../model/event.ts';
import type { Branch } from '../model/finding.ts';
import { type Json, toJson } from '../model/json.ts';
import type { Subject } from '../model/subject.ts';
import type { CompiledRule } from '../sigma/compile.ts';
import { isSliding } from '../sigma/correlation-window.ts';
import { type CorrelatorOptions, correlator, type Firing } from '../sigma/correlator.ts';
import type { RuleSet } from './rule-set.ts';
import type { FieldOf } from './subject.ts';
import type { Match } from './tally.ts';

/** An event that rules matched which correlations are made of, with as much of it as they look at. */
export interface Clue extends Pick<Event, 'raw' | 'origin'> {
  readonly rules: readonly string[];
  readonly time: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly subject: Subject;
  readonly seenOn: Subject;
}

/** The clue that a record is, when correlations are made of a rule that matched it. */
export function clueOf(
  { serving }: RuleSet,
  matching: readonly Pick<CompiledRule, 'ref'>[],
  { aliases, fieldOf, evidence, ...rest }: ClueParts,
): Clue | undefined {
  const ids = matching.flatMap(({ ref }) => (serving.has(ref.id) ? [ref.id] : []));
  if (ids.length === 0) return undefined;
  const fields: Record<string, FieldValue> = {};
  for (const id of ids) {
    for (const name of serving.get(id) ?? []) {
      const value = fieldOf(Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name);
      if (value !== undefined) fields[name] = value;
    }
  }
  return { rules: ids, fields, ...rest, ...evidence() };
}

interface ClueParts extends Pick<Clue, 'time' | 'subject' | 'seenOn'> {
  readonly aliases: Readonly<Record<string, string>>;
  readonly fieldOf: FieldOf;
  evidence(): Pick<Event, 'raw' | 'origin'>;
}

/** Puts clues together: what correlations find is a match like that of a rule. */
export interface Correlating {
  add(clue: Clue): Match[];
  /** Nothing came for long: what waits for late clues need not wait any longer. */
  settle(): Match[];
  /** Events and groups that are remembered: what a state costs goes by it. */
  readonly size: number;
  /** Everything that is remembered, as plain data; nothing when it is as it was at the last call. */
  changedState(): Json | undefined;
  restore(state: Json): void;
  /** Clues that came later than was allowed and were left out. */
  readonly late: number;
}

export function correlating({ correlations, quiet }: RuleSet, options: CorrelatorOptions): Correlating {
  const inner = correlator(correlations, options);
  const keepFor = (options.lateness ?? 0) + longestWholeWindow(correlations);
  /** The records of clues that may still complete a correlation. */
  let records = new Map<number, KeptRecord>();
  let count = 0;
  let changed = false;
  let latest = Number.NEGATIVE_INFINITY;
  let pruneAt = PRUNE_EVERY;
  const prune = (): void => {
    let tooMany = records.size - MOST_RECORDS;
    // The first that came go first.
    for (const [key, { time }] of records) {
      if (time < latest - keepFor || tooMany-- > 0) records.delete(key);
    }
    pruneAt = records.size + PRUNE_EVERY;
  };
  const matches = (firings: readonly Firing[]): Match[] => {
    if (firings.length > 0) changed = true;
    return firings
      .filter(({ correlation }) => !quiet.has(correlation.id))
      .map((one) => matchOf(one, records));
  };
  return {
    add({ rules, time, fields, raw, origin, subject, seenOn }) {
      changed = true;
      latest = Math.max(latest, time);
      const record = ++count;
      records.set(record, { time, raw });
      if (records.size >= pruneAt) prune();
      const ref: Reference = { record, origin, subject, seenOn };
      return matches(inner.observe(rules, { time, fields, ref: ref as unknown as Json, order: origin }));
    },
    settle: () => matches(inner.advance(latest + 1)),
    get size() {
      const { pending, groups } = inner.statistics;
      return pending + groups;
    },
    changedState() {
      if (!changed) return undefined;
      changed = false;
      prune();
      return toJson({ correlator: inner.state(), latest, count, records: [...records] });
    },
    restore(state) {
      const stored = state as unknown as StoredClues;
      inner.restore(stored.correlator);
      // Older states knew records by their places.
      records = new Map(stored.count === undefined ? [] : stored.records);
      count = stored.count ?? 0;
      latest = stored.latest ?? Number.NEGATIVE_INFINITY;
    },
    get late() {
      return inner.statistics.late;
    },
  };
}

interface StoredClues {
  readonly correlator: Json;
  readonly latest: number | null;
  readonly count?: number;
  readonly records: readonly (readonly [number, KeptRecord])[];
}

interface KeptRecord {
  readonly time: number;
  readonly raw: string;
}

/** Records that are kept, however long clues may have to wait: a finding then has its place alone. */
const MOST_RECORDS = 50_000;
/** Records that come between two looks for those that are not needed any longer. */
const PRUNE_EVERY = 5_000;

/** What is judged when its window ends fires that much later than its last event. */
function longestWholeWindow(correlations: RuleSet['correlations']): number {
  return correlations.reduce(
    (longest, { rule }) => (isSliding(rule) ? longest : Math.max(longest, rule.timespanMs)),
    0,
  );
}

/** What a firing names of an event: written by {@link correlating}, read back from its state. */
interface Reference extends Pick<Clue, 'origin' | 'subject' | 'seenOn'> {
  /** Its number among all: two records of one place are two. */
  readonly record: number;
}

/** A firing is about whom its last event is about. */
function matchOf(firing: Firing, records: ReadonlyMap<number, KeptRecord>): Match {
  const { correlation, lastSeen, refs } = firing;
  const { id, title, level } = correlation;
  const references = refs as unknown as readonly Reference[];
  const last = references.at(-1);
  if (last === undefined) throw new Error(`correlation ${id} fired without an event`);
  const { record, subject, seenOn, origin } = last;
  const raw = records.get(record)?.raw ?? '';
  return {
    rule: { id, title, level },
    subject,
    seenOn,
    time: lastSeen,
    evidence: () => ({ raw, origin }),
    branch: () => branchOf(firing, references),
  };
}

function branchOf({ correlation, group, value }: Firing, references: readonly Reference[]): Branch {
  const { type, limits, timespanMs } = correlation;
  const bounds = limits.map(({ limit, value: bound }) => `${limit} ${bound}`).join(' and ');
  const reason = (field: string, pattern: string, found: string) => ({
    selection: type,
    field,
    pattern,
    value: found,
  });
  const places = references.map(({ origin }) => `${origin.source}:${origin.line}`);
  return {
    selections: [type],
    because: [
      ...Object.entries(group).map(([field, common]) => reason(field, 'in common', common)),
      reason(type, `${bounds} within ${timespanMs / 1_000} s`.trim(), String(value)),
      reason('events', 'first and last', [...new Set([places[0], places.at(-1)])].join(' to ')),
    ],
  };
}
