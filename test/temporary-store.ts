import { DatabaseSync } from 'node:sqlite';
import { storeOf } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';

/** A store that is gone when it is closed. What does not fit in a few megabytes of memory is in a file without a name. */
export function openTemporaryStore(): Store {
  const database = new DatabaseSync('');
  database.exec('PRAGMA synchronous = OFF;');
  return storeOf(database, undefined, '');
}
