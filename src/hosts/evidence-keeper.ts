import type { VaultSettings } from '../actions/action.ts';
import { copyToVault } from '../actions/evidence/vault.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import type { Config } from '../config/config.ts';
import { caseFile } from '../evidence/case-file.ts';
import {
  LedgerBroken,
  newestCheckpoint,
  readCheckpoints,
  readTimestamp,
  type SignedCheckpoint,
  signLedger,
  writeTimestamp,
} from '../evidence/checkpoint.ts';
import type { Signer } from '../evidence/signing.ts';
import { requestTimestamp } from '../evidence/timestamp-request.ts';
import { isEnded } from '../model/incident.ts';
import { toJson } from '../model/json.ts';
import type { Store } from '../store/store.ts';
import { addTimestamp, closeCase } from './close-case.ts';
import { casesFolder, checkpointsFolder } from './state.ts';

const MINUTE = 60_000;
const MEMORY = 'evidence';
/** Milliseconds before a key, an authority or a bucket that failed is asked again. */
const AGAIN_AFTER = 2 * MINUTE;

/** What must be known again after a restart. */
interface Memory {
  /** Of every case that ended up to this ledger entry the closing part is sealed. */
  readonly through: number;
  /** Cases whose closing checkpoint has no time stamp yet. */
  readonly unstamped: readonly { readonly caseId: string; readonly seq: number }[];
  /** Cases whose closing part is not in the bucket yet. */
  readonly uncopied: readonly string[];
}

export interface KeeperWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly signer: Signer;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Hears of what could not be done now and is tried again, or what must not go on. */
  readonly onTrouble: (reason: string) => void;
}

/** Signs the ledger as it grows, and closes the folders of cases that have ended. */
export interface EvidenceKeeper {
  /** Closes what has ended since the last look; signs the ledger when it is time. */
  look(): Promise<void>;
  /** The same, and signs the ledger up to its end. */
  finish(): Promise<void>;
}

export function evidenceKeeper(config: Config, world: KeeperWorld): EvidenceKeeper {
  const { store, aws, signer, now, signal } = world;
  const { tsa, checkpoint: minutes } = config.evidence;
  const folder = checkpointsFolder(config);
  const vault = vaultOf(config);
  const backOff = new Map<string, number>();
  const said = new Map<string, string>();
  let memory: Memory | undefined;

  /** Does what may fail for a while; answers nothing when it failed, or failed a short time ago. */
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (now() < (backOff.get(what) ?? 0)) return undefined;
    try {
      const result = await work();
      said.delete(what);
      return result;
    } catch (error) {
      backOff.set(what, now() + AGAIN_AFTER);
      const reason = `${what}: ${describeAwsError(error)}`;
      if (!signal.aborted && said.get(what) !== reason) world.onTrouble(reason);
      said.set(what, reason);
      return undefined;
    }
  };
  const sign = (): Promise<SignedCheckpoint | undefined> =>
    attempt('the ledger is not signed', async () => {
      try {
        return await signLedger(folder, (seq) => store.ledger(undefined, seq), signer, now);
      } catch (error) {
        if (!(error instanceof LedgerBroken)) throw error;
        throw new Error(`${error.message}: see cordon ledger verify`);
      }
    });
  /** Nothing waits for the authority: a stamp that comes later is added to the cases then. */
  const stampOf = async (checkpoint: SignedCheckpoint): Promise<Buffer | undefined> => {
    const known = readTimestamp(folder, checkpoint);
    if (known !== undefined || tsa === undefined) return known;
    return attempt(`no time stamp from ${tsa}, it is asked again`, async () => {
      const response = await requestTimestamp(tsa, checkpoint.text, signal);
      writeTimestamp(folder, checkpoint, response);
      return response;
    });
  };
  const copied = async (caseId: string): Promise<boolean> => {
    if (vault === undefined) return true;
    const file = caseFile(casesFolder(config), caseId);
    const what = `no copy in s3://${vault.bucket}, it is tried again`;
    return (await attempt(what, () => copyToVault(aws, file, vault, now()))) !== undefined;
  };
  const remember = async (next: Memory): Promise<Memory> => {
    await store.commit([{ kind: 'memory', name: MEMORY, value: toJson(next) }]);
    return next;
  };

  const closeEnded = async (before: Memory): Promise<Memory> => {
    const touched = new Set<string>();
    let through = before.through;
    for await (const { seq, caseId } of store.ledger(undefined, before.through)) {
      through = Math.max(through, seq);
      if (caseId !== undefined) touched.add(caseId);
    }
    const ended: string[] = [];
    for (const caseId of touched) {
      const incident = await store.incident(caseId);
      if (incident !== undefined && isEnded(incident.state)) ended.push(caseId);
    }
    // A case that ends later has a ledger entry of that: nothing before this one is looked at again.
    if (ended.length === 0) return { ...before, through };
    const checkpoint = await sign();
    if (checkpoint === undefined) return before;
    const timestamp = await stampOf(checkpoint);
    const unstamped = [...before.unstamped];
    const uncopied = new Set(before.uncopied);
    for (const caseId of ended) {
      const done = await attempt(`${caseId} is not closed`, async () => {
        await closeCase(config, caseId, { store, signer, now, checkpoint, timestamp });
        return true;
      });
      if (done === undefined) return before;
      if (timestamp === undefined && tsa !== undefined) unstamped.push({ caseId, seq: checkpoint.seq });
      uncopied.add(caseId);
      if (await copied(caseId)) uncopied.delete(caseId);
    }
    return remember({ through: Math.min(through, checkpoint.seq), unstamped, uncopied: [...uncopied] });
  };

  const tryAgain = async (before: Memory): Promise<Memory> => {
    const unstamped: Memory['unstamped'][number][] = [];
    const uncopied = new Set(before.uncopied);
    for (const waiting of before.unstamped) {
      const checkpoint = readCheckpoints(folder, waiting.seq)[0];
      const timestamp = checkpoint?.seq === waiting.seq ? await stampOf(checkpoint) : undefined;
      if (timestamp === undefined) unstamped.push(waiting);
      else {
        await addTimestamp(config, waiting.caseId, timestamp, { signer, now });
        uncopied.add(waiting.caseId);
      }
    }
    for (const caseId of uncopied) if (await copied(caseId)) uncopied.delete(caseId);
    const after = { ...before, unstamped, uncopied: [...uncopied] };
    const better = unstamped.length < before.unstamped.length || uncopied.size < before.uncopied.length;
    return better ? remember(after) : after;
  };

  const look = async (): Promise<void> => {
    memory ??= ((await store.memory(MEMORY)) as Memory | undefined) ?? {
      through: 0,
      unstamped: [],
      uncopied: [],
    };
    memory = await closeEnded(memory);
    if (memory.unstamped.length + memory.uncopied.length > 0) memory = await tryAgain(memory);
    const last = newestCheckpoint(folder);
    if (now() - (last?.at ?? 0) < minutes * MINUTE || !(await hasMore(store, last?.seq ?? 0))) return;
    const checkpoint = await sign();
    if (checkpoint === undefined) return;
    memory = await remember(memory);
    await stampOf(checkpoint);
  };
  return {
    look,
    async finish() {
      await look();
      await sign();
    },
  };
}

export function vaultOf({ evidence }: Config): VaultSettings | undefined {
  const { bucket, prefix, retention } = evidence;
  return bucket === undefined ? undefined : { bucket, prefix, ...retention };
}

async function hasMore(store: Store, after: number): Promise<boolean> {
  for await (const _ of store.ledger(undefined, after)) return true;
  return false;
}
