import type { DatabaseSync } from 'node:sqlite';
import type { LedgerEntry, LedgerKind } from '../model/journal.ts';
import type { Json } from '../model/json.ts';

/** The ledger of a database, in the order in which it is stored. */
export function* ledgerEntriesIn(database: DatabaseSync): Generator<LedgerEntry> {
  for (const row of database.prepare('SELECT * FROM ledger ORDER BY rowid').iterate())
    yield ledgerEntryOf(row);
}

export function ledgerEntryOf(row: Readonly<Record<string, unknown>>): LedgerEntry {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    kind: String(row.kind) as LedgerKind,
    ...(row.case_id === null ? {} : { caseId: String(row.case_id) }),
    body: parseBody(String(row.body)),
    previous: String(row.previous),
    hash: String(row.hash),
  };
}

/** A body that somebody has broken must fail the chain, not the reader. */
function parseBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { unreadable: text };
  }
}
