import { readFileSync, statSync } from 'node:fs';
import { type Problem, problemOfFile } from '../model/problem.ts';
import type { IndicatorAttributes } from './attributes.ts';
import { FetchFailed } from './fetch.ts';
import type { ListFolder, ListRecord } from './list-folder.ts';
import { type ListLookup, type LookupParts, listLookup } from './list-lookup.ts';
import {
  ignoresReserved,
  type ListKind,
  type ListSettings,
  type LoadedList,
  loadList,
  shownOrigin,
} from './loaded-list.ts';
import { RESERVED } from './suspicion.ts';

/** What a refresh did to a list. */
export interface ListNews {
  readonly list: string;
  /** `kept`: what came was not taken, or nothing came; the last good content stays. */
  readonly outcome: 'updated' | 'unchanged' | 'kept';
  readonly entries: number;
  /** Absent when there was no content before. */
  readonly entriesBefore?: number;
  /** Why it was kept. */
  readonly reason?: string;
  /** The first things in the new content that were not understood, and how many there are. */
  readonly problems: readonly Problem[];
  readonly faults: number;
}

export interface ListState {
  readonly name: string;
  readonly kind: ListKind;
  readonly origin: string;
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
  /** Refreshes the lists that are due, or the named ones whether due or not. */
  refresh(signal: AbortSignal, names?: readonly string[]): Promise<ListNews[]>;
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

/** After a failure a source is asked again so soon, milliseconds, if its list is not due before. */
const RETRY = 300_000;

interface Slot {
  readonly settings: ListSettings;
  list?: LoadedList;
  record?: ListRecord;
  /** Of a file: when it was changed, so that it is only read again when it was. */
  changedAt?: number;
  nextAt: number;
  failure?: string | undefined;
}

/** Reads every list that is here: files, values, and the last good copies of the others. */
export function threatLists(all: ThreatListsSettings): ThreatLists {
  const { folder, now = Date.now } = all;
  const problems: Problem[] = [];
  const slots = new Map(all.lists.map((settings) => [settings.name, open(settings, all, problems)]));
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
    async refresh(signal, names) {
      const due =
        names === undefined ? [...slots.values()].filter(({ nextAt }) => nextAt <= now()) : some(names);
      // What excludes comes first: what blocks is judged by it.
      const ordered = due.sort((a, b) => Number(kindOf(a) === 'block') - Number(kindOf(b) === 'block'));
      const news: ListNews[] = [];
      for (const slot of ordered) {
        if (signal.aborted) break;
        const allowed = excluding().flatMap(({ list }) => list?.protects ?? []);
        news.push(await refresh(slot, signal, { ownNetworks: all.ownNetworks, allowed, folder, now }));
        for (const renew of renewals) renew();
      }
      return news;
    },
    nextAt: () => Math.min(Number.POSITIVE_INFINITY, ...[...slots.values()].map(({ nextAt }) => nextAt)),
  };
}

function kindOf({ settings, list }: Slot): ListKind {
  return list?.kind ?? settings.kind ?? (settings.format === 'misp-warninglist' ? 'exclude' : 'block');
}

function open(
  settings: ListSettings,
  { folder, now = Date.now }: ThreatListsSettings,
  problems: Problem[],
): Slot {
  const { origin, name, refresh: every } = settings;
  const load = (bytes: Uint8Array): LoadedList =>
    loadList(settings, { file: shownOrigin(origin), bytes }).list;
  if (origin.type === 'fetched') {
    const copy = folder.read(name);
    // A copy from another place is another list.
    if (copy === undefined || copy.record.origin !== origin.shown) return { settings, nextAt: 0 };
    const { record, bytes } = copy;
    return { settings, record, list: load(bytes), nextAt: record.checkedAt + every };
  }
  const slot: Slot = { settings, nextAt: origin.type === 'file' ? now() + every : Number.POSITIVE_INFINITY };
  try {
    if (origin.type === 'file') slot.changedAt = statSync(origin.path).mtimeMs;
    slot.list = load(
      origin.type === 'file' ? readFileSync(origin.path) : Buffer.from(origin.values.join('\n')),
    );
    // What others publish is taken as far as it is understood; what a person wrote here has no faults.
    problems.push(...slot.list.problems);
  } catch (error) {
    problems.push(problemOfFile(shownOrigin(origin), `cannot be read: ${reasonOf(error)}`));
  }
  return slot;
}

