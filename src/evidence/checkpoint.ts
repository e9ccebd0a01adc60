import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from '../model/journal.ts';
import { sha256 } from './digest.ts';
import { writeDurably } from './durable.ts';
import { GENESIS, type LedgerFault, type LedgerHead, verifyLedger } from './ledger.ts';
import { merkleTree } from './merkle.ts';
import { type PublicKey, parseStatement, type Signer, signStatement, verifyStatement } from './signing.ts';

const TYPE = 'cordon/ledger-checkpoint';

/** Entries that one checkpoint covers at most, so that a proof is made in bounded memory. */
const ENTRIES = 10_000;

/** What is signed about the ledger: everything up to `seq` is as the hashes say. */
export interface Checkpoint {
  /** The newest entry that it covers, and its hash. */
  readonly seq: number;
  readonly hash: string;
  /** The first entry that the checkpoint before it does not cover. */
  readonly first: number;
  /** Root of the Merkle tree over the hashes of the entries from `first` to `seq`. */
  readonly root: string;
  /** When it was signed, milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256 of the checkpoint before it. */
  readonly previous: string;
}

/** A checkpoint with its text, which is what is hashed, signed and time-stamped. */
export interface SignedCheckpoint extends Checkpoint {
  readonly text: string;
}

const fileOf = (folder: string, seq: number, suffix: string): string =>
  join(folder, `${String(seq).padStart(12, '0')}.${suffix}`);

/**
 * The checkpoints of a folder that cover an entry and what comes behind it, oldest first; one whose text is
 * broken is left to {@link verifyCheckpoints}.
 */
export function readCheckpoints(folder: string, from = 0): SignedCheckpoint[] {
  return checkpointFiles(folder)
    .filter((name) => Number.parseInt(name, 10) >= from)
    .flatMap((name) => parseCheckpoint(readFileSync(join(folder, name), 'utf8')) ?? []);
}

export function newestCheckpoint(folder: string): SignedCheckpoint | undefined {
  const name = checkpointFiles(folder).at(-1);
  return name === undefined ? undefined : parseCheckpoint(readFileSync(join(folder, name), 'utf8'));
}

function checkpointFiles(folder: string): string[] {
  return globSync('*.json', { cwd: folder }).sort();
}

export function parseCheckpoint(text: string): SignedCheckpoint | undefined {
  const statement = parseStatement(text);
  if (statement?.type !== TYPE) return undefined;
  const { seq, first, at } = statement;
  if (![seq, first, at].every((value) => Number.isSafeInteger(value))) return undefined;
  return { ...(statement as unknown as Checkpoint), text };
}

/** The time stamp of a checkpoint, where there is one. */
export function readTimestamp(folder: string, { seq }: Checkpoint): Buffer | undefined {
  const path = fileOf(folder, seq, 'tsr');
  return existsSync(path) ? readFileSync(path) : undefined;
}

export function writeTimestamp(folder: string, { seq }: Checkpoint, response: Uint8Array): void {
  writeDurably(fileOf(folder, seq, 'tsr'), response);
}

/** Why a ledger is not signed. */
export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken';
}

/**
 * Signs the ledger up to its newest entry and answers the newest checkpoint; nothing is signed when the
 * newest one covers it all. `entriesAfter` gives the entries behind a sequence number. Throws
 * {@link LedgerBroken} rather than sign a chain that is broken behind the last checkpoint.
 */
export async function signLedger(
  folder: string,
  entriesAfter: (seq: number) => AsyncIterable<LedgerEntry>,
  signer: Signer,
  now: () => number,
): Promise<SignedCheckpoint | undefined> {
  let last = newestCheckpoint(folder);
  for (;;) {
    const start: LedgerHead = { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
    const hashes: string[] = [];
    const some = (async function* () {
      for await (const entry of entriesAfter(start.seq)) {
        hashes.push(entry.hash);
        yield entry;
        if (hashes.length === ENTRIES) return;
      }
    })();
    const { faults, head } = await verifyLedger(some, undefined, start);
    const [fault] = faults;
    if (fault !== undefined) throw new LedgerBroken(`entry ${fault.seq} of the ledger ${fault.fault}`);
    if (hashes.length === 0) return last;
    const statement = {
      type: TYPE,
      seq: head.seq,
      hash: head.hash,
      first: start.seq + 1,
      root: merkleTree(hashes).root,
      at: now(),
      previous: last === undefined ? GENESIS : sha256(last.text),
    };
    const text = await signStatement(statement, signer);
    writeDurably(fileOf(folder, head.seq, 'json'), text);
    last = { ...statement, text };
    if (hashes.length < ENTRIES) return last;
  }
}

/** What is wrong with one text that should be a signed checkpoint. */
export function checkpointFault(text: string, keys: readonly PublicKey[]): string | undefined {
  const verdict = verifyStatement(text, TYPE, keys);
  return verdict.ok ? undefined : verdict.fault;
}

export interface CheckpointFault {
  readonly file: string;
  readonly fault: string;
}

/** Verifies signatures and order of the checkpoints of a folder; which of them the ledger must fit. */
export function verifyCheckpoints(
  folder: string,
  keys: readonly PublicKey[],
): { readonly checkpoints: SignedCheckpoint[]; readonly faults: CheckpointFault[] } {
  const faults: CheckpointFault[] = [];
  const checkpoints: SignedCheckpoint[] = [];
  let before: SignedCheckpoint | undefined;
  for (const file of checkpointFiles(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const fault = checkpointFault(text, keys);
    const checkpoint = parseCheckpoint(text);
    if (fault !== undefined || checkpoint === undefined) {
      faults.push({ file, fault: fault ?? 'is not a checkpoint' });
      before = undefined;
      continue;
    }
    const previous = before === undefined ? GENESIS : sha256(before.text);
    const isFirst = checkpoints.length === 0 && faults.length === 0;
    if ((before !== undefined || isFirst) && checkpoint.previous !== previous)
      faults.push({ file, fault: 'does not follow the checkpoint before it: one was removed or replaced' });
    checkpoints.push(checkpoint);
    before = checkpoint;
  }
  return { checkpoints, faults };
}

/** Passes entries on and names the checkpoints that they do not fit, once all have gone by. */
export function checkpointWatch(checkpoints: readonly SignedCheckpoint[]): {
  readonly pass: (entry: LedgerEntry) => void;
  readonly faults: () => LedgerFault[];
} {
  const open = [...checkpoints];
  const faults: LedgerFault[] = [];
  let hashes: string[] = [];
  return {
    pass(entry) {
      const [next] = open;
      if (next === undefined) return;
      if (entry.seq >= next.first) hashes.push(entry.hash);
      if (entry.seq < next.seq) return;
      open.shift();
      if (entry.seq > next.seq || entry.hash !== next.hash)
        faults.push({ seq: next.seq, fault: 'is not the entry that was signed' });
      else if (merkleTree(hashes).root !== next.root)
        faults.push({
          seq: next.seq,
          fault: `one of the entries ${next.first} to ${next.seq} is not as it was signed`,
        });
      hashes = [];
    },
    faults: () => [
      ...faults,
      ...open.map(({ seq }) => ({ seq, fault: 'removed: it was signed, and the ledger ends before it' })),
    ],
  };
}
