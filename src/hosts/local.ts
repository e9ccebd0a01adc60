import { setTimeout as wait } from 'node:timers/promises';
import type { Auditor } from '../audit/auditor.ts';
import { awsClients } from '../aws/clients.ts';
import { ec2Inventory } from '../aws/inventory.ts';
import { sourceClients } from '../aws/source-clients.ts';
import { type Detector, detector } from '../detect/detector.ts';
import { addressSet } from '../intel/address-set.ts';
import type { ListNews } from '../intel/list-slot.ts';
import type { BadRecord } from '../model/event.ts';
import type { LedgerEntry } from '../model/journal.ts';
import { responder } from '../respond/responder.ts';
import { currentStop, type Stop, stopReason } from '../respond/stop.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { ALL_ACTIONS } from './actions.ts';
import { type AuditSetup, auditBinding, auditorOf, isAudited, selfOf } from './auditing.ts';
import { type EvidenceNotice, watchedEvidence } from './evidence.ts';
import { follower } from './follower.ts';
import { keepListsFresh } from './lists.ts';
import { lockFolder, WATCH_LOCK } from './lock.ts';
import { storedOwners } from './owners.ts';
import { gate, type SourceNotice } from './remote.ts';
import { remoteSources } from './remote-sources.ts';
import type { Setup } from './setup.ts';
import { keepHeapSmall } from './small-heap.ts';
import { casesFolder, stateFolder } from './state.ts';
import { taker } from './taker.ts';

const SECOND = 1_000;
const STEP_TRIES = 5;

export interface Watch {
  /** Runs until the signal, or until every source is read and every response is done when `once` is set. */
  run(once?: boolean): Promise<void>;
  readonly store: Store;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** Stops the watch; a playbook that runs goes on where it was at the next start. */
  readonly signal: AbortSignal;
  /** Hears of every ledger entry once it is durable. */
  readonly onLedger?: (entry: LedgerEntry) => void;
  /** Hears of every record that could not be read. */
  readonly onBadRecord?: (record: BadRecord) => void;
  /** Hears of messages that are set aside and of sources that give trouble. */
  readonly onSourceNotice?: (notice: SourceNotice) => void;
  /** Judges what API calls leave behind, too. */
  readonly audit?: AuditSetup | undefined;
  /** Hears of what could not be signed, stamped or copied yet, and of a key that was made. */
  readonly onEvidence?: (notice: EvidenceNotice) => void;
  /** Hears of every threat list that changed, or that could not be refreshed. */
  readonly onList?: (news: ListNews) => void;
  /** Hears that a person has stopped everything, also before the watch began, and that it is over. */
  readonly onStop?: (stop: Stop | undefined) => void;
}

/** Detects and responds in one process. */
export function watchLocally(setup: Setup, options: WatchOptions): Watch {
  const {
    signal,
    onLedger = () => {},
    onBadRecord = () => {},
    onSourceNotice = () => {},
    onEvidence = () => {},
    onList = () => {},
    audit,
    onStop = () => {},
  } = options;
  keepHeapSmall();
  const { config } = setup;
  const folder = stateFolder(config);
  const inner = openSqliteStore(folder);
  const release = lockFolder(folder, WATCH_LOCK);
  const store: Store = {
    ...inner,
    async commit(changes) {
      const appended = await inner.commit(changes);
      for (const entry of appended) onLedger(entry);
      return appended;
    },
  };
  const aws = awsClients(config.aws, async () => {
    const stop = await currentStop(inner);
    return stop && stopReason(stop);
  });
  const look = detector({
    rules: setup.rules,
    inventory: ec2Inventory(aws),
    owners: storedOwners(store),
    ownNetworks: addressSet(config.networks),
    region: config.aws.region,
    keep: audit === undefined ? undefined : isAudited,
  });
  // A detector has one stretch in hand at a time: files, queues and streams take turns.
  const takingTurns = gate(1);
  const detect: Detector = (...given) => takingTurns(() => look(...given));
  const sleep = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { signal });
  const judge = audit?.judge;
  const boundByAudit = audit === undefined ? () => undefined : auditBinding(config, audit);
  const world = { store, aws, now: Date.now, sleep, ...(judge === undefined ? {} : { judge }) };
  const evidence = watchedEvidence(config, { store, aws, now: Date.now, signal, onNotice: onEvidence });
  const responses = responder(
    {
      playbooks: setup.playbooks,
      actions: ALL_ACTIONS,
      guardrails: config.guardrails,
      bindingOf: (ruleId) => boundByAudit(ruleId) ?? setup.bindingOf(ruleId),
      runner: {
        pollEvery: config.timing.awsPoll * SECOND,
        retryAfter: config.timing.retry * SECOND,
        tries: STEP_TRIES,
      },
      settleTime: config.timing.settle * SECOND,
      cases: casesFolder(config),
      evidence: evidence.services,
    },
    world,
  );
  let auditing: Auditor | undefined;
  const taking = taker(setup, store, onBadRecord, (events) => auditing?.note(events) ?? []);
  const follow = follower(setup, store, detect, taking);
  const clients = sourceClients(config.aws);
  const remote = remoteSources(setup, {
    store,
    detect,
    taker: taking,
    clients,
    signal,
    onNotice: onSourceNotice,
  });
  let stopped: Stop | undefined;
  const lookForStop = async (): Promise<void> => {
    const stop = await currentStop(inner);
    if (stop?.at !== stopped?.at) onStop(stop);
    stopped = stop;
  };
  return {
    store,
    async run(once = false) {
      const ended = new AbortController();
      if (audit !== undefined)
        auditing = auditorOf(config, audit, await selfOf(config, aws), {
          store,
          aws,
          now: Date.now,
          onTrouble: (reason) => onSourceNotice({ source: 'audit', kind: 'trouble', reason }),
        });
      await evidence.open();
      // One look at what is there is worth waiting for its lists; a watch goes on with those it has.
      if (once) for (const news of await setup.lists.refresh(signal)) onList(news);
      const lists = keepListsFresh(setup.lists, AbortSignal.any([signal, ended.signal]), onList);
      const sources = remote.start(once);
      let isQuiet = false;
      try {
        while (!signal.aborted) {
          await lookForStop();
          const wasRunning = sources.running();
          const busy = await follow(once);
          if (!busy) await taking.settle(once && !wasRunning);
          const isLast = once && !busy && !wasRunning;
          const judged = (await auditing?.look(isLast)) ?? 0;
          await responses.look();
          evidence.look();
          if (isLast) {
            // A change may wait until the response to an earlier one is over.
            if (auditing === undefined || (isQuiet && judged === 0)) break;
            await responses.settled();
          }
          isQuiet = isLast && judged === 0;
          if (!busy) await sources.somethingStored(config.timing.sourcePoll * SECOND);
        }
        await sources.stop();
        await responses.settled();
        await evidence.finish();
      } finally {
        ended.abort();
        await sources.stop();
        await taking.remember();
        await lists;
      }
    },
    async close() {
      aws.close();
      clients.close();
      await inner.close();
      release();
    },
  };
}
