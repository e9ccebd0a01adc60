import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

/** What a process holds while it does one thing in a state folder. */
export interface Lock {
  readonly file: string;
  /** What the other process is, for a person. */
  readonly holder: string;
}

export const WATCH_LOCK: Lock = { file: 'watch.lock', holder: 'cordon watch' };
export const UNDO_LOCK: Lock = { file: 'undo.lock', holder: 'cordon undo' };

/** One process a folder: the operating system gives the lock back however the process ends. */
export function lockFolder(folder: string, { file, holder }: Lock): () => void {
  const lock = new DatabaseSync(join(folder, file));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch {
    lock.close();
    throw new AlreadyRunning(`another ${holder} already works in ${folder}`);
  }
  return () => lock.close();
}
