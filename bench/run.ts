/**
 * `npm run bench [-- --runs N --small]`: how fast Cordon reads logs, beside its rivals, in one table
 * each; medians of interleaved runs. Every contender must find the same.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cloudTrailRules } from './cloudtrail.ts';
import { type Contender, machine, measure, table } from './contender.ts';
import { flowLogData, threatList } from './flow-logs.ts';
import { trailData } from './trails.ts';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, small: { type: 'boolean', default: false } },
});
const runs = Number(options.runs);
const scale = options.small ? 0.1 : 1;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = join(tmpdir(), 'cordon-bench');
const node = (script: string, ...args: string[]): Contender['command'] => [
  process.execPath,
  here(script),
  ...args,
];

const flows = flowLogData(folder, 20, 500_000 * scale);
const list = threatList(folder, 10_000);

const AWK = `BEGIN { while ((getline line < "${list}") > 0) bad[line] = 1 }
FNR == 1 && $1 == "version" { next }
{ began = substr($4, 1, 3) == "10." && substr($5, 1, 3) != "10." && $6 > $7
  accepted = $13 == "ACCEPT"
  n = (began && $13 == "REJECT") + ((($4 in bad) || ($5 in bad)) && (accepted || began))
  n += began && accepted && $7 < 1024 && $7 != 53 && $7 != 80 && $7 != 123 && $7 != 443 && $7 != 0
  if (n) found[$3] += n }
END { for (e in found) s += found[e]; print s }`;

/** Cordon as it is installed, with every finding stored. */
function replay(name: string, threads: number, config: object, files: readonly string[]): Contender {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.yaml`);
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config));
  const args = ['replay', '-c', path, '--threads', String(threads), ...files];
  return {
    name,
    command: node('../dist/cli/main.js', ...args),
    found: (stdout) => Number(/([\d,]+) match(?:es)? in/.exec(stdout)?.[1]?.replaceAll(',', '') ?? 0),
  };
}

/** The three of the honeypot. */
const three = ['rejected-outbound-traffic', 'known-bad-address', 'unexpected-outbound-port'].map((name) =>
  here(`../rules/vpc-flow/${name}.yml`),
);
const listed = (entries: number): object => ({
  builtinRules: false,
  rules: three,
  lists: { bad_ips: { file: threatList(folder, entries) } },
});
const quoted = flows.files.map((file) => `'${file}'`).join(' ');
const last = (stdout: string): number => Number(stdout.trim());
const flowContenders: Contender[] = [
  { name: 'zcat >/dev/null', command: ['sh', '-c', `zcat ${quoted} >/dev/null`] },
  { name: 'zcat | mawk', command: ['sh', '-c', `zcat ${quoted} | mawk '${AWK}'`], found: last },
  {
    name: 'Python, as a Lambda function would',
    command: ['python3', here('lambda.py'), list, ...flows.files],
    found: last,
  },
  { name: 'Node, readline and split', command: node('naive.ts', list, ...flows.files), found: last },
  { name: 'DuckDB, the rules in SQL', command: node('duckdb.ts', list, ...flows.files), found: last },
  replay('cordon replay, 1 thread, 10,000 listed', 1, listed(10_000), flows.files),
  replay('cordon replay, 2 threads, 10 listed', 2, listed(10), flows.files),
  replay('cordon replay, 2 threads, 10,000 listed', 2, listed(10_000), flows.files),
  replay('cordon replay, 2 threads, 1,000,000 listed', 2, listed(1_000_000), flows.files),
];

const trails = trailData(folder, 20, 25_000 * scale);
const rules = join(folder, 'sixty-rules.yml');
writeFileSync(rules, cloudTrailRules(60));
const sixty = { builtinRules: false, rules: [rules], bindings: [] };
const box = { builtinRules: false, rules: [here('../rules/cloudtrail')], bindings: [] };
const trailContenders: Contender[] = [
  { name: 'gunzip and JSON.parse alone', command: node('parse-json.ts', ...trails.files) },
  replay('cordon replay, 1 thread, 60 rules', 1, sixty, trails.files),
  replay('cordon replay, 2 threads, 60 rules', 2, sixty, trails.files),
  replay('cordon replay, 2 threads, the rules in the box', 2, box, trails.files),
];

const count = (value: number): string => value.toLocaleString('en-US');
process.stdout.write(`${machine()}; medians of ${runs} interleaved runs\n\n`);
const flowTitle = `${count(flows.records)} flow log records in ${flows.files.length} gzip files, ${count(Math.round(flows.bytes / 1e6))} MB of text; three rules`;
process.stdout.write(`${table(flowTitle, flows.records, '× zcat', measure(flowContenders, runs))}\n\n`);
const trailTitle = `${count(trails.records)} CloudTrail events in ${trails.files.length} gzip files`;
process.stdout.write(`${table(trailTitle, trails.records, '× parse', measure(trailContenders, runs))}\n`);
