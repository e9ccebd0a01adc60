import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { MUTANTS, type Mutant, mutantNamed } from './mutants.ts';
import { scratchFolder } from './scratch.ts';
import type { Outcome } from './simulate.ts';
import type { WorkerData } from './worker.ts';

const USAGE = `npm run sim                          a thousand worlds
npm run sim -- --runs N --seed S     N worlds from seed S on; with --seed alone exactly one
npm run sim -- --mutant NAME         with the engine broken; --mutant all: each of ${MUTANTS.length}
npm run sim -- --trace --seed S      all that happens in one world`;

const RUNS = 1_000;
/** Megabytes for the new objects of a thread. */
const YOUNG_GENERATION = 192;
/** Of a broken engine at most so many worlds are played. */
const MUTANT_RUNS = 3_000;

type Told = Omit<Outcome, 'trace'> & { readonly trace?: readonly string[] };

interface Played {
  readonly runs: number;
  readonly seconds: number;
  readonly calls: number;
  readonly deaths: number;
  readonly ended: ReadonlyMap<string, number>;
  readonly failed: Told | undefined;
  /** Of each seed: the same for the same trace and the same ledger. */
  readonly digests: ReadonlyMap<number, string>;
}

export interface PlayOptions {
  readonly mutant?: Mutant | undefined;
  readonly threads?: number;
  /** Whether to print all that happens. */
  readonly trace?: boolean;
}

/** Plays seeds on all cores until the first that fails; of several that fail at the same time, the lowest. */
export async function playSeeds(
  first: number,
  runs: number,
  { mutant, threads = availableParallelism(), trace = false }: PlayOptions = {},
): Promise<Played> {
  const root = scratchFolder();
  const started = performance.now();
  const ended = new Map<string, number>();
  const digests = new Map<number, string>();
  let next = first;
  let done = 0;
  let calls = 0;
  let deaths = 0;
  let failed: Told | undefined;
  const work = (thread: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        // Worlds are short: with room for all that one makes, hardly anything of it is ever copied.
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
        workerData: { root: `${root}/${thread}`, mutant: mutant?.name, trace } satisfies WorkerData,
        execArgv: mutant === undefined ? [] : ['--import', new URL('./mutate.ts', import.meta.url).href],
      });
      const more = (): void => {
        if (next < first + runs && failed === undefined) worker.postMessage(next++);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.once('error', reject);
      worker.on('message', (outcome: Told) => {
        done++;
        if (trace) console.log(outcome.trace?.join('\n'));
        digests.set(outcome.seed, outcome.digest);
        calls += outcome.calls;
        deaths += outcome.deaths;
        for (const state of outcome.states) ended.set(state, (ended.get(state) ?? 0) + 1);
        if (outcome.violation !== undefined && outcome.seed < (failed?.seed ?? Number.POSITIVE_INFINITY))
          failed = outcome;
        more();
      });
      more();
    });
  try {
    await Promise.all(Array.from({ length: Math.min(threads, runs) }, (_, thread) => work(thread)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return {
    runs: done,
    seconds: (performance.now() - started) / 1_000,
    calls,
    deaths,
    ended,
    failed,
    digests,
  };
}

/** Lines of the trace before what was violated. */
const SHOWN = 40;

function report({ runs, seconds, calls, deaths, ended, failed }: Played, mutant?: Mutant): void {
  const states = [...ended].map(([state, count]) => `${count} ${state}`).join(', ');
  console.log(
    `${runs} worlds in ${seconds.toFixed(1)} s (${(runs / seconds).toFixed(1)} a second): ${calls} calls to AWS, ${deaths} deaths; cases: ${states}`,
  );
  if (failed === undefined) return;
  const { seed, violation, trace = [] } = failed;
  console.log(
    `\n${trace.slice(Math.max(0, (violation?.line ?? 0) - SHOWN), (violation?.line ?? 0) + 1).join('\n')}`,
  );
  console.log(`\nseed ${seed} violates: ${violation?.invariant}\n  ${violation?.message}`);
  const broken = mutant === undefined ? '' : ` --mutant ${mutant.name}`;
  console.log(
    `\nagain: npm run sim -- --seed ${seed}${broken}\nall of it: npm run sim -- --seed ${seed}${broken} --trace`,
  );
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      mutant: { type: 'string' },
      threads: { type: 'string' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const first = Number(values.seed ?? 1);
  const threads = Number(values.threads ?? availableParallelism());
  if (values.mutant === 'all') return every(first, Number(values.runs ?? MUTANT_RUNS), threads);
  const mutant = values.mutant === undefined ? undefined : mutantNamed(values.mutant);
  const runs = Number(values.runs ?? (values.seed === undefined ? RUNS : 1));
  const played = await playSeeds(first, runs, { mutant, threads, trace: values.trace });
  report(played, mutant);
  return played.failed === undefined ? 0 : 1;
}

/** A table of how soon each broken engine is found. */
async function every(first: number, runs: number, threads: number): Promise<number> {
  let unseen = 0;
  console.log('| broken | found by | seeds |\n| --- | --- | --- |');
  for (const mutant of MUTANTS) {
    const { failed } = await playSeeds(first, runs, { mutant, threads });
    if (failed === undefined) unseen++;
    console.log(
      `| \`${mutant.name}\`: ${mutant.what} | ${failed?.violation?.invariant ?? 'nothing'} | ${failed === undefined ? `not in ${runs}` : failed.seed - first + 1} |`,
    );
  }
  return unseen;
}

if (import.meta.main) process.exitCode = await main();