interface Surroundings {
  readonly ownNetworks: readonly string[];
  readonly allowed: readonly string[];
  readonly folder: ListFolder;
  readonly now: () => number;
}

async function refresh(slot: Slot, signal: AbortSignal, around: Surroundings): Promise<ListNews> {
  const { settings, list: before } = slot;
  const { origin, name, refresh: every } = settings;
  const { folder, now } = around;
  const news = (outcome: ListNews['outcome'], read?: LoadedList, reason?: string): ListNews => {
    slot.failure = reason;
    return {
      list: name,
      outcome,
      entries: slot.list?.set.size ?? 0,
      ...(before === undefined ? {} : { entriesBefore: before.set.size }),
      ...(reason === undefined ? {} : { reason }),
      problems: read?.problems ?? [],
      faults: read?.faults ?? 0,
    };
  };
  try {
    const content = await contentOf(slot, signal, folder);
    slot.nextAt = now() + every;
    if (content === undefined) {
      if (slot.record !== undefined) {
        slot.record = { ...slot.record, checkedAt: now() };
        folder.touch(name, slot.record);
      }
      return news('unchanged');
    }
    const { bytes, changedAt, ...version } = content;
    const source = { file: shownOrigin(origin), bytes };
    const { list, suspicion } = loadList(settings, source, { ...around, previousSize: before?.set.size });
    if (suspicion !== undefined) return news('kept', list, suspicion);
    if (origin.type === 'fetched') {
      const times = { fetchedAt: now(), checkedAt: now() };
      slot.record = folder.write(name, bytes, {
        origin: origin.shown,
        entries: list.set.size,
        ...version,
        ...times,
      });
    }
    if (changedAt !== undefined) slot.changedAt = changedAt;
    slot.list = list;
    return news('updated', list);
  } catch (error) {
    slot.nextAt = now() + Math.min(every, RETRY);
    return news('kept', undefined, reasonOf(error));
  }
}

interface Content {
  readonly bytes: Uint8Array;
  readonly changedAt?: number;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly cursor?: string;
}

/** The content as it is now; nothing when it is the one that is known. */
async function contentOf(slot: Slot, signal: AbortSignal, folder: ListFolder): Promise<Content | undefined> {
  const { origin, name } = slot.settings;
  if (origin.type === 'values') return undefined;
  if (origin.type === 'file') {
    const changedAt = statSync(origin.path).mtimeMs;
    return changedAt === slot.changedAt ? undefined : { bytes: readFileSync(origin.path), changedAt };
  }
  const { etag, lastModified, cursor } = slot.record ?? {};
  const bytes = (): Uint8Array | undefined =>
    slot.record === undefined ? undefined : folder.read(name)?.bytes;
  const fetched = await origin.fetch({ etag, lastModified, cursor, bytes }, signal);
  if (fetched.status === 'unchanged') return undefined;
  return {
    bytes: fetched.bytes,
    ...(fetched.etag === undefined ? {} : { etag: fetched.etag }),
    ...(fetched.lastModified === undefined ? {} : { lastModified: fetched.lastModified }),
    ...(fetched.cursor === undefined ? {} : { cursor: fetched.cursor }),
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

function reasonOf(error: unknown): string {
  if (error instanceof FetchFailed) return error.message;
  const { message, code } = error as NodeJS.ErrnoException;
  return code ?? message;
}
