/** `npm run bench:intel [-- ENTRIES…]`: address sets against a JavaScript Set of strings, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { formatIpv4 } from '../src/intel/ipv4.ts';
import { addressSetFromText } from '../src/intel/plain-list.ts';
import { randomNumbers } from './random.ts';

const QUERIES = 1 << 20;
const ROUNDS = 9;
/** Of the traffic of a busy network, most is with few peers. */
const PEERS = 2_000;
const SIZES = [10, 10_000, 1_000_000, 5_000_000];

interface Measured {
  readonly name: string;
  readonly build: number;
  readonly bytes: number;
  /** Nanoseconds a lookup: of addresses that come again and again, and of ever new ones. */
  readonly traffic: number;
  readonly random: number;
}

const below = randomNumbers(20_261_124);
/** Of 32 bits, more than one number of the generator has. */
const address = (): number => below(65_536) * 65_536 + below(65_536);

function measure(kind: string, entries: number): Measured {
  const bytes = Buffer.from(Array.from({ length: entries }, () => formatIpv4(address())).join('\n'));
  const random = Int32Array.from({ length: QUERIES }, address);
  const peers = Int32Array.from({ length: PEERS }, address);
  const traffic = Int32Array.from({ length: QUERIES }, () => peers[below(below(PEERS) + 1)] ?? 0);
  return kind === 'set' ? stringSet(bytes, random, traffic) : cordon(bytes, random, traffic, kind === 'text');
}

function cordon(bytes: Buffer, random: Int32Array, traffic: Int32Array, asText: boolean): Measured {
  const builds = Array.from({ length: bytes.length > 2e7 ? 2 : 5 }, () => {
    const begun = cpuTime();
    addressSetFromText({ file: 'list.txt', bytes });
    return cpuTime() - begun;
  });
  const { set } = addressSetFromText({ file: 'list.txt', bytes });
  const { cells, filter, pages } = set.toShared().ipv4;
  const size = cells.byteLength + filter.byteLength + pages.byteLength;
  const lookup = asText
    ? (queries: Int32Array) => {
        const texts = Array.from(queries, formatIpv4);
        return best(() => texts.reduce((found, text) => found + (set.find(text) === undefined ? 0 : 1), 0));
      }
    : (queries: Int32Array) =>
        best(() => {
          let found = 0;
          for (let at = 0; at < queries.length; at++) if (set.hasIpv4(queries[at] ?? 0)) found++;
          return found;
        });
  return {
    name: asText ? 'cordon, from text' : 'cordon, from numbers',
    build: Math.min(...builds),
    bytes: size,
    traffic: lookup(traffic),
    random: lookup(random),
  };
}

function stringSet(bytes: Buffer, random: Int32Array, traffic: Int32Array): Measured {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const begun = cpuTime();
  const set = new Set(bytes.toString('latin1').split('\n'));
  const build = cpuTime() - begun;
  collect();
  const size = process.memoryUsage().heapUsed - before;
  const lookup = (queries: Int32Array): number => {
    const texts = Array.from(queries, formatIpv4);
    return best(() => texts.reduce((found, text) => found + (set.has(text) ? 1 : 0), 0));
  };
  return { name: 'Set of strings', build, bytes: size, traffic: lookup(traffic), random: lookup(random) };
}

/** Of this process, milliseconds: what else runs on the machine counts less than by the clock. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Nanoseconds a query, the best of several rounds. */
function best(round: () => number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let done = 0; done < ROUNDS; done++) {
    const begun = cpuTime();
    if (round() > QUERIES / 2) throw new Error('the queries are on the list');
    shortest = Math.min(shortest, cpuTime() - begun);
  }
  return (shortest / QUERIES) * 1e6;
}

const write = (line = ''): void => void process.stdout.write(`${line}\n`);
const [mode, kind = '', size = ''] = process.argv.slice(2);
if (mode === '--one') write(JSON.stringify(measure(kind, Number(size))));
else table(mode === undefined ? SIZES : process.argv.slice(2).map(Number));

function table(sizes: readonly number[]): void {
  write(
    `${QUERIES.toLocaleString('en-US')} lookups, CPU time, best of ${ROUNDS} rounds; ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}`,
  );
  write();
  const row = (cells: readonly string[]): void =>
    write(cells.map((cell, index) => (index === 0 ? cell.padEnd(22) : cell.padStart(13))).join(''));
  row(['what', 'entries', 'build ms', 'bytes/entry', 'traffic ns', 'random ns', 'lookups/s']);
  for (const entries of sizes) {
    for (const one of ['numbers', 'text', 'set']) {
      const child = spawnSync(process.execPath, [
        fileURLToPath(import.meta.url),
        '--one',
        one,
        String(entries),
      ]);
      const { name, build, bytes, traffic, random } = JSON.parse(child.stdout.toString()) as Measured;
      row([
        name,
        entries.toLocaleString('en-US'),
        build.toFixed(0),
        (bytes / entries).toFixed(1),
        traffic.toFixed(1),
        random.toFixed(1),
        Math.round(1e9 / traffic).toLocaleString('en-US'),
      ]);
    }
  }
}
