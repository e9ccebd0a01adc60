import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { ListConfig } from '../config/lists.ts';
import { type Fetcher, httpFetcher, shownUrl } from '../intel/fetch.ts';
import { listFolder } from '../intel/list-folder.ts';
import type { ListNews } from '../intel/list-slot.ts';
import type { ListOrigin, ListSettings } from '../intel/loaded-list.ts';
import { taxiiFetcher } from '../intel/taxii.ts';
import { type ThreatLists, threatLists } from '../intel/threat-lists.ts';
import { BOX } from './box.ts';
import { stateFolder } from './state.ts';

/** The list that the rules in the box ask for. */
export const BAD_IPS = 'bad_ips';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A file is looked at often: nobody is asked for it but the disk. */
const REFRESH = { file: MINUTE, fetched: 6 * HOUR } as const;

/** The lists of a configuration as they are here, and the one in the box unless another has its name. */
export function openLists(config: Config): ThreatLists {
  const lists = Object.entries({ [BAD_IPS]: BOX_LIST, ...config.lists });
  return threatLists({
    lists: lists.flatMap(([name, list]) => settingsOf(name, list, config)),
    folder: listFolder(join(stateFolder(config), 'lists')),
    ownNetworks: config.networks,
  });
}

const BOX_LIST: ListConfig = {
  file: join(BOX, 'lists', 'bad-ips.txt'),
  reserved: 'refuse',
  literal: false,
};

function settingsOf(name: string, list: ListConfig, config: Config): ListSettings[] {
  const origin = originOf(list, config);
  // Literal values are compared by the rule itself, and a list of lists has no content of its own.
  if (origin === undefined || list.literal) return [];
  const { kind, format, confidence, minConfidence, reserved, refresh } = list;
  const every = refresh ?? (origin.type === 'fetched' ? REFRESH.fetched : REFRESH.file);
  return [{ name, origin, kind, format, confidence, minConfidence, reserved, refresh: every }];
}

function originOf(list: ListConfig, config: Config): ListOrigin | undefined {
  if (list.file !== undefined) return { type: 'file', path: resolve(config.base, list.file) };
  if (list.values !== undefined) return { type: 'values', values: list.values.map(String) };
  if (list.url !== undefined) {
    return { type: 'fetched', shown: shownUrl(list.url), fetch: httpFetcher(list.url, list.auth) };
  }
  if (list.s3 !== undefined) {
    const { s3: place } = list;
    // The SDK is only loaded by who needs it.
    const fetch: Fetcher = async (known, signal) => {
      const { objectFetcher } = await import('../aws/object-fetcher.ts');
      return objectFetcher(place, config.aws)(known, signal);
    };
    return { type: 'fetched', shown: `s3://${place.bucket}/${place.key}`, fetch };
  }
  if (list.taxii !== undefined) {
    const { url, collection } = list.taxii;
    const fetch = taxiiFetcher({ url, collection, auth: list.auth });
    return { type: 'fetched', shown: `${shownUrl(url)} ${collection}`, fetch };
  }
  return undefined;
}

/** Fetches the lists of which there is no copy yet, so that a watch can begin. */
export async function fetchMissingLists(config: Config, signal: AbortSignal): Promise<ListNews[]> {
  const lists = openLists(config);
  const missing = lists.missing();
  return missing.length === 0 ? [] : lists.refresh(signal, missing);
}

/** Refreshes each list when it is due, until the signal; `tell` hears of what is new, once of each failure. */
export async function keepListsFresh(
  lists: ThreatLists,
  signal: AbortSignal,
  tell: (news: ListNews) => void,
): Promise<void> {
  const told = new Map<string, string | undefined>();
  while (!signal.aborted) {
    for (const news of await lists.refresh(signal)) {
      const known = told.get(news.list) === news.reason;
      told.set(news.list, news.reason);
      if (signal.aborted || (known && news.outcome !== 'updated')) continue;
      if (news.outcome !== 'unchanged') tell(news);
    }
    // A timer can wait 24 days at most, and a machine may have slept.
    const pause = Math.min(HOUR, Math.max(SHORTEST_PAUSE, lists.nextAt() - Date.now()));
    await wait(pause, undefined, { signal, ref: false }).catch(() => {});
  }
}

const SHORTEST_PAUSE = 1_000;
