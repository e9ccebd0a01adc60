/** A thread that scans the files it is told of, one after the other. */
import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import type { Ingested } from './ingest.ts';
import { type Scanner, type ScanSettings, scanner } from './scan.ts';

export type ToWorker =
  | { readonly kind: 'settings'; readonly settings: ScanSettings }
  | { readonly kind: 'scan'; readonly path: string }
  /** One more part may be sent. */
  | { readonly kind: 'more' };

export type FromWorker =
  | { readonly kind: 'part'; readonly part: Ingested }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string };

/** Parts that are sent before the first of them was taken: memory is bounded when the taker is slow. */
const PARTS_AHEAD = 2;

const port = parentPort;
if (port !== null) {
  let scan: Scanner | undefined;
  let credit = PARTS_AHEAD;
  const credited = new EventTarget();
  const send = (message: FromWorker): void => port.postMessage(message);

  const run = async (path: string): Promise<void> => {
    try {
      if (scan === undefined) throw new Error('a worker was given no settings');
      for await (const part of scan(path)) {
        while (credit === 0) await once(credited, 'more');
        credit--;
        send({ kind: 'part', part });
      }
      send({ kind: 'end' });
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      send({ kind: 'failed', message, ...(code === undefined ? {} : { code }) });
    }
  };
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'settings':
        scan = scanner(message.settings);
        break;
      case 'scan':
        void run(message.path);
        break;
      case 'more':
        credit++;
        credited.dispatchEvent(new Event('more'));
    }
  });
}
