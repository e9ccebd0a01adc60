import type { LedgerHead } from '../evidence/ledger.ts';
import type { BadRecord } from '../model/event.ts';
import type { LedgerEntry, LedgerRecord } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import type { CaseMemory, CaseWrite } from './cases.ts';
import type { OccurrenceMemory, OccurrenceWrite } from './occurrences.ts';
import type { PlaybookMemory, PlaybookWrite } from './playbooks.ts';
import type { ResourceMemory, ResourceWrite } from './resources.ts';

/** How far a source has been read: everything before it is stored. */
export interface Position {
  readonly source: string;
  /** Tells one content from another under the same name. */
  readonly fingerprint: string;
  /** Bytes of the uncompressed content. */
  readonly offset: number;
  /** Lines before the offset. */
  readonly lines: number;
  /** Where a source without bytes goes on, in the source's own words: a Kinesis sequence number. */
  readonly token?: string;
}

/** One write; what is committed together is stored together or not at all. */
export type Change =
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'position-gone'; readonly source: string }
  /** A content is read to its end and need not be read again, however often it is announced. */
  | { readonly kind: 'processed'; readonly id: string; readonly at: number }
  /** Whatever was processed before a time is announced no more. */
  | { readonly kind: 'processed-forgotten'; readonly before: number }
  | { readonly kind: 'bad-record'; readonly record: BadRecord }
  | { readonly kind: 'ledger'; readonly record: LedgerRecord }
  /** What a part of the engine must know again after a restart. */
  | { readonly kind: 'memory'; readonly name: string; readonly value: Json }
  | CaseWrite
  | PlaybookWrite
  | ResourceWrite
  | OccurrenceWrite;

/** Somebody else wrote what a commit rests on since it was read: read it again and decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Everything that Cordon must not forget. Methods are asynchronous because some stores are remote. */
export interface Store extends CaseMemory, OccurrenceMemory, PlaybookMemory, ResourceMemory {
  /** Durable when it resolves. Throws {@link ConflictError} when an incident's version, or a count, has moved on. */
  commit(changes: readonly Change[]): Promise<readonly LedgerEntry[]>;
  position(source: string): Promise<Position | undefined>;
  /** Those whose source begins with a text, the one written last at the end. */
  positions(prefix?: string): Promise<Position[]>;
  /** Whether a content was read to its end, by the id that it was stored with. */
  processed(id: string): Promise<boolean>;
  /** All are counted; of each source only the first thousand are kept. */
  badRecords(limit: number): Promise<{ total: number; records: BadRecord[] }>;
  memory(name: string): Promise<Json | undefined>;
  /** In the order in which they are stored; of one case, or behind a sequence number, where that is said. */
  ledger(caseId?: string, after?: number): AsyncIterable<LedgerEntry>;
  /** The newest ledger entry as noted outside the ledger. */
  checkpoint(): Promise<LedgerHead | undefined>;
  close(): Promise<void>;
}
