import { correlating } from '../detect/clue.ts';
import { detector } from '../detect/detector.ts';
import { tally } from '../detect/tally.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { addressSet } from '../intel/address-set.ts';
import type { BadRecord } from '../model/event.ts';
import { type Finding, LEVELS, type Level, type Sample } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { INSTANCE, type Subject } from '../model/subject.ts';
import { takeIn } from '../respond/intake.ts';
import { inputsOf, readInput } from '../sources/inputs.ts';
import { openTemporaryStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { type Ingested, ingest } from './ingest.ts';
import { storedOwners } from './owners.ts';
import { portable, type ScanSettings } from './scan.ts';
import { scanPool } from './scan-pool.ts';
import type { Setup } from './setup.ts';
import { keepHeapSmall } from './small-heap.ts';

/** What would have happened, had a watch read these files. Nothing is asked and nothing is done. */
export interface Replay {
  readonly files: number;
  readonly events: number;
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly badRecords: number;
  /** The first bad records, with place and reason. */
  readonly badExamples: readonly BadRecord[];
  readonly cases: readonly ReplayedCase[];
  readonly highest: Level | undefined;
}

export interface ReplayedCase {
  readonly incident: Incident;
  readonly findings: readonly Finding[];
  readonly samples: readonly Sample[];
  /** What the playbook of the case would do, step by step; empty when the case is only recorded. */
  readonly would: readonly string[];
}

const BAD_EXAMPLES = 20;
/** Findings and raw records of several files that are stored together. */
const HELD = 5_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export interface ReplayOptions extends DecodeOptions {
  /** Ask EC2 whose the network interfaces are; otherwise no AWS is needed. */
  readonly askAws: boolean;
  /** How many threads read; by default as many as help. */
  readonly threads?: number | undefined;
}

/** A replay whose threads begin to load before the rules have been read. */
export interface OpenReplay {
  replay(setup: Setup): Promise<Replay>;
  close(): Promise<void>;
}

/** `-` is standard input. Throws {@link InputError} for a name that means no file. */
export function openReplay(patterns: readonly string[], options: ReplayOptions): OpenReplay {
  keepHeapSmall();
  const paths = inputsOf(patterns);
  if (options.askAws) {
    return {
      replay: (setup) => replay(setup, paths, (store) => ingestWithAccount(setup, store, paths, options)),
      close: async () => {},
    };
  }
  const pool = scanPool(paths, options.threads);
  return {
    replay: (setup) => replay(setup, paths, () => pool.scan(paths, scanSettings(setup, options))),
    close: pool.close,
  };
}

async function replay(
  { config, rules, playbooks, bindingOf }: Setup,
  paths: readonly string[],
  ingested: (store: Store) => AsyncGenerator<Ingested>,
): Promise<Replay> {
  const store = openTemporaryStore();
  try {
    const intake = { window: config.window * MINUTE, bindingOf };
    const counts = { events: 0, skipped: 0 };
    const together = tally(intake.window);
    // Correlations are put behind all else: what is found does not depend on how the files were cut.
    const correlated = tally(intake.window);
    const correlate = correlating(rules, { lateness: config.correlation.lateness * SECOND });
    for await (const { events, skipped, runs, badRecords, clues } of ingested(store)) {
      counts.events += events;
      counts.skipped += skipped;
      together.join(runs);
      for (const clue of clues) correlate.add(clue).forEach(correlated.add);
      if (together.size >= HELD || badRecords.length > 0)
        await takeIn(store, { runs: together.take(), badRecords }, intake, Date.now);
    }
    correlate.settle().forEach(correlated.add);
    await takeIn(store, { runs: together.take(), badRecords: [] }, intake, Date.now);
    await takeIn(store, { runs: correlated.take(), badRecords: [] }, intake, Date.now);
    const cases: ReplayedCase[] = [];
    for (const incident of (await store.incidents()).reverse()) {
      const playbook = playbooks.get(incident.playbook ?? '');
      cases.push({
        incident,
        findings: await store.findings(incident.id),
        samples: await store.samples(incident.id),
        would: (playbook?.steps ?? []).map(({ action }) => action.plan(planned(incident.subject))),
      });
    }
    const bad = await store.badRecords(BAD_EXAMPLES);
    const levels = cases.flatMap(({ findings }) => findings.map(({ rule }) => LEVELS.indexOf(rule.level)));
    return {
      files: paths.length,
      ...counts,
      badRecords: bad.total,
      badExamples: bad.records,
      cases,
      highest: LEVELS[levels.reduce((highest, level) => Math.max(highest, level), -1)],
    };
  } finally {
    await store.close();
  }
}

/** Without an account nobody knows the instance's name: a plan speaks of the interface's instance. */
function planned(subject: Subject): Subject {
  return subject.type === INSTANCE ? subject : { ...subject, id: `the instance of ${subject.id}` };
}

function scanSettings(
  { config, rules, shared }: Setup,
  { flowLogFormat, cloudfrontFields }: DecodeOptions,
): ScanSettings {
  return {
    rules: portable(rules),
    placeholders: shared(),
    networks: config.networks,
    region: config.aws.region,
    window: config.window * MINUTE,
    decode: { flowLogFormat, cloudfrontFields },
  };
}

async function* ingestWithAccount(
  { config, rules }: Setup,
  store: Store,
  paths: readonly string[],
  { flowLogFormat, cloudfrontFields }: DecodeOptions,
): AsyncGenerator<Ingested> {
  // Loaded only where it is used: the SDK takes as long to load as a million records to read.
  const { awsClients } = await import('../aws/clients.ts');
  const { ec2Inventory } = await import('../aws/inventory.ts');
  const aws = awsClients(config.aws);
  try {
    const detect = detector({
      rules,
      inventory: ec2Inventory(aws),
      owners: storedOwners(store),
      ownNetworks: addressSet(config.networks),
      region: config.aws.region,
    });
    for (const path of paths) {
      yield* ingest(readInput(path, { flowLogFormat, cloudfrontFields }), detect, config.window * MINUTE);
    }
  } finally {
    aws.close();
  }
}
