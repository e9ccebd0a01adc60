import type { DatabaseSync } from 'node:sqlite';
import { ConflictError } from './store.ts';

/** Something that happened and that is counted; the same of a case and step counts once, when it was last. */
export interface Occurrence {
  /** What it counts as: `responses`, `account:123456789012`, `irreversible`. */
  readonly key: string;
  readonly caseId: string;
  /** Its place in the playbook; empty for the response as a whole. */
  readonly step: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How many others of a key were seen since a time. */
export interface SeenOccurrences {
  readonly key: string;
  readonly since: number;
  /** Of this case and step none are counted. */
  readonly except: Pick<Occurrence, 'caseId' | 'step'>;
  readonly count: number;
}

export type OccurrenceWrite =
  /** `forgetBefore`: what is older than this time, of the same key, need not be known any more. */
  | { readonly kind: 'occurrence'; readonly occurrence: Occurrence; readonly forgetBefore?: number }
  /** Refused when there are more by now: of two processes that see one place left only one takes it. */
  | { readonly kind: 'occurrences-seen'; readonly seen: SeenOccurrences };

/** What the store knows of what is counted. */
export interface OccurrenceMemory {
  /** At or after a time, oldest first. */
  occurrences(key: string, since: number): Promise<Occurrence[]>;
  /** From a time to before another, and when the first of them was. */
  occurrencesWithin(key: string, from: number, to: number): Promise<{ count: number; first?: number }>;
}

/** The part of a SQLite store that counts. */
export function occurrenceTable(database: DatabaseSync): {
  readonly memory: OccurrenceMemory;
  write(change: OccurrenceWrite): void;
} {
  const sql = {
    // What is begun once more has its effect now: it counts from now on.
    put: database.prepare(
      `INSERT INTO occurrence (key, case_id, step, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (key, case_id, step) DO UPDATE SET at = max(at, excluded.at)`,
    ),
    forget: database.prepare('DELETE FROM occurrence WHERE key = ? AND at < ?'),
    others: database.prepare(
      'SELECT count(*) AS n FROM occurrence WHERE key = ? AND at >= ? AND NOT (case_id = ? AND step = ?)',
    ),
    since: database.prepare(
      'SELECT case_id, step, at FROM occurrence WHERE key = ? AND at >= ? ORDER BY at, case_id, step',
    ),
    within: database.prepare(
      'SELECT count(*) AS n, min(at) AS first FROM occurrence WHERE key = ? AND at >= ? AND at < ?',
    ),
  };
  return {
    write(change) {
      if (change.kind === 'occurrence') {
        const { key, caseId, step, at } = change.occurrence;
        sql.put.run(key, caseId, step, at);
        if (change.forgetBefore !== undefined) sql.forget.run(key, change.forgetBefore);
        return;
      }
      const { key, since, except, count } = change.seen;
      const { n } = sql.others.get(key, since, except.caseId, except.step) as { n: number };
      if (n > count) throw new ConflictError(`${n} of ${key} are counted by now, not ${count}`);
    },
    memory: {
      async occurrences(key, since) {
        return sql.since.all(key, since).map((row) => {
          const { case_id: caseId, step, at } = row as { case_id: string; step: string; at: number };
          return { key, caseId, step, at };
        });
      },
      async occurrencesWithin(key, from, to) {
        const { n, first } = sql.within.get(key, from, to) as { n: number; first: number | null };
        return { count: n, ...(first === null ? {} : { first }) };
      },
    },
  };
}
