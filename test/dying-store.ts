import type { Store } from '../src/store/store.ts';

export class Crash extends Error {}

/** A store whose process dies just before or just after its n-th commit, and does nothing any more. */
export function dyingStore(store: Store, when: 'before' | 'after', number: number): Store {
  let commits = 0;
  return {
    ...store,
    async commit(changes) {
      commits++;
      if (commits > number || (commits === number && when === 'before')) throw new Crash();
      const appended = await store.commit(changes);
      if (commits === number) throw new Crash();
      return appended;
    },
  };
}
