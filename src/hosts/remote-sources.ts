import type { SourceClients } from '../aws/source-clients.ts';
import type { Detector } from '../detect/detector.ts';
import type { Store } from '../store/store.ts';
import { poisonFolder } from './poison.ts';
import { queueSource } from './queue-source.ts';
import type { RemoteSource, SourceNotice } from './remote.ts';
import type { Setup } from './setup.ts';
import { setAsideFolder } from './state.ts';
import { streamSource } from './stream-source.ts';
import type { Pipeline } from './take-content.ts';
import type { Taker } from './taker.ts';

export interface RemoteWorld {
  readonly store: Store;
  readonly detect: Detector;
  readonly taker: Taker;
  readonly clients: SourceClients;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: SourceNotice) => void;
}

/** The queues and streams of a configuration, read beside its files. */
export interface RemoteSources {
  start(once: boolean): RunningSources;
}

export interface RunningSources {
  running(): boolean;
  /** Resolves when something was stored or a source has ended, at the latest after some milliseconds. Throws what a source threw. */
  somethingStored(milliseconds: number): Promise<void>;
  /** Resolves when no source runs any more. Throws what a source threw. */
  stop(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60_000;

export function remoteSources({ config }: Setup, world: RemoteWorld): RemoteSources {
  const { store, detect, taker, clients, onNotice } = world;
  return {
    start(once) {
      const stopping = new AbortController();
      const signal = AbortSignal.any([world.signal, stopping.signal]);
      let stored = false;
      let wake = (): void => {};
      signal.addEventListener('abort', () => wake(), { once: true });
      const pipeline: Pipeline = {
        store,
        detect,
        window: config.window * MINUTE,
        async take(found, changes) {
          await taker.take(found, changes);
          stored = true;
          wake();
        },
      };
      const common = {
        clients,
        pipeline,
        signal,
        notice: onNotice,
        retryAfter: config.timing.retry * SECOND,
      };
      const sources = config.sources.flatMap((source): RemoteSource[] => {
        if ('queue' in source)
          return [queueSource(source, { ...common, setAside: poisonFolder(setAsideFolder(config)) })];
        if ('kinesis' in source)
          return [streamSource(source, { ...common, pollEvery: config.timing.sourcePoll * SECOND })];
        return [];
      });
      let running = sources.length;
      let failure: { readonly error: unknown } | undefined;
      const tasks = sources.map((source) =>
        source
          .run(once)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            running--;
            wake();
          }),
      );
      const throwFailure = (): void => {
        if (failure !== undefined) throw failure.error;
      };
      return {
        running: () => running > 0,
        async somethingStored(milliseconds) {
          throwFailure();
          if (!stored && !signal.aborted) {
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, milliseconds);
              wake = () => {
                clearTimeout(timer);
                resolve();
              };
            });
          }
          stored = false;
          throwFailure();
        },
        async stop() {
          stopping.abort();
          await Promise.all(tasks);
          throwFailure();
        },
      };
    },
  };
}
