import type { Owners } from '../detect/inventory.ts';
import type { Run } from '../model/run.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import type { Store } from '../store/store.ts';

/** Owners as the store remembers them. */
export function storedOwners(store: Store): Owners {
  let known = new Map<string, Subject>();
  return {
    async prefetch(parts) {
      known = new Map();
      for (const part of parts) {
        const owner = await store.owner(part);
        if (owner !== undefined) known.set(subjectKey(part), owner);
      }
    },
    find: (part) => known.get(subjectKey(part)),
  };
}

/** Owners as they were seen so far, for where nothing is stored. */
export function seenOwners(): Owners & { remember(runs: readonly Run[]): void } {
  const known = new Map<string, Subject>();
  return {
    prefetch: async () => {},
    find: (part) => known.get(subjectKey(part)),
    remember(runs) {
      for (const { subject, seenOn } of runs)
        for (const part of seenOn)
          if (subjectKey(part) !== subjectKey(subject)) known.set(subjectKey(part), subject);
    },
  };
}
