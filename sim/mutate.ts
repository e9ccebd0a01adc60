import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import { broken, mutantNamed } from './mutants.ts';

/** Loaded before a worker: breaks the engine in memory. */
const mutant = mutantNamed((workerData as { readonly mutant: string }).mutant);
const files = new Map(mutant.edits.map(({ file }) => [new URL(`../${file}`, import.meta.url).href, file]));

registerHooks({
  load(url, context, nextLoad) {
    const file = files.get(url);
    if (file === undefined) return nextLoad(url, context);
    const source = broken(mutant, file, readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
