import { createHash } from 'node:crypto';
import type { LedgerEntry, LedgerRecord } from '../model/journal.ts';
import { canonicalJson, type Json } from '../model/json.ts';

/** What the first entry is chained to. */
export const GENESIS = '0'.repeat(64);

/** The newest entry, kept outside the ledger, so that a tail that was cut off is missed. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

/** Puts a record behind the head. */
export function chain(head: LedgerHead, record: LedgerRecord): LedgerEntry {
  const seq = head.seq + 1;
  return { ...record, seq, previous: head.hash, hash: entryHash(seq, head.hash, record) };
}

export function entryHash(seq: number, previous: string, record: LedgerRecord): string {
  const content: Json = [seq, previous, record.at, record.kind, record.caseId ?? null, record.body];
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

export interface LedgerFault {
  readonly seq: number;
  readonly fault: string;
}

export interface LedgerVerdict {
  readonly entries: number;
  readonly head: LedgerHead;
  readonly faults: readonly LedgerFault[];
  /** Set when there was no checkpoint: a removed tail cannot be seen then. */
  readonly withoutCheckpoint: boolean;
}

const FAULT_LIMIT = 100;

/**
 * Walks the chain in the order it is stored and names every entry that was changed, removed or moved.
 * `start` is the entry that the first one follows.
 */
export async function verifyLedger(
  entries: Iterable<LedgerEntry> | AsyncIterable<LedgerEntry>,
  checkpoint: LedgerHead | undefined,
  start: LedgerHead = { seq: 0, hash: GENESIS },
): Promise<LedgerVerdict> {
  const faults: LedgerFault[] = [];
  const report = (seq: number, fault: string): void => {
    if (faults.length < FAULT_LIMIT) faults.push({ seq, fault });
  };
  let head = start;
  let count = 0;
  let checkpointHash = checkpoint?.seq === 0 ? GENESIS : undefined;
  for await (const entry of entries) {
    count++;
    const expected = head.seq + 1;
    if (entry.seq > expected) {
      report(expected, entry.seq - 1 === expected ? 'removed' : `removed, up to entry ${entry.seq - 1}`);
    } else if (entry.seq < expected) {
      report(entry.seq, 'out of order');
    } else if (entry.previous !== head.hash) {
      report(entry.seq, 'does not follow the entry before it: one of the two was changed, replaced or moved');
    }
    if (entryHash(entry.seq, entry.previous, entry) !== entry.hash)
      report(entry.seq, 'changed: its hash does not fit its content');
    head = { seq: entry.seq, hash: entry.hash };
    if (entry.seq === checkpoint?.seq) checkpointHash = entry.hash;
  }
  if (checkpoint !== undefined && checkpointHash !== checkpoint.hash) {
    if (head.seq < checkpoint.seq)
      report(head.seq + 1, `removed, up to entry ${checkpoint.seq}: the end was cut off`);
    else report(checkpoint.seq, 'is not the entry that the checkpoint names');
  }
  return { entries: count, head, faults, withoutCheckpoint: checkpoint === undefined };
}
