import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type AwsClients, awsClients, type SimulatedCredentials } from '../../aws/clients.ts';
import { type Config, configOf } from '../../config/config.ts';
import type { Incident } from '../../model/incident.ts';
import type { LedgerEntry } from '../../model/journal.ts';
import { listenToRecords, logFile, settleRecords } from '../../range/cloudtrail/delivery.ts';
import { createHoneypot } from '../../range/honeypot.ts';
import { type Range, startRange } from '../../range/range.ts';
import { setUpAudit } from '../auditing.ts';
import { baselineOf } from '../baseline.ts';
import { watchLocally } from '../local.ts';
import { setUp } from '../setup.ts';
import { type Actors, stageActors } from './actors.ts';
import { DRILL_CHANGES, type DrillChange } from './changes.ts';
import { type AuditScene, stageAccount } from './scene.ts';

export type AuditDrillEvent =
  | { readonly kind: 'range'; readonly at: number; readonly endpoint: string; readonly account: string }
  | { readonly kind: 'baseline'; readonly at: number; readonly resources: number; readonly failing: number }
  | { readonly kind: 'change'; readonly at: number; readonly title: string; readonly by: string }
  | { readonly kind: 'outcome'; readonly at: number; readonly outcome: ChangeOutcome }
  | { readonly kind: 'ledger'; readonly at: number; readonly entry: LedgerEntry };

export interface ChangeOutcome {
  readonly title: string;
  readonly isGood: boolean;
  readonly passed: boolean;
  /** Milliseconds from the call to when the account no longer showed the change; absent while it does. */
  readonly undoneAfter?: number;
  readonly caseId?: string;
}

export interface AuditDrillReport {
  readonly drill: 'audit';
  readonly passed: boolean;
  readonly outcomes: readonly ChangeOutcome[];
  readonly state: string;
}

/** Milliseconds. In AWS records come after minutes; the drill's come at once. */
const RECORDS_EVERY = 100;
const LOOK_EVERY = 50;
const PATIENCE = 30_000;
/** So long a good change must stay before the next one is made. */
const GOOD_STAYS = 2_500;

/** Plays bad and good changes in a simulated account that is audited, one after the other. */
export async function runAuditDrill(
  folder: string,
  tell: (event: AuditDrillEvent) => void,
): Promise<AuditDrillReport> {
  const range = await startRange({
    settings: {
      trailDelay: 0,
      eventDelay: 0,
      stateChangeDuration: 200,
      snapshotDuration: 200,
      stackStepDuration: 50,
    },
  });
  const clients: AwsClients[] = [];
  const open = (simulatedCredentials?: SimulatedCredentials): AwsClients => {
    const { endpoint, account } = range;
    const aws = awsClients({ endpoint, region: account.region, simulatedCredentials });
    clients.push(aws);
    return aws;
  };
  try {
    tell({ kind: 'range', at: Date.now(), endpoint: range.endpoint, account: range.account.id });
    const owner = open();
    const { vpcId, volumeIds } = createHoneypot(range.account);
    const account = range.account.id;
    const scene = await stageAccount(owner, { vpcId, volumeId: volumeIds[0] ?? '', account });
    const actors = await stageActors(owner, account, open);
    return await audited(range, folder, scene, actors, owner, tell);
  } finally {
    for (const aws of clients) aws.close();
    await range.close();
  }
}

