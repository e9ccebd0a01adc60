import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';

/** What a worker thread plays with. */
export interface WorkerData {
  /** The folder for its worlds. */
  readonly root: string;
  /** The name of what is wrong with its engine; `mutate.ts` has been loaded then. */
  readonly mutant?: string | undefined;
  /** Whether the trace is wanted also when all is well. */
  readonly trace: boolean;
}

const { root, trace: wanted } = workerData as WorkerData;

// Errors are many here and their stacks cost much; a single world is played with them.
if (!wanted) Error.stackTraceLimit = 0;

parentPort?.on('message', async (seed: number) => {
  const { trace, ...outcome } = await simulate(seed, root);
  parentPort?.postMessage(wanted || outcome.violation !== undefined ? { ...outcome, trace } : outcome);
});
