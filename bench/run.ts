/** `npm run bench [-- FILES RECORDS_PER_FILE RUNS]`: one table, medians of interleaved runs. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowLogData } from './flow-logs.ts';

const [fileCount = 4, perFile = 250_000, runs = 5] = process.argv.slice(2).map(Number);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = join(tmpdir(), 'cordon-bench');
const data = flowLogData(folder, fileCount, perFile);
const config = join(folder, 'cordon.yaml');
writeFileSync(config, `lists:\n  bad_ips: { file: ${JSON.stringify(data.list)} }\n`);

const AWK = `BEGIN { while ((getline line < "${data.list}") > 0) bad[line] = 1 }
{ out = substr($4, 1, 3) == "10."
  n = ($13 == "REJECT" && out) + (($4 in bad) || ($5 in bad))
  n += $13 == "ACCEPT" && out && $7 < 1024 && $7 != 53 && $7 != 80 && $7 != 123 && $7 != 443 && $7 != 0
  if (n) found[$3] += n }
END { for (e in found) s += found[e]; print s }`;

interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const quoted = data.files.map((file) => `'${file}'`).join(' ');
const contenders: Contender[] = [
  { name: 'zcat >/dev/null', command: ['sh', '-c', `zcat ${quoted} >/dev/null`] },
  { name: 'zcat | mawk, the rules by hand', command: ['sh', '-c', `zcat ${quoted} | mawk '${AWK}'`] },
  {
    name: 'node, readline and split',
    command: [process.execPath, here('naive.ts'), data.list, ...data.files],
  },
  {
    name: 'cordon replay',
    command: [process.execPath, here('../src/cli/main.ts'), 'replay', '-c', config, '--json', ...data.files],
  },
];

/** Wall time of one run in milliseconds; nothing when the program is not there. */
function time({ command: [program, ...args] }: Contender): number | undefined {
  const begun = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 30 });
  return status === 0 ? performance.now() - begun : undefined;
}

const times = new Map<Contender, number[]>(contenders.map((one) => [one, []]));
for (let run = 0; run < runs; run++) {
  for (const [one, measured] of times) {
    const taken = time(one);
    if (taken !== undefined) measured.push(taken);
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const [reference] = times.values();
const unit = median(reference ?? []);
const write = (line: string): void => void process.stdout.write(`${line}\n`);
write(
  `${data.records.toLocaleString('en-US')} flow records, ${data.files.length} gzip files, ${Math.round(data.bytes / 1e6)} MB raw; medians of ${runs} runs; ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}`,
);
write('');
write(`${'what'.padEnd(34)}${'seconds'.padStart(9)}${'records/s'.padStart(14)}${'× zcat'.padStart(9)}`);
for (const [{ name }, measured] of times) {
  const taken = median(measured);
  const rate = Math.round((data.records / taken) * 1_000).toLocaleString('en-US');
  write(
    measured.length === 0
      ? `${name.padEnd(34)}${'not here'.padStart(9)}`
      : `${name.padEnd(34)}${(taken / 1_000).toFixed(2).padStart(9)}${rate.padStart(14)}${(taken / unit).toFixed(2).padStart(9)}`,
  );
}
