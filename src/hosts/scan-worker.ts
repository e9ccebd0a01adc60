/** A thread that scans files of a list that it shares with others: each takes the next that nobody has taken. */
import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import type { Ingested } from './ingest.ts';
import { type Scanner, type ScanSettings, scanner } from './scan.ts';

export type ToWorker =
  | {
      readonly kind: 'scan';
      readonly settings: ScanSettings;
      readonly paths: readonly string[];
      /** How many files of the list are taken. */
      readonly taken: Int32Array;
    }
  /** One more part may be sent. */
  | { readonly kind: 'more' };

/** `file`: the place in the list of the file that it is about. */
export type FromWorker = { readonly file: number } & (
  | { readonly kind: 'part'; readonly part: Ingested }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string }
);

/** Parts that are sent before the first of them was taken: memory is bounded when the taker is slow. */
const PARTS_AHEAD = 2;

const port = parentPort;
if (port !== null) {
  let credit = PARTS_AHEAD;
  const credited = new EventTarget();
  const send = (message: FromWorker): void => port.postMessage(message);

  const read = async (scan: Scanner, file: number, path: string): Promise<void> => {
    try {
      for await (const part of scan(path)) {
        while (credit === 0) await once(credited, 'more');
        credit--;
        send({ kind: 'part', file, part });
      }
      send({ kind: 'end', file });
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      send({ kind: 'failed', file, message, ...(code === undefined ? {} : { code }) });
    }
  };
  const readAll = async (scan: Scanner, paths: readonly string[], taken: Int32Array): Promise<void> => {
    for (;;) {
      const file = Atomics.add(taken, 0, 1);
      const path = paths[file];
      if (path === undefined) return;
      await read(scan, file, path);
    }
  };
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'scan':
        void readAll(scanner(message.settings), message.paths, message.taken);
        break;
      case 'more':
        credit++;
        credited.dispatchEvent(new Event('more'));
    }
  });
}
