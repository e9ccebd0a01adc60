import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Config, configOf } from '../config/config.ts';
import { publicKeysIn } from '../evidence/keys.ts';
import { verifyLedger } from '../evidence/ledger.ts';
import { verifyEvidence } from '../evidence/verify-evidence.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerEntry } from '../model/journal.ts';
import { INSTANCE } from '../model/subject.ts';
import type { Account } from '../range/account.ts';
import type { Drill, Scene } from '../range/drills/drill.ts';
import { FLOW_LOG_HEADER } from '../range/flow-log.ts';
import { type Range, startRange } from '../range/range.ts';
import type { Store } from '../store/store.ts';
import { watchLocally } from './local.ts';
import { setUp } from './setup.ts';
import { casesFolder, keysFolder } from './state.ts';

/** What happens while a drill runs. `at` is milliseconds since the epoch. */
export type DrillEvent =
  | { readonly kind: 'range'; readonly at: number; readonly endpoint: string; readonly account: string }
  | { readonly kind: 'act'; readonly at: number; readonly note: string; readonly file: string }
  | { readonly kind: 'first-bad-record'; readonly at: number; readonly line: string }
  | { readonly kind: 'ledger'; readonly at: number; readonly entry: LedgerEntry };

/** Something that must hold after the drill, and whether it does. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface DrillReport {
  readonly drill: string;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  readonly records: number;
  readonly files: number;
  /** Milliseconds from the first bad record in a log file; absent when it was not reached. */
  readonly timeToDetect?: number;
  readonly timeToContain?: number;
  readonly timeToTerminate?: number;
  readonly caseId?: string;
  readonly caseFolder?: string;
  /** The state folder of the drill, for `cordon explain --state`. */
  readonly state: string;
}

const TIME_LIMIT = 120_000;

/** Plays a drill against a range of its own, with a watch that may act. Everything it writes is in `folder`. */
export async function runDrill(
  drill: Drill,
  folder: string,
  tell: (event: DrillEvent) => void,
): Promise<DrillReport> {
  const range = await startRange({ settings: drill.settings });
  const stop = new AbortController();
  try {
    tell({ kind: 'range', at: Date.now(), endpoint: range.endpoint, account: range.account.id });
    const scene = drill.stage(range.account);
    const config = drillConfig(folder, range);
    const ready = setUp(config);
    if (!ready.ok) throw new Error(`the rules in the box are broken: ${ready.problems[0]?.message}`);
    const entries: LedgerEntry[] = [];
    const watch = watchLocally(ready.value, {
      signal: stop.signal,
      onLedger: (entry) => {
        entries.push(entry);
        tell({ kind: 'ledger', at: entry.at, entry });
      },
    });
    try {
      const watching = watch.run();
      const logs = join(folder, 'logs');
      const played = await Promise.race([
        play(drill, scene, range.account, logs, tell),
        watching.then(() => undefined),
      ]);
      const incident = await ended(watch.store, scene.instanceId);
      stop.abort();
      await watching;
      const checks = await checksOf(range, scene, config, watch.store, incident);
      return report(drill, { folder, config, incident, entries, checks, played });
    } finally {
      await watch.close();
    }
  } finally {
    await range.close();
  }
}

function drillConfig(folder: string, range: Range): Config {
  const bind = (rule: string) => ({
    rule,
    playbook: 'contain-and-terminate',
    mode: 'enforce' as const,
  });
  return configOf(
    {
      aws: { endpoint: range.endpoint, region: range.account.region },
      state: '.',
      sources: [{ files: 'logs' }],
      bindings: [bind('rejected-outbound-traffic'), bind('known-bad-address')],
      timing: { sourcePoll: 0.1, awsPoll: 1, retry: 0.2, settle: 1 },
    },
    folder,
  );
}

interface Played {
  readonly firstBadAt: number | undefined;
  readonly records: number;
  readonly files: number;
}

/** Writes what the attack leaves behind, one flow log file an interval, as S3 gets them. */
async function play(
  drill: Drill,
  scene: Scene,
  account: Account,
  logs: string,
  tell: (event: DrillEvent) => void,
): Promise<Played> {
  mkdirSync(logs, { recursive: true });
  const begun = Date.now();
  let firstBadAt: number | undefined;
  let records = 0;
  let files = 0;
  for (let number = 0; Date.now() - begun < TIME_LIMIT; number++) {
    const act = scene.act(number);
    if (act === undefined) break;
    const minute = new Date(account.clock.now()).toISOString().slice(0, 16).replace(/[-:]/g, '');
    const sequence = String(number).padStart(8, '0');
    const file = `${account.id}_vpcflowlogs_${account.region}_fl-0c0ffee0_${minute}Z_${sequence}.log.gz`;
    const content = gzipSync(`${[FLOW_LOG_HEADER, ...act.lines].join('\n')}\n`);
    writeFileSync(join(logs, `${file}.partial`), content);
    renameSync(join(logs, `${file}.partial`), join(logs, file));
    files++;
    records += act.lines.length;
    if (act.note !== undefined) tell({ kind: 'act', at: Date.now(), note: act.note, file });
    if (act.firstBad) {
      firstBadAt = Date.now();
      tell({ kind: 'first-bad-record', at: firstBadAt, line: act.lines.at(-1) ?? '' });
    }
    await wait(drill.interval);
  }
  return { firstBadAt, records, files };
}

