import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { isObjectUrl, STDIN } from '../sources/inputs.ts';
import type { Ingested } from './ingest.ts';
import { type ScanSettings, scanner } from './scan.ts';
import type { FromWorker, ToWorker } from './scan-worker.ts';

/** Bytes on the disk below which starting threads takes longer than reading. */
const WORTH_THREADS = 4 * 1024 * 1024;
const NURSERY_MB = 8;
/** Each thread takes some 40 MB. */
const MOST_THREADS = 4;

/** What was found in a file, or in a part of it. */
export interface Scanned extends Ingested {
  readonly path: string;
}

/** Threads that begin to load before anybody knows what they are to do. */
export interface ScanPool {
  /** Tells what is in the files, in their order: the same whether one thread reads them or several. */
  scan(paths: readonly string[], settings: ScanSettings): AsyncGenerator<Scanned>;
  close(): Promise<void>;
}

/**
 * `threads`: how many read at a time; 1 is this thread alone. By default as many as help, and this one
 * only stores what they find.
 */
export function scanPool(paths: readonly string[], threads?: number): ScanPool {
  const workerCount = threads === undefined ? workersFor(paths) : threads === 1 ? 0 : threads;
  if (workerCount === 0) return { scan: scanHere, close: async () => {} };
  const workers = Array.from({ length: workerCount }, startWorker);
  return {
    scan: (wanted, settings) => scanWith(workers, wanted, settings),
    close: async () => void (await Promise.all(workers.map(({ worker }) => worker.terminate()))),
  };
}

function workersFor(paths: readonly string[]): number {
  if (paths.includes(STDIN)) return 0;
  if (paths.some(isObjectUrl)) return Math.min(availableParallelism(), MOST_THREADS);
  const bytes = paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  return bytes < WORTH_THREADS ? 0 : Math.min(paths.length, availableParallelism(), MOST_THREADS);
}

async function* scanHere(paths: readonly string[], settings: ScanSettings): AsyncGenerator<Scanned> {
  const scan = scanner(settings);
  for (const path of paths) {
    for await (const part of scan(path)) yield { ...part, path };
  }
}

interface ScanWorker {
  readonly worker: Worker;
  tell(message: ToWorker): void;
}

function startWorker(): ScanWorker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./scan-worker.${extension}`, import.meta.url), {
    // Little that a scan makes lives long: a larger nursery would only be more memory.
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
  });
  return { worker, tell: (message) => worker.postMessage(message) };
}

/** What was sent of one file and nobody has taken yet. */
interface Inbox {
  readonly messages: { readonly from: ScanWorker; readonly message: FromWorker }[];
  wake: () => void;
}

async function* scanWith(
  workers: readonly ScanWorker[],
  paths: readonly string[],
  settings: ScanSettings,
): AsyncGenerator<Scanned> {
  const inboxes = paths.map((): Inbox => ({ messages: [], wake: () => {} }));
  // Shared, so that no thread has to ask this one, which may be busy, for its next file.
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let crash: Error | undefined;
  const listeners = workers.map((from) => {
    const receive = (message: FromWorker): void => {
      inboxes[message.file]?.messages.push({ from, message });
      inboxes[message.file]?.wake();
    };
    const fail = (error: Error): void => {
      crash = error;
      for (const inbox of inboxes) inbox.wake();
    };
    from.worker.on('message', receive).once('error', fail);
    from.tell({ kind: 'scan', settings, paths, taken });
    return () => from.worker.off('message', receive).off('error', fail);
  });
  try {
    for (const [index, path] of paths.entries()) {
      const inbox = inboxes[index] as Inbox;
      for (;;) {
        const next = inbox.messages.shift();
        if (crash !== undefined) throw crash;
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            inbox.wake = resolve;
          });
          continue;
        }
        const { message, from } = next;
        if (message.kind === 'end') break;
        if (message.kind === 'failed')
          throw Object.assign(new Error(message.message), { code: message.code });
        yield { ...message.part, path };
        from.tell({ kind: 'more' });
      }
    }
  } finally {
    for (const stop of listeners) stop();
  }
}
