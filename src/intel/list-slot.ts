import { readFileSync, statSync } from 'node:fs';
import { type Problem, problemOfFile } from '../model/problem.ts';
import { FetchFailed } from './fetch.ts';
import type { ListFolder, ListRecord } from './list-folder.ts';
import { type ListKind, type ListSettings, type LoadedList, loadList, shownOrigin } from './loaded-list.ts';

/** What a refresh did to a list. */
export interface ListNews {
  readonly list: string;
  /** `refused`: what came is suspicious; `failed`: nothing came. In both cases the last good content stays. */
  readonly outcome: 'updated' | 'unchanged' | 'refused' | 'failed';
  readonly entries: number;
  /** Absent when there was no content before. */
  readonly entriesBefore?: number;
  /** Why it was refused, or failed. */
  readonly reason?: string;
  /** The first things in the new content that were not understood, and how many there are. */
  readonly problems: readonly Problem[];
  readonly faults: number;
}

/** After a failure a source is asked again so soon, milliseconds, if its list is not due before. */
const RETRY = 300_000;

/** A list and all that is known of it now. */
export interface Slot {
  readonly settings: ListSettings;
  list?: LoadedList;
  record?: ListRecord;
  /** Of a file: when it was changed, so that it is only read again when it was. */
  changedAt?: number;
  nextAt: number;
  failure?: string | undefined;
}

export function kindOf({ settings, list }: Slot): ListKind {
  return list?.kind ?? settings.kind ?? (settings.format === 'misp-warninglist' ? 'exclude' : 'block');
}

/** A file or values as they are, or the last good copy of what is fetched. */
export function openSlot(
  settings: ListSettings,
  { folder, now }: Pick<RefreshContext, 'folder' | 'now'>,
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

/** What a refresh is judged by and writes to. */
export interface RefreshContext {
  /** Networks that are ours: a list that names them is not to be believed. */
  readonly ownNetworks: readonly string[];
  /** What the lists that exclude have on them. */
  readonly allowed: readonly string[];
  /** Whether a person has looked at what is suspicious. */
  readonly accept: boolean;
  readonly folder: ListFolder;
  readonly now: () => number;
}

/** Looks at the source, and takes what is there if it may be believed. Never throws. */
export async function refreshSlot(
  slot: Slot,
  signal: AbortSignal,
  around: RefreshContext,
): Promise<ListNews> {
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
    const taken = suspicion === undefined || (around.accept && list.set.size > 0);
    if (!taken) return news('refused', list, suspicion);
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
    return news('failed', undefined, reasonOf(error));
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

function reasonOf(error: unknown): string {
  if (error instanceof FetchFailed) return error.message;
  const { message, code } = error as NodeJS.ErrnoException;
  return code ?? message;
}
