import type { Problem } from '../model/problem.ts';
import type { IndicatorAttributes } from './attributes.ts';
import type { ListFolder } from './list-folder.ts';
import { type ListLookup, type LookupParts, listLookup } from './list-lookup.ts';
import { kindOf, type ListNews, openSlot, refreshSlot, type Slot } from './list-slot.ts';
import { ignoresReserved, type ListKind, type ListSettings, shownOrigin } from './loaded-list.ts';
import { RESERVED } from './suspicion.ts';

export interface ListState {
  readonly name: string;
  readonly kind: ListKind;
  readonly origin: string;
  /** Whether it is fetched from somewhere. */
  readonly refreshable: boolean;
  /** Absent until a content came. */
  readonly content?: {
    readonly format: string;
    readonly entries: number;
    readonly addresses: number;
    readonly names: number;
    /** Not understood. */
    readonly faults: number;
    /** Neither addresses nor names, such as hashes of files. */
    readonly skipped: number;
    /** Left out because of their confidence. */
    readonly doubtful: number;
  };
  /** Only of lists that are fetched; milliseconds since the epoch. */
  readonly fetchedAt?: number;
  readonly checkedAt?: number;
  /** Why the last refresh of this process was not taken. */
  readonly failure?: string;
}

/** An entry of a list that covers a value. */
export interface ListHit {
  readonly list: string;
  readonly kind: ListKind;
  readonly origin: string;
  readonly entry: string;
  readonly attributes: IndicatorAttributes;
  /** When the content of the list came, milliseconds since the epoch. */
  readonly fetchedAt?: number;
}

export interface CheckResult {
  readonly value: string;
  /** Whether a rule that asks for these lists matches. */
  readonly listed: boolean;
  readonly hits: readonly ListHit[];
  readonly excludedBy: readonly ListHit[];
}

export interface ThreatLists {
  /** What is wrong with files and values: to be told before anything runs. */
  readonly problems: readonly Problem[];
  states(): ListState[];
  /** Fetched lists of which there is no copy. */
  missing(): string[];
  /** Of all lists with these names, without what is excluded; of a list that excludes, all that is on it. */
  lookup(names: readonly string[]): ListLookup;
  check(value: string): CheckResult;
  /**
   * Refreshes the lists that are due, or the named ones whether due or not. `accept`: a person has
   * looked at what is suspicious in them; it is taken this once.
   */
  refresh(signal: AbortSignal, names?: readonly string[], accept?: boolean): Promise<ListNews[]>;
  /** When the next list is due, milliseconds since the epoch; infinity when none ever is. */
  nextAt(): number;
}

export interface ThreatListsSettings {
  readonly lists: readonly ListSettings[];
  readonly folder: ListFolder;
  /** Networks that are ours: a list that names them is not to be believed. */
  readonly ownNetworks: readonly string[];
  readonly now?: () => number;
}

/** Reads every list that is here: files, values, and the last good copies of the others. */
export function threatLists(all: ThreatListsSettings): ThreatLists {
  const { folder, now = Date.now } = all;
  const problems: Problem[] = [];
  const slots = new Map(
    all.lists.map((settings) => [settings.name, openSlot(settings, { folder, now }, problems)]),
  );
  const some = (names: readonly string[]): Slot[] => names.flatMap((name) => slots.get(name) ?? []);
  const excluding = (): Slot[] => [...slots.values()].filter((slot) => kindOf(slot) === 'exclude');
  const partsOf = (names: readonly string[]): LookupParts => {
    const asked = some(names);
    // A list that excludes is asked for what is on it, whatever the others exclude.
    const guarded = asked.some((slot) => kindOf(slot) === 'block');
    return {
      asked: asked.flatMap(({ settings, list }) =>
        list === undefined ? [] : [{ set: list.set, ignoresReserved: ignoresReserved(settings) }],
      ),
      excluding: guarded ? excluding().flatMap(({ list }) => list?.set ?? []) : [],
    };
  };
  const renewals: (() => void)[] = [];

  return {
    problems,
    missing: () =>
      [...slots.values()]
        .filter(({ settings, list }) => settings.origin.type === 'fetched' && list === undefined)
        .map(({ settings }) => settings.name),
    states: () => [...slots.values()].map(stateOf),
    lookup(names) {
      const live = { parts: partsOf(names) };
      renewals.push(() => {
        live.parts = partsOf(names);
      });
      return listLookup(live);
    },
    check(value) {
      const found = [...slots.values()].flatMap((slot) => hitOf(slot, value, now()));
      const hits = found.filter(({ kind }) => kind === 'block');
      const excludedBy = found.filter(({ kind }) => kind === 'exclude');
      return { value, listed: hits.length > 0 && excludedBy.length === 0, hits, excludedBy };
    },
    async refresh(signal, names, accept = false) {
      const due =
        names === undefined ? [...slots.values()].filter(({ nextAt }) => nextAt <= now()) : some(names);
      // What excludes comes first: what blocks is judged by it.
      const ordered = due.sort((a, b) => Number(kindOf(a) === 'block') - Number(kindOf(b) === 'block'));
      const news: ListNews[] = [];
      for (const slot of ordered) {
        if (signal.aborted) break;
        const allowed = excluding().flatMap(({ list }) => list?.protects ?? []);
        const around = { ownNetworks: all.ownNetworks, allowed, accept, folder, now };
        news.push(await refreshSlot(slot, signal, around));
        for (const renew of renewals) renew();
      }
      return news;
    },
    nextAt: () => Math.min(Number.POSITIVE_INFINITY, ...[...slots.values()].map(({ nextAt }) => nextAt)),
  };
}

function hitOf(slot: Slot, value: string, now: number): ListHit[] {
  const { settings, list, record } = slot;
  const found = list?.set.find(value, now);
  if (found === undefined || (ignoresReserved(settings) && RESERVED.find(value) !== undefined)) return [];
  const confidence = found.attributes.confidence ?? settings.confidence;
  return [
    {
      list: settings.name,
      kind: kindOf(slot),
      origin: shownOrigin(settings.origin),
      entry: found.entry,
      attributes: { ...found.attributes, ...(confidence === undefined ? {} : { confidence }) },
      ...(record === undefined ? {} : { fetchedAt: record.fetchedAt }),
    },
  ];
}

function stateOf(slot: Slot): ListState {
  const { settings, list, record, failure } = slot;
  return {
    name: settings.name,
    kind: kindOf(slot),
    origin: shownOrigin(settings.origin),
    refreshable: settings.origin.type === 'fetched',
    ...(list === undefined
      ? {}
      : {
          content: {
            format: list.format,
            entries: list.set.size,
            ...list.set.counts,
            faults: list.faults,
            skipped: list.skipped,
            doubtful: list.doubtful,
          },
        }),
    ...(record === undefined ? {} : { fetchedAt: record.fetchedAt, checkedAt: record.checkedAt }),
    ...(failure === undefined ? {} : { failure }),
  };
}
