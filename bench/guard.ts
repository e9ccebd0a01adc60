/**
 * `npm run bench:guard [-- TEMPLATES RUNS]`: one template in a cold process, and many templates, by the 237
 * rules of AWS Control Tower; against cfn-guard 3.1.1 in the same run, medians of interleaved runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CFN_GUARD, CONTROL_TOWER } from '../test/guard-binary.ts';
import { benchTemplates } from './guard-templates.ts';

const [templates = 500, runs = 3] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-guard-'));
const one = join(folder, 'one');
const many = join(folder, 'many');
const cache = join(folder, 'cache');
const judge = compiledJudge();

/** The judge as JavaScript, as a package brings it: a process that must strip types first is no cold process of a user. */
function compiledJudge(): string {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const out = here('../node_modules/.cache/cordon-bench');
  const options = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck'];
  const { status, stdout } = spawnSync(
    here('../node_modules/.bin/tsc'),
    [
      here('guard-judge.ts'),
      '--outDir',
      out,
      '--rootDir',
      here('..'),
      '--rewriteRelativeImportExtensions',
      '--ignoreConfig',
      ...options,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stdout);
  return join(out, 'bench', 'guard-judge.js');
}

interface Task {
  readonly name: string;
  readonly data: string;
}
const tasks: readonly Task[] = [
  { name: '1 template, cold', data: one },
  { name: `${templates} templates`, data: many },
];

interface Contender {
  readonly name: string;
  readonly command: (data: string) => readonly string[];
}
const contenders: readonly Contender[] = [
  {
    name: 'cfn-guard 3.1.1',
    command: (data) => [
      CFN_GUARD ?? 'cfn-guard',
      ...['validate', '--rules', CONTROL_TOWER, '--data', data],
      ...['--structured', '--output-format', 'json', '--show-summary', 'none'],
    ],
  },
  { name: 'cordon, rules cached', command: (data) => [process.execPath, judge, CONTROL_TOWER, data, cache] },
  { name: 'cordon, no cache', command: (data) => [process.execPath, judge, CONTROL_TOWER, data] },
];

/** Wall time of one run in milliseconds. cfn-guard ends with 19 where a template fails a rule. */
function time({ command }: Contender, data: string): number | undefined {
  const [program = '', ...args] = command(data);
  const begun = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 30 });
  return status === 0 || status === 19 ? performance.now() - begun : undefined;
}

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const write = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  for (const data of [one, many]) mkdirSync(data);
  for (const [index, text] of benchTemplates(templates).entries()) {
    writeFileSync(join(many, `${index}.json`), text);
    if (index === 0) writeFileSync(join(one, `${index}.json`), text);
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}`;
  write(`237 rules of AWS Control Tower; medians of ${runs} interleaved runs; ${machine}\n`);
  write(`${'what'.padEnd(24)}${'by'.padEnd(24)}${'ms'.padStart(9)}${'× cfn-guard'.padStart(14)}`);
  for (const { name, data } of tasks) {
    const times = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
    time(contenders[1] as Contender, data);
    for (let run = 0; run < runs; run++) {
      for (const [contender, measured] of times) {
        const taken = time(contender, data);
        if (taken !== undefined) measured.push(taken);
      }
    }
    const reference = median(times.get(contenders[0] as Contender) ?? []);
    for (const [contender, measured] of times) {
      const taken = median(measured);
      const ratio = taken === undefined || reference === undefined ? '' : (taken / reference).toFixed(2);
      const shown = taken === undefined ? 'not here' : Math.round(taken).toLocaleString('en-US');
      write(`${name.padEnd(24)}${contender.name.padEnd(24)}${shown.padStart(9)}${ratio.padStart(14)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
