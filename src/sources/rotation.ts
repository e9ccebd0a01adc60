import { isAbsolute } from 'node:path';
import type { Position, Store } from '../store/store.ts';
import { continues, headOf } from './fingerprint.ts';

/** What a position is kept under while its content has no name that is known. */
const ROTATED = 'rotated:';
/** Deleted files leave their positions behind; the oldest are forgotten. */
const KEPT = 500;

/** Follows contents that change their names, so that none is read twice and none is left half read. */
export interface Rotations {
  /** Puts the positions aside whose file is gone or holds something else now; before anything is read. */
  release(changed: Iterable<string>): Promise<void>;
  /** The position of a file: its own, or the one of the content that was renamed to it. */
  positionOf(path: string): Promise<Position | undefined>;
}

export function rotations(store: Store): Rotations {
  let begun = false;
  const putAside = async (position: Position): Promise<void> => {
    const { source, fingerprint } = position;
    const aside = { ...position, source: `${ROTATED}${fingerprint}` };
    // An empty content is the beginning of every content.
    const keep = position.offset > 0 ? [{ kind: 'position' as const, position: aside }] : [];
    await store.commit([{ kind: 'position-gone', source }, ...keep]);
  };
  const isThere = async (position: Position): Promise<boolean> => {
    try {
      return continues(position.source, await headOf(position.source), position);
    } catch {
      return false;
    }
  };
  return {
    async release(changed) {
      // What happened while nobody watched is looked for once, in all that was ever read.
      const stored = begun
        ? []
        : // Only files are followed here: other positions are of objects and streams.
          (await store.positions()).filter(({ source }) => isAbsolute(source));
      const known = begun ? await Promise.all([...changed].map((path) => store.position(path))) : stored;
      begun = true;
      for (const position of known) {
        if (position === undefined) continue;
        if (!(await isThere(position))) await putAside(position);
      }
      const aside = await store.positions(ROTATED);
      const old = aside.slice(0, Math.max(0, aside.length - KEPT));
      if (old.length > 0)
        await store.commit(old.map(({ source }) => ({ kind: 'position-gone' as const, source })));
    },
    async positionOf(path) {
      const own = await store.position(path);
      if (own !== undefined) return own;
      const allAside = (await store.positions(ROTATED)).reverse();
      if (allAside.length === 0) return undefined;
      const head = await headOf(path);
      for (const aside of allAside) {
        if (!continues(path, head, aside)) continue;
        const position = { ...aside, source: path };
        await store.commit([
          { kind: 'position-gone', source: aside.source },
          { kind: 'position', position },
        ]);
        return position;
      }
      return undefined;
    },
  };
}
