import type { Config } from '../config/config.ts';
import { caseFile } from '../evidence/case-file.ts';
import { exportCaseLedger } from '../evidence/case-ledger.ts';
import { readCheckpoints, type SignedCheckpoint } from '../evidence/checkpoint.ts';
import { signCase } from '../evidence/sign-case.ts';
import type { Signer } from '../evidence/signing.ts';
import type { LedgerEntry } from '../model/journal.ts';
import type { Store } from '../store/store.ts';
import { casesFolder, checkpointsFolder } from './state.ts';

/** What a case is closed with. */
export interface Closing {
  readonly store: Store;
  readonly signer: Signer;
  readonly now: () => number;
  /** The signed state of the ledger that covers the end of the case. */
  readonly checkpoint: SignedCheckpoint;
  readonly timestamp: Buffer | undefined;
}

/**
 * Seals the closing part of a case: its entries of the ledger, each with the proof that it is in the ledger
 * that was signed, and the signed checkpoints. Once more for a case that went on after it was closed.
 */
export async function closeCase(config: Config, caseId: string, closing: Closing): Promise<void> {
  const { store, signer, now, checkpoint, timestamp } = closing;
  const entries = (await Array.fromAsync(store.ledger(caseId))).filter(({ seq }) => seq <= checkpoint.seq);
  const checkpoints = readCheckpoints(checkpointsFolder(config), entries[0]?.seq).filter(
    ({ seq }) => seq <= checkpoint.seq,
  );
  const ledger = await exportCaseLedger(entries, checkpoints, (first, last) => between(store, first, last));
  const pieces = new Map<string, string | Uint8Array>([
    ['ledger.jsonl', ledger.entries],
    ['checkpoints.jsonl', ledger.checkpoints],
  ]);
  if (timestamp !== undefined) pieces.set('timestamp.tsr', timestamp);
  const file = caseFile(casesFolder(config), caseId);
  file.addPart(pieces, ledger.seqs);
  await signCase(file, signer, now);
}

/** Adds a time stamp that came after the case was closed. */
export async function addTimestamp(
  config: Config,
  caseId: string,
  timestamp: Buffer,
  { signer, now }: Pick<Closing, 'signer' | 'now'>,
): Promise<void> {
  const file = caseFile(casesFolder(config), caseId);
  file.addPart(new Map([['timestamp.tsr', timestamp]]));
  await signCase(file, signer, now);
}

/** Entries of the ledger from one sequence number to another, both included. */
async function between(store: Store, first: number, last: number): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of store.ledger(undefined, first - 1)) {
    if (entry.seq > last) break;
    entries.push(entry);
  }
  return entries;
}
