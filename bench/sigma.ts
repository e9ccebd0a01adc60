/** `npm run bench:sigma [-- EVENTS RUNS]`: what one event costs, by the number of rules, on a machine that has other work as well. */
import { cpus } from 'node:os';
import { type CompiledRule, compileRule, type EventView } from '../src/sigma/compile.ts';
import { parseSigma } from '../src/sigma/parse.ts';
import { compileRules } from '../src/sigma/rule-index.ts';
import { cloudTrailEvents, cloudTrailRules } from './cloudtrail.ts';

const [eventCount = 6000, runs = 15] = process.argv.slice(2).map(Number);
const SIZES = [10, 60, 100, 1000, 5000];
const events = cloudTrailEvents(eventCount);
/** Asking thousands of rules one by one is slow: fewer events tell as much. */
const naiveEvents = (size: number): readonly EventView[] =>
  events.slice(0, Math.max(100, Math.min(2000, 200_000 / size)));

interface Contender {
  readonly size: number;
  readonly found: number;
  readonly compileMs: number;
  readonly asked: string;
  readonly index: (event: EventView) => number;
  readonly naive: (event: EventView) => number;
  readonly indexTimes: number[][];
  readonly naiveTimes: number[][];
}

const contenders = SIZES.map((size): Contender => {
  const { rules, problems } = parseSigma({ file: 'bench.yml', text: cloudTrailRules(size) });
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const begun = performance.now();
  const index = compileRules(rules);
  const compileMs = performance.now() - begun;
  const plain: CompiledRule[] = rules.map((rule) => {
    const compiled = compileRule(rule);
    if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
    return compiled.value;
  });
  const naive = (event: EventView): number => {
    let found = 0;
    for (const rule of plain) if (rule.matches(event)) found++;
    return found;
  };
  for (const event of naiveEvents(size)) {
    if (index.match(event).length !== naive(event)) throw new Error('the index and the rules disagree');
  }
  return {
    size,
    found: events.reduce((sum, event) => sum + index.match(event).length, 0),
    compileMs,
    asked: [...index.statistics.byField].map(([field, count]) => `${field} ${count}`).join(', '),
    index: (event) => index.match(event).length,
    naive,
    indexTimes: [],
    naiveTimes: [],
  };
});

const BATCH = 200;

/**
 * Milliseconds of each batch. Events are parsed anew just before, as they are in use: their texts
 * were never hashed, and a few of them at a time are in the caches.
 */
function time(list: readonly EventView[], match: (event: EventView) => number): number[] {
  const taken: number[] = [];
  for (let from = 0; from < list.length; from += BATCH) {
    const fresh = list
      .slice(from, from + BATCH)
      .map(({ raw }) => ({ fields: JSON.parse(raw) as EventView['fields'], raw }));
    const begun = performance.now();
    for (const event of fresh) match(event);
    taken.push(performance.now() - begun);
  }
  return taken;
}

/** The first run only warms up. */
for (let run = 0; run <= runs; run++) {
  for (const { index, indexTimes } of contenders) {
    const taken = time(events, index);
    if (run > 0) indexTimes.push(taken);
  }
}
const NAIVE_RUNS = 3;
for (let run = 0; run < NAIVE_RUNS; run++) {
  for (const { size, naive, naiveTimes } of contenders) naiveTimes.push(time(naiveEvents(size), naive));
}

/** Nanoseconds an event: of each batch, the run in which nothing else came between. */
function best(times: readonly (readonly number[])[], count: number): number {
  const [first = []] = times;
  const least = first.map((_, batch) =>
    Math.min(...times.map((run) => run[batch] ?? Number.POSITIVE_INFINITY)),
  );
  return (least.reduce((sum, one) => sum + one, 0) * 1e6) / count;
}

const [first] = contenders;
const unit = best(first?.indexTimes ?? [], events.length);
console.log(
  `${cpus()[0]?.model}, Node ${process.version}, ${eventCount} events, of each ${BATCH} the best of ${runs} runs\n`,
);
console.log(
  '| rules | index, ns/event | events/s | against 10 rules | one by one, ns/event | matches | compiling, ms |',
);
console.log(
  '| ----: | --------------: | -------: | ---------------: | -------------------: | ------: | ------------: |',
);
for (const { size, indexTimes, naiveTimes, found, compileMs } of contenders) {
  const ns = best(indexTimes, events.length);
  const cells = [
    size,
    Math.round(ns),
    Math.round(1e9 / ns).toLocaleString('en'),
    `${(ns / unit).toFixed(2)} ×`,
    Math.round(best(naiveTimes, naiveEvents(size).length)).toLocaleString('en'),
    found,
    Math.round(compileMs),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
for (const { size, asked } of contenders) console.log(`\n${size} rules are found by: ${asked}`);
