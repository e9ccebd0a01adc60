import type { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../model/journal.ts';

/** The text of a playbook that a case was answered with. */
export interface StoredPlaybook {
  /** SHA-256 of the text, in hexadecimal. */
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

export type PlaybookWrite =
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  | { readonly kind: 'playbook'; readonly playbook: StoredPlaybook };

/** What the store knows of how cases are answered. */
export interface PlaybookMemory {
  /** In the order in which the steps began. */
  journal(caseId: string): Promise<JournalEntry[]>;
  /** A playbook as it was when a case was bound to it, by its version. */
  playbook(version: string): Promise<StoredPlaybook | undefined>;
}

/** The part of a SQLite store that is about playbooks. */
export function playbookTables(database: DatabaseSync): {
  readonly memory: PlaybookMemory;
  write(change: PlaybookWrite): void;
} {
  const sql = {
    putJournal: database.prepare(
      'INSERT OR REPLACE INTO journal (case_id, step, started_at, json) VALUES (?, ?, ?, ?)',
    ),
    journal: database.prepare('SELECT json FROM journal WHERE case_id = ? ORDER BY started_at, rowid'),
    putPlaybook: database.prepare(
      'INSERT OR IGNORE INTO playbook (version, name, file, text) VALUES (?, ?, ?, ?)',
    ),
    playbook: database.prepare('SELECT version, name, file, text FROM playbook WHERE version = ?'),
  };
  return {
    memory: {
      async journal(caseId) {
        return sql.journal.all(caseId).map(({ json }) => JSON.parse(String(json)) as JournalEntry);
      },
      async playbook(version) {
        const row = sql.playbook.get(version);
        return row === undefined ? undefined : ({ ...row } as unknown as StoredPlaybook);
      },
    },
    write(change) {
      if (change.kind === 'playbook') {
        const { version, name, file, text } = change.playbook;
        sql.putPlaybook.run(version, name, file, text);
        return;
      }
      const { caseId, step, startedAt } = change.entry;
      sql.putJournal.run(caseId, step, startedAt, JSON.stringify(change.entry));
    },
  };
}