/** The incident of an instance, as soon as nothing more happens to it. */
async function ended(store: Store, instanceId: string): Promise<Incident | undefined> {
  const until = Date.now() + TIME_LIMIT;
  for (;;) {
    const incident = (await store.incidents()).find(({ subject }) => subject.id === instanceId);
    const working = incident === undefined || incident.state === 'new' || incident.state === 'responding';
    if (!working || Date.now() > until) return incident;
    await wait(100);
  }
}

async function checksOf(
  range: Range,
  { instanceId, volumeIds }: Scene,
  config: Config,
  store: Store,
  incident: Incident | undefined,
): Promise<Check[]> {
  const { account, calls } = range;
  const made = (operation: string): number =>
    calls.filter((call) => call.operation === operation && call.status === 200).length;
  const times = (operation: string): string =>
    `${operation} was called ${made(operation) === 1 ? 'once' : `${made(operation)} times`}`;
  const saved = volumeIds.filter((id) =>
    [...account.snapshots.values()].some(({ snapshot, fails }) => snapshot.VolumeId === id && !fails),
  );
  const ending = account.instances.get(instanceId)?.ending;
  const evidence =
    incident === undefined
      ? undefined
      : verifyEvidence(join(casesFolder(config), incident.id), publicKeysIn(keysFolder(config)));
  const ledger = await verifyLedger(store.ledger(), await store.checkpoint());
  const incidents = await store.incidents();
  const onInstance = incidents.filter(({ subject }) => subject.type === INSTANCE).length;
  return [
    {
      what: 'one case',
      ok: onInstance === 1,
      detail: onInstance === 1 ? 'one incident, however many records' : `${onInstance} incidents`,
    },
    {
      what: 'every disk is kept',
      ok: saved.length === volumeIds.length && made('CreateSnapshots') === 1,
      detail: `${saved.length} of ${volumeIds.length} volumes in snapshots; ${times('CreateSnapshots')}`,
    },
    {
      what: 'the instance is terminated, once',
      ok: ending?.to === 'terminated' && made('TerminateInstances') === 1,
      detail: `${instanceId}: ${ending?.to ?? 'running'}; ${times('TerminateInstances')}`,
    },
    {
      what: 'the evidence is sealed and signed',
      ok: incident?.state === 'closed' && evidence?.whole === true,
      detail:
        evidence?.whole === true
          ? `${evidence.files.length} files, each as its manifest says; the ledger is in it, with proofs`
          : (evidence?.faults.map(({ file, fault }) => `${file} ${fault}`).join(', ') ?? 'no case'),
    },
    {
      what: 'the ledger is whole',
      ok: ledger.faults.length === 0 && ledger.entries > 0,
      detail: `${ledger.entries} entries, ${ledger.faults.length} faults`,
    },
  ];
}

interface Outcome {
  readonly folder: string;
  readonly config: Config;
  readonly incident: Incident | undefined;
  readonly entries: readonly LedgerEntry[];
  readonly checks: readonly Check[];
  readonly played: Played | undefined;
}

function report(
  { name }: Drill,
  { folder, config, incident, entries, checks, played }: Outcome,
): DrillReport {
  const since = (found: LedgerEntry | undefined): number | undefined =>
    found === undefined || played?.firstBadAt === undefined ? undefined : found.at - played.firstBadAt;
  const stepDone = (step: string): LedgerEntry | undefined =>
    entries.find(({ kind, body }) => kind === 'step.done' && (body as { step?: string }).step === step);
  const timeToDetect = since(entries.find(({ kind }) => kind === 'response.started'));
  const timeToContain = since(stepDone('isolate-instance'));
  const timeToTerminate = since(stepDone('verify-terminated'));
  return {
    drill: name,
    passed: checks.every(({ ok }) => ok),
    checks,
    records: played?.records ?? 0,
    files: played?.files ?? 0,
    ...(timeToDetect === undefined ? {} : { timeToDetect }),
    ...(timeToContain === undefined ? {} : { timeToContain }),
    ...(timeToTerminate === undefined ? {} : { timeToTerminate }),
    ...(incident === undefined
      ? {}
      : { caseId: incident.id, caseFolder: join(casesFolder(config), incident.id) }),
    state: folder,
  };
}
