/** A source that is read beside the files: it waits for AWS while they are read. */
export interface RemoteSource {
  /**
   * Reads until the signal; with `once` until nothing is left that can be read now. Throws when the
   * source cannot be read at all, and what the store throws.
   */
  run(once: boolean): Promise<void>;
}

/** What a person should hear of a source. */
export interface SourceNotice {
  /** The queue, object or shard. */
  readonly source: string;
  /** `set-aside`: a message that nobody can deal with; `trouble`: it is tried again. */
  readonly kind: 'set-aside' | 'trouble';
  readonly reason: string;
}

/** Something that has nothing to do with what was read stands in the way for now. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
}

/** Lets a number of tasks go on at the same time, in the order in which they came. */
export function gate(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/** Lets one task at a time go on for each key. */
export function oneAtATime(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const gates = new Map<string, { enter: ReturnType<typeof gate>; users: number }>();
  return async (key, work) => {
    const known = gates.get(key) ?? { enter: gate(1), users: 0 };
    gates.set(key, known);
    known.users++;
    try {
      return await known.enter(work);
    } finally {
      known.users--;
      if (known.users === 0) gates.delete(key);
    }
  };
}
