import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Detector } from '../detect/detector.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { filesOf, readFile } from '../sources/files.ts';
import { rotations } from '../sources/rotation.ts';
import type { Store } from '../store/store.ts';
import { ingest } from './ingest.ts';
import type { Setup } from './setup.ts';
import type { Taker } from './taker.ts';

const MINUTE = 60_000;
/** A file that has not changed for so many polls is taken as written to its end. */
const QUIET_POLLS = 3;

/** A file as it was when it was last looked at. */
interface Sight {
  readonly size: number;
  readonly modified: number;
  readonly quiet: number;
  readonly finished: boolean;
}

/** Reads what is new in the sources of a configuration; answers whether there was anything. */
export function follower(
  setup: Setup,
  store: Store,
  detect: Detector,
  taker: Taker,
): (final: boolean) => Promise<boolean> {
  const { config } = setup;
  const seen = new Map<string, Sight>();
  const renamed = rotations(store);

  const look = (path: string, final: boolean): { sight: Sight; toRead: boolean } | undefined => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const { size, mtimeMs: modified } = stat;
    const before = seen.get(path);
    const same = before !== undefined && before.size === size && before.modified === modified;
    const quiet = same ? before.quiet + 1 : 0;
    const finished = final || quiet >= QUIET_POLLS;
    return { sight: { size, modified, quiet, finished }, toRead: !same || (finished && !before.finished) };
  };

  const read = async (path: string, final: boolean, decode: DecodeOptions): Promise<boolean> => {
    let busy = false;
    const position = await renamed.positionOf(path);
    const chunks = readFile(path, { ...decode, position, final });
    for await (const found of ingest(chunks, detect, config.window * MINUTE)) {
      await taker.take(found);
      busy = true;
    }
    return busy;
  };

  return async (final) => {
    const listed = config.sources
      .filter((source) => 'files' in source)
      .flatMap(({ files, logFormat, cloudfrontFields }) =>
        filesOf(resolve(config.base, files)).map((path) => ({
          path,
          decode: { flowLogFormat: logFormat, cloudfrontFields },
        })),
      );
    const paths = new Set(listed.map(({ path }) => path));
    const gone = [...seen.keys()].filter((path) => !paths.has(path));
    for (const path of gone) seen.delete(path);
    const sights = listed.flatMap(({ path, decode }) => {
      const found = look(path, final);
      if (found === undefined) return [];
      seen.set(path, found.sight);
      return found.toRead ? [{ path, decode, finished: found.sight.finished }] : [];
    });
    await renamed.release([...gone, ...sights.map(({ path }) => path)]);
    let busy = false;
    for (const { path, decode, finished } of sights) {
      try {
        if (await read(path, finished, decode)) busy = true;
      } catch (error) {
        // Renamed or deleted since it was listed: the next round sees what became of it.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        seen.delete(path);
      }
    }
    return busy;
  };
}
