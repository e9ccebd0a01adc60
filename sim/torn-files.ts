import { existsSync, readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../src/model/journal.ts';
import { CASES } from './processes.ts';
import type { World } from './world.ts';

/** Files in the order in which each action writes them. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  'record-instance': [
    'instance.json',
    'volumes.json',
    'security-groups.json',
    'instance-profile.json',
    'user-data',
    'console-output.txt',
  ],
  'await-snapshots': ['snapshots.json'],
  'seal-evidence': ['findings.json', 'records.jsonl', 'incident.json', 'manifest.json'],
};

/**
 * Leaves the disk as it is when a process is killed in the middle of its writing: what an action that is not
 * done has written last is not there yet, or only half of it under the name that it has until it is whole.
 */
export async function tearFiles(world: World): Promise<void> {
  const { store, chance, scheduler, folder } = world;
  for (const { id } of await store.incidents(['responding'])) {
    for (const entry of await store.journal(id)) {
      const names = isOpen(entry) ? (WRITTEN[entry.action ?? ''] ?? []) : [];
      const here = names.filter((name) => existsSync(join(folder, CASES, id, name)));
      const first = chance.below(names.length + 1);
      for (const name of here.filter((one) => names.indexOf(one) >= first)) {
        const path = join(folder, CASES, id, name);
        renameSync(path, `${path}.partial`);
        truncateSync(`${path}.partial`, Math.floor(statSync(`${path}.partial`).size / 2));
      }
      if (here.length > 0)
        scheduler.note(
          `${id} has ${readdirSync(join(folder, CASES, id))
            .sort()
            .join(' ')}`,
        );
    }
  }
}

function isOpen({ state, step }: JournalEntry): boolean {
  return state === 'started' && !step.startsWith('undo/');
}
