import type { Problem } from '../model/problem.ts';
import { addressTexts } from './address-set.ts';
import type { Fetcher } from './fetch.ts';
import { type IndicatorSet, indicatorSetOf } from './indicators.ts';
import type { ListBytes } from './line-problems.ts';
import { type ListFormat, type ReadList, readList } from './read-list.ts';
import { type ProtectedRanges, suspicionOf } from './suspicion.ts';

/** Whether a list names what is bad, or what is never to be taken for bad. */
export type ListKind = 'block' | 'exclude';

/** Where the content of a list comes from. */
export type ListOrigin =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'values'; readonly values: readonly string[] }
  /** `shown` is the place as it may be told: without keys. */
  | { readonly type: 'fetched'; readonly shown: string; readonly fetch: Fetcher };

export interface ListSettings {
  readonly name: string;
  readonly origin: ListOrigin;
  /** Without a word: a MISP warning list excludes, every other list blocks. */
  readonly kind?: ListKind | undefined;
  readonly format?: ListFormat | undefined;
  /** Of entries that say none themselves, 0 to 100. */
  readonly confidence?: number | undefined;
  /** Entries below are left out. */
  readonly minConfidence?: number | undefined;
  /** Reserved networks in a fetched list: a reason to refuse it, or known to be there and never matched. */
  readonly reserved: 'refuse' | 'ignore';
  /** Milliseconds between two looks at the source. */
  readonly refresh: number;
}

export function shownOrigin(origin: ListOrigin): string {
  if (origin.type === 'file') return origin.path;
  return origin.type === 'values' ? 'the configuration' : origin.shown;
}

export function ignoresReserved({ origin, reserved }: ListSettings): boolean {
  return origin.type === 'fetched' && reserved === 'ignore';
}

/** A list that can be asked. */
export interface LoadedList {
  readonly set: IndicatorSet;
  readonly kind: ListKind;
  readonly format: ListFormat;
  /** The first things that were not understood, and how many there are. */
  readonly problems: readonly Problem[];
  readonly faults: number;
  readonly skipped: number;
  readonly doubtful: number;
  /** The addresses and networks of a list that excludes: no other list may name a network around them. */
  readonly protects: readonly string[];
}

export interface LoadContext {
  readonly previousSize: number | undefined;
  readonly ownNetworks: readonly string[];
  readonly allowed: readonly string[];
}

/** Reads a content, and says why it should not replace the last good one. */
export function loadList(
  settings: ListSettings,
  source: ListBytes,
  context?: LoadContext,
): { readonly list: LoadedList; readonly suspicion: string | undefined } {
  const read = readList(source, settings);
  const kind = settings.kind ?? (read.format === 'misp-warninglist' ? 'exclude' : 'block');
  const list = {
    set: indicatorSetOf(read.writer.build()),
    kind,
    format: read.format,
    problems: read.problems,
    faults: read.faults,
    skipped: read.skipped,
    doubtful: read.doubtful,
    protects: kind === 'exclude' ? addressTexts(read.writer.addresses) : [],
  };
  return { list, suspicion: context === undefined ? undefined : judge(settings, read, list, context) };
}

/** A person's own file may name what it likes, but not lose itself. */
function judge(
  settings: ListSettings,
  { writer, faults }: ReadList,
  { kind, set }: LoadedList,
  { previousSize, ownNetworks, allowed }: LoadContext,
): string | undefined {
  const fetched = settings.origin.type === 'fetched';
  if (!fetched && faults > 0) return `${faults} of its lines are not understood`;
  const ranges: ProtectedRanges | undefined =
    fetched && kind === 'block'
      ? { own: ownNetworks, allowed, reservedIgnored: ignoresReserved(settings) }
      : undefined;
  return suspicionOf({ addresses: writer.addresses, size: set.size, faults }, { previousSize, ranges });
}
