import type { AwsClients } from '../aws/clients.ts';
import { correlating } from '../detect/clue.ts';
import { detector } from '../detect/detector.ts';
import { findingRules, isCorrelation, servingRules } from '../detect/rule-cases-run.ts';
import { formatOf, type RuleSet } from '../detect/rule-set.ts';
import { tally } from '../detect/tally.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { addressSet } from '../intel/address-set.ts';
import { InputError } from '../model/problem.ts';
import type { TimeRange } from '../model/time-range.ts';
import {
  type ReadLogs,
  type RehearsedRule,
  type ReplayReport,
  replayReport,
} from '../report/replay-report.ts';
import { caseHistory, type PastCase } from '../respond/case-history.ts';
import { armed, rehearse } from '../respond/rehearsal.ts';
import { inputsOf, isObjectUrl } from '../sources/inputs.ts';
import { badRecordCount } from './bad-record-count.ts';
import { type Ingested, ingest } from './ingest.ts';
import { seenOwners } from './owners.ts';
import { portable, readLog, type ScanSettings } from './scan.ts';
import { scanPool } from './scan-pool.ts';
import type { Setup } from './setup.ts';
import { keepHeapSmall } from './small-heap.ts';

/** What correlations found that is held before it is put into cases. */
const HELD = 20_000;
const MINUTE = 60_000;

export interface ReplayOptions extends DecodeOptions {
  /** Ask EC2 whose the network interfaces are and what tags instances have; otherwise no AWS is needed. */
  readonly askAws: boolean;
  /** How many threads read; by default as many as help. */
  readonly threads?: number | undefined;
  /** Only events of this time. */
  readonly range?: TimeRange | undefined;
}

/** A replay whose threads begin to load before the rules have been read. */
export interface OpenReplay {
  /** Reads all files once; may be called again, with other rules. */
  replay(setup: Setup): Promise<ReplayReport>;
  close(): Promise<void>;
}

/** `-` is standard input. Throws {@link InputError} for a name that means no file. */
export function openReplay(patterns: readonly string[], options: ReplayOptions): OpenReplay {
  keepHeapSmall();
  const inputs = inputsOf(patterns);
  if (options.askAws) {
    return {
      replay: async (setup) => replayWithAccount(setup, await logsOf(inputs, setup, options), options),
      close: async () => {},
    };
  }
  const pool = scanPool(inputs, options.threads);
  return {
    async replay(setup) {
      const paths = await logsOf(inputs, setup, options);
      return replayOf(setup, paths.length, pool.scan(paths, scanSettings(setup, options)), options);
    },
    close: pool.close,
  };
}

/** What the inputs mean, with the objects that a place in S3 holds. */
async function logsOf(
  inputs: readonly string[],
  { config }: Setup,
  { range }: ReplayOptions,
): Promise<string[]> {
  if (!inputs.some(isObjectUrl)) return [...inputs];
  const { objectsUnder } = await import('./object-logs.ts');
  const found = await Promise.all(
    inputs.map(async (input) =>
      isObjectUrl(input) ? objectsUnder(input, config.aws, range?.from) : [input],
    ),
  );
  for (const [index, paths] of found.entries()) {
    if (paths.length === 0) throw new InputError(`${inputs[index]}: no such objects`);
  }
  return found.flat();
}

interface Collected extends Omit<ReadLogs, 'files'> {
  readonly cases: readonly PastCase[];
}

/** Puts together what was found in each piece of the logs. */
async function collect({ config, rules }: Setup, ingested: AsyncIterable<Ingested>): Promise<Collected> {
  const window = config.window * MINUTE;
  const counts = { events: 0, outside: 0, skipped: 0 };
  const byFormat = new Map<string, number>();
  const bad = badRecordCount();
  const history = caseHistory(window);
  const correlated = tally(window);
  // Of the past, a clue may come however late: the logs of one region are read after those of another.
  const correlate = correlating(rules, { lateness: Number.POSITIVE_INFINITY });
  for await (const part of ingested) {
    counts.events += part.events;
    counts.outside += part.outside;
    counts.skipped += part.skipped;
    for (const [format, count] of part.byFormat) byFormat.set(format, (byFormat.get(format) ?? 0) + count);
    for (const record of part.badRecords) bad.add(record);
    history.add(part.runs);
    for (const clue of part.clues) correlate.add(clue).forEach(correlated.add);
    if (correlated.size >= HELD) history.add(correlated.take());
  }
  correlate.settle().forEach(correlated.add);
  history.add(correlated.take());
  return {
    ...counts,
    byFormat: Object.fromEntries([...byFormat].filter(([, count]) => count > 0).sort()),
    ...bad.counts(),
    lateForCorrelations: correlate.late,
    cases: history.cases(),
  };
}

interface ReplayedFrom {
  readonly range?: TimeRange | undefined;
  readonly aws?: AwsClients | undefined;
}

/** The report on what was found in so many files; the same in whatever pieces it comes. */
export async function replayOf(
  setup: Setup,
  files: number,
  ingested: AsyncIterable<Ingested>,
  { range, aws }: ReplayedFrom = {},
): Promise<ReplayReport> {
  const { config, rules, playbooks, bindingOf } = setup;
  const { cases, ...read } = await collect(setup, ingested);
  const settings = { playbooks, guardrails: config.guardrails, bindingOf, aws };
  return replayReport({
    files,
    ...read,
    range,
    rules: rehearsedRules(rules, bindingOf),
    cases,
    decisions: await rehearse(cases, settings),
    armed: await rehearse(cases, { ...settings, bindingOf: armed(bindingOf) }),
  });
}

function rehearsedRules(set: RuleSet, bindingOf: Setup['bindingOf']): RehearsedRule[] {
  return findingRules(set).map(({ id, title, level }) => ({
    rule: { id, title, level },
    kind: isCorrelation(set, id) ? 'correlation' : 'rule',
    binding: bindingOf(id),
    formats: [...new Set(servingRules(set, id).flatMap(({ logsource }) => formatOf(logsource)?.name ?? []))],
  }));
}

function scanSettings(
  { config, rules, shared }: Setup,
  { flowLogFormat, cloudfrontFields, range }: ReplayOptions,
): ScanSettings {
  return {
    rules: portable(rules),
    placeholders: shared(),
    networks: config.networks,
    aws: config.aws,
    window: config.window * MINUTE,
    range,
    decode: { flowLogFormat, cloudfrontFields },
  };
}

async function replayWithAccount(
  setup: Setup,
  paths: readonly string[],
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { config, rules } = setup;
  const { flowLogFormat, cloudfrontFields, range } = options;
  // Loaded only where it is used: the SDK takes as long to load as a million records to read.
  const { awsClients } = await import('../aws/clients.ts');
  const { ec2Inventory } = await import('../aws/inventory.ts');
  const aws = awsClients(config.aws);
  const owners = seenOwners();
  const detect = detector({
    rules,
    inventory: ec2Inventory(aws),
    owners,
    ownNetworks: addressSet(config.networks),
    region: config.aws.region,
    range,
  });
  async function* ingested(): AsyncGenerator<Ingested> {
    for (const path of paths) {
      const parts = ingest(
        readLog(path, config.aws, { flowLogFormat, cloudfrontFields }),
        detect,
        config.window * MINUTE,
      );
      for await (const part of parts) {
        owners.remember(part.runs);
        yield part;
      }
    }
  }
  try {
    return await replayOf(setup, paths.length, ingested(), { range, aws });
  } finally {
    aws.close();
  }
}