async function audited(
  range: Range,
  folder: string,
  scene: AuditScene,
  actors: Actors,
  owner: AwsClients,
  tell: (event: AuditDrillEvent) => void,
): Promise<AuditDrillReport> {
  const config = drillConfig(folder, range, actors);
  const setup = setUp(config, []);
  const audit = setUpAudit(config);
  if (!setup.ok || !audit.ok) throw new Error('the policies or playbooks in the box are broken');
  const stop = new AbortController();
  const states = { resources: 0, failing: 0 };
  for await (const news of baselineOf(config, audit.value, undefined, stop.signal)) {
    if (news.kind !== 'resource') continue;
    states.resources++;
    if (news.state.failing.length > 0) states.failing++;
  }
  tell({ kind: 'baseline', at: Date.now(), ...states });
  const records = writeRecords(range, join(folder, 'logs'));
  const watch = watchLocally(setup.value, {
    signal: stop.signal,
    audit: audit.value,
    onLedger: (entry) => tell({ kind: 'ledger', at: entry.at, entry }),
  });
  try {
    const watching = watch.run();
    const outcomes: ChangeOutcome[] = [];
    for (const change of DRILL_CHANGES) {
      const played = await Promise.race([play(change, actors, owner, scene, tell), watching]);
      if (played === undefined) break;
      const incidents = await watch.store.incidents();
      const outcome = { ...played, ...caseOf(incidents, played) };
      outcomes.push(outcome);
      tell({ kind: 'outcome', at: Date.now(), outcome });
    }
    stop.abort();
    await watching;
    const passed = outcomes.length === DRILL_CHANGES.length && outcomes.every((one) => one.passed);
    return { drill: 'audit', passed, outcomes, state: folder };
  } finally {
    records.stop();
    await watch.close();
  }
}

function drillConfig(folder: string, range: Range, { pipelineArn, breakGlassArn }: Actors): Config {
  const undo = { mode: 'enforce' as const, playbook: 'roll-back' };
  return configOf(
    {
      aws: { endpoint: range.endpoint, region: range.account.region },
      state: '.',
      sources: [{ files: 'logs' }],
      bindings: [],
      approval: {
        principals: [pipelineArn],
        breakGlass: [breakGlassArn],
        unapproved: { all: undo, managedStacks: undo },
      },
      audit: {
        settle: 0.3,
        longest: 5,
        bindings: [{ policy: '*', level: 'medium', playbook: 'roll-back', mode: 'enforce' }],
      },
      guardrails: { responsesPerHour: 1_000, limits: [], noisyRule: false },
      timing: { sourcePoll: 0.1, awsPoll: 0.1, retry: 0.1, settle: 0.5 },
    },
    folder,
  );
}

/** Writes what CloudTrail records to files, as a trail would to its bucket. */
function writeRecords(range: Range, folder: string): { stop(): void } {
  mkdirSync(folder, { recursive: true });
  let files = 0;
  const silence = listenToRecords(range.account, (records) => {
    const name = join(folder, `${range.account.id}_CloudTrail_${range.account.region}_${++files}.json.gz`);
    writeFileSync(`${name}.partial`, logFile(records));
    renameSync(`${name}.partial`, name);
  });
  const timer = setInterval(() => settleRecords(range.account), RECORDS_EVERY);
  return {
    stop() {
      clearInterval(timer);
      silence();
    },
  };
}

async function play(
  change: DrillChange,
  actors: Actors,
  owner: AwsClients,
  scene: AuditScene,
  tell: (event: AuditDrillEvent) => void,
): Promise<ChangeOutcome> {
  const { title, by, isGood = false } = change;
  tell({ kind: 'change', at: Date.now(), title, by });
  const begun = Date.now();
  await change.make(actors[by], scene);
  const gone = async (): Promise<number | undefined> => {
    const until = Date.now() + (isGood ? GOOD_STAYS : PATIENCE);
    while (Date.now() < until) {
      if (!(await change.isThere(owner, scene))) return Date.now() - begun;
      await wait(LOOK_EVERY);
    }
    return undefined;
  };
  // A stack takes a moment to change what it has.
  if (isGood) await appears(change, owner, scene);
  const undoneAfter = await gone();
  const passed = isGood === (undoneAfter === undefined);
  return { title, isGood, passed, ...(undoneAfter === undefined ? {} : { undoneAfter }) };
}

async function appears(change: DrillChange, owner: AwsClients, scene: AuditScene): Promise<void> {
  for (let looks = 0; looks < 100 && !(await change.isThere(owner, scene)); looks++) await wait(LOOK_EVERY);
}

/** The case that was opened last, for a change that was taken back. */
function caseOf(incidents: readonly Incident[], { undoneAfter }: ChangeOutcome): { caseId?: string } {
  const [latest] = incidents;
  return undoneAfter === undefined || latest === undefined ? {} : { caseId: latest.id };
}
