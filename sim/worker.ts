import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';

const { root } = workerData as { readonly root: string };

parentPort?.on('message', async (seed: number) => {
  const { trace, ...outcome } = await simulate(seed, root);
  parentPort?.postMessage(outcome.violation === undefined ? outcome : { ...outcome, trace });
});
