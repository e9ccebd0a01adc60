import { setTimeout as wait } from 'node:timers/promises';
import { awsClients } from '../aws/clients.ts';
import type { Config } from '../config/config.ts';
import type { LedgerEntry } from '../model/journal.ts';
import { restoreLines, type UndoEnd, type UndoRequest, undoCase } from '../respond/undo.ts';
import { type UndoItem, undoPlan } from '../respond/undo-plan.ts';
import type { Store } from '../store/store.ts';
import { ALL_ACTIONS } from './actions.ts';
import { AlreadyRunning, lockFolder, UNDO_LOCK, WATCH_LOCK } from './lock.ts';
import { casesFolder, stateFolder } from './state.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const STEP_TRIES = 5;

export interface UndoOptions {
  /** Ends it between two looks at AWS; the same command goes on there. */
  readonly signal: AbortSignal;
  /** Hears of every ledger entry once it is durable. */
  readonly onLedger?: (entry: LedgerEntry) => void;
}

/** Undoes a case in this process. A stop does not hold it: taking back is what a stop is for. */
export interface Undoing {
  /** What would be done, and what would be told about the rest. */
  plan(id: string, step?: string): Promise<{ readonly items: UndoItem[]; readonly restore: string[] }>;
  /** Throws {@link AlreadyRunning} while another process undoes something in the folder. */
  run(id: string, request: UndoRequest): Promise<UndoEnd>;
  close(): void;
}

export function undoLocally(
  config: Config,
  inner: Store,
  { signal, onLedger = () => {} }: UndoOptions,
): Undoing {
  const folder = stateFolder(config);
  const aws = awsClients(config.aws);
  const store: Store = {
    ...inner,
    async commit(changes) {
      const appended = await inner.commit(changes);
      for (const entry of appended) onLedger(entry);
      return appended;
    },
  };
  const { awsPoll, retry, settle } = config.timing;
  const settings = {
    actions: ALL_ACTIONS,
    runner: { pollEvery: awsPoll * SECOND, retryAfter: retry * SECOND, tries: STEP_TRIES },
    timeout: HOUR,
    settleTime: settle * SECOND,
    cases: casesFolder(config),
  };
  const sleep = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { signal });
  const world = { store, aws, now: Date.now, sleep };
  return {
    async plan(id, step) {
      const all = undoPlan(await store.journal(id), ALL_ACTIONS);
      const items = step === undefined ? all : all.filter((item) => item.step === step);
      const incident = await store.incident(id);
      const restore = incident === undefined ? [] : await restoreLines(items, incident, settings, world);
      return { items, restore };
    },
    async run(id, request) {
      const release = lockFolder(folder, UNDO_LOCK);
      try {
        const incident = await store.incident(id);
        // A response that stands still because no watch runs; then none may start meanwhile.
        const hold = incident?.state === 'responding' ? holdWatch(folder) : undefined;
        try {
          return await undoCase(id, request, settings, world, hold !== undefined);
        } finally {
          hold?.();
        }
      } finally {
        release();
      }
    },
    close: () => aws.close(),
  };
}

function holdWatch(folder: string): (() => void) | undefined {
  try {
    return lockFolder(folder, WATCH_LOCK);
  } catch (error) {
    if (error instanceof AlreadyRunning) return undefined;
    throw error;
  }
}
