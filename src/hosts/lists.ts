import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { objectFetcher } from '../aws/object-fetcher.ts';
import type { Config } from '../config/config.ts';
import type { ListConfig } from '../config/lists.ts';
import { httpFetcher, shownUrl } from '../intel/fetch.ts';
import { listFolder } from '../intel/list-folder.ts';
import type { ListOrigin, ListSettings } from '../intel/loaded-list.ts';
import { taxiiFetcher } from '../intel/taxii.ts';
import { type ListNews, type ThreatLists, threatLists } from '../intel/threat-lists.ts';
import { stateFolder } from './state.ts';

/** The list that the rules in the box ask for. */
export const BAD_IPS = 'bad_ips';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A file is looked at often: nobody is asked for it but the disk. */
const REFRESH = { file: MINUTE, fetched: 6 * HOUR } as const;

/** The lists of a configuration as they are here, and the one in the box unless another has its name. */
export function openLists(config: Config, boxFile: string): ThreatLists {
  const lists = Object.entries(config.lists).flatMap(([name, list]) => settingsOf(name, list, config));
  if (!(BAD_IPS in config.lists)) lists.unshift(...settingsOf(BAD_IPS, BOX_LIST, config, boxFile));
  return threatLists({
    lists,
    folder: listFolder(join(stateFolder(config), 'lists')),
    ownNetworks: config.networks,
  });
}

const BOX_LIST: ListConfig = { reserved: 'refuse', literal: false };

function settingsOf(name: string, list: ListConfig, config: Config, file = list.file): ListSettings[] {
  const origin = originOf(list, config, file);
  // Literal values are compared by the rule itself, and a list of lists has no content of its own.
  if (origin === undefined || list.literal) return [];
  const { kind, format, confidence, minConfidence, reserved, refresh } = list;
  const every = refresh ?? (origin.type === 'fetched' ? REFRESH.fetched : REFRESH.file);
  return [{ name, origin, kind, format, confidence, minConfidence, reserved, refresh: every }];
}

function originOf(list: ListConfig, config: Config, file: string | undefined): ListOrigin | undefined {
  if (file !== undefined) return { type: 'file', path: resolve(config.base, file) };
  if (list.values !== undefined) return { type: 'values', values: list.values.map(String) };
  if (list.url !== undefined) {
    return { type: 'fetched', shown: shownUrl(list.url), fetch: httpFetcher(list.url, list.auth) };
  }
  if (list.s3 !== undefined) {
    const { bucket, key } = list.s3;
    return { type: 'fetched', shown: `s3://${bucket}/${key}`, fetch: objectFetcher(list.s3, config.aws) };
  }
  if (list.taxii !== undefined) {
    const { url, collection } = list.taxii;
    const fetch = taxiiFetcher({ url, collection, auth: list.auth });
    return { type: 'fetched', shown: `${shownUrl(url)} ${collection}`, fetch };
  }
  return undefined;
}

/** Refreshes each list when it is due, until the signal; `tell` hears of all that is not as it was. */
export async function keepListsFresh(
  lists: ThreatLists,
  signal: AbortSignal,
  tell: (news: ListNews) => void,
): Promise<void> {
  while (!signal.aborted) {
    for (const news of await lists.refresh(signal)) {
      if (news.outcome !== 'unchanged' && !signal.aborted) tell(news);
    }
    // A timer can wait 24 days at most, and a machine may have slept.
    const pause = Math.min(HOUR, Math.max(SHORTEST_PAUSE, lists.nextAt() - Date.now()));
    await wait(pause, undefined, { signal, ref: false }).catch(() => {});
  }
}

const SHORTEST_PAUSE = 1_000;
