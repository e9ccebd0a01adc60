import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A program that does the work, and how to tell what it found. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What it found, from what it printed; nothing for one that only reads. */
  readonly found?: (stdout: string) => number;
}

export interface Measured {
  readonly contender: Contender;
  /** Milliseconds of wall time, a run each; none when the program is not here. */
  readonly times: number[];
  /** The most memory that it had, MB. */
  memory: number;
  found: number | undefined;
}

const OUTPUT_LIMIT = 2 ** 30;
/** GNU time tells how much memory a process had; without it that column stays empty. */
const GNU_TIME = '/usr/bin/time';

/** Runs each of the contenders in turn, so that what else the machine does hits all of them alike. */
export function measure(contenders: readonly Contender[], runs: number): Measured[] {
  const measured = contenders.map(
    (contender): Measured => ({ contender, times: [], memory: 0, found: undefined }),
  );
  for (let run = 0; run < runs; run++) for (const one of measured) runOnce(one);
  return measured;
}

function runOnce(one: Measured): void {
  const [program, ...args] = one.contender.command;
  const begun = performance.now();
  const withTime = hasGnuTime();
  const { status, stdout, stderr } = spawnSync(
    withTime ? GNU_TIME : program,
    withTime ? ['-f', '%M', program, ...args] : args,
    { encoding: 'utf8', maxBuffer: OUTPUT_LIMIT },
  );
  const taken = performance.now() - begun;
  if (status !== 0) return;
  one.times.push(taken);
  one.found ??= one.contender.found?.(stdout);
  if (withTime) one.memory = Math.max(one.memory, Number(stderr.trim().split('\n').at(-1)) / 1_024);
}

let gnuTime: boolean | undefined;
function hasGnuTime(): boolean {
  gnuTime ??= spawnSync(GNU_TIME, ['-f', '%M', 'true']).status === 0;
  return gnuTime;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One table; the first contender is what the others are compared with. */
export function table(title: string, records: number, unit: string, measured: readonly Measured[]): string {
  const reference = median(measured[0]?.times ?? []);
  const lines = [
    title,
    '',
    `${'what'.padEnd(44)}${'seconds'.padStart(9)}${'records/s'.padStart(13)}${unit.padStart(9)}${'MB'.padStart(7)}${'matches'.padStart(10)}`,
  ];
  for (const { contender, times, memory, found } of measured) {
    const taken = median(times);
    lines.push(
      times.length === 0
        ? `${contender.name.padEnd(44)}${'not here'.padStart(9)}`
        : contender.name.padEnd(44) +
            (taken / 1_000).toFixed(2).padStart(9) +
            Math.round((records / taken) * 1_000)
              .toLocaleString('en-US')
              .padStart(13) +
            (taken / reference).toFixed(2).padStart(9) +
            (memory === 0 ? '' : memory.toFixed(0)).padStart(7) +
            (found === undefined ? '' : found.toLocaleString('en-US')).padStart(10),
    );
  }
  return lines.join('\n');
}

/** What machine it is, for whoever reads the numbers. */
export function machine(): string {
  const model =
    /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
  return `${navigator.hardwareConcurrency} × ${model}; Node ${process.version}`;
}
