import type { DatabaseSync } from 'node:sqlite';

/** Each step takes the schema from version i to i + 1; steps are only ever added. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE incident (
     id TEXT PRIMARY KEY, subject TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
     opened_at INTEGER NOT NULL, responded_at INTEGER, json TEXT NOT NULL) STRICT;
   CREATE INDEX incident_subject ON incident (subject, opened_at);
   CREATE INDEX incident_state ON incident (state);
   CREATE TABLE finding (id TEXT PRIMARY KEY, case_id TEXT NOT NULL, json TEXT NOT NULL) STRICT;
   CREATE INDEX finding_case ON finding (case_id);
   CREATE TABLE sample (
     finding_id TEXT NOT NULL, source TEXT NOT NULL, offset INTEGER NOT NULL, line INTEGER NOT NULL,
     raw TEXT NOT NULL, UNIQUE (finding_id, source, offset, line)) STRICT;
   CREATE TABLE position (source TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
   CREATE TABLE bad_record (
     source TEXT NOT NULL, offset INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
     raw TEXT NOT NULL, UNIQUE (source, offset, line)) STRICT;
   CREATE TABLE owner (part TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
   CREATE TABLE bad_record_count (source TEXT PRIMARY KEY, total INTEGER NOT NULL) STRICT;
   CREATE TABLE journal (
     case_id TEXT NOT NULL, step TEXT NOT NULL, started_at INTEGER NOT NULL, json TEXT NOT NULL,
     PRIMARY KEY (case_id, step)) STRICT;
   CREATE TABLE ledger (
     seq INTEGER NOT NULL UNIQUE, at INTEGER NOT NULL, kind TEXT NOT NULL, case_id TEXT, body TEXT NOT NULL,
     previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
   CREATE INDEX ledger_case ON ledger (case_id);`,
  'CREATE TABLE memory (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;',
  `CREATE TABLE processed (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX processed_at ON processed (at);`,
  // The key once instead of twice: it is longer than the record.
  `CREATE TABLE keyed_sample (
     finding_id TEXT NOT NULL, source TEXT NOT NULL, offset INTEGER NOT NULL, line INTEGER NOT NULL,
     raw TEXT NOT NULL, PRIMARY KEY (finding_id, source, offset, line)) STRICT, WITHOUT ROWID;
   INSERT INTO keyed_sample SELECT finding_id, source, offset, line, raw FROM sample;
   DROP TABLE sample;
   ALTER TABLE keyed_sample RENAME TO sample;`,
  `CREATE TABLE resource_change (
     resource TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, noted_at INTEGER NOT NULL,
     state TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (resource, id)) STRICT, WITHOUT ROWID;
   CREATE INDEX resource_change_state ON resource_change (state, resource, noted_at);
   CREATE TABLE resource_state (
     resource TEXT NOT NULL, at INTEGER NOT NULL, compliant INTEGER NOT NULL, json TEXT NOT NULL,
     PRIMARY KEY (resource, at)) STRICT, WITHOUT ROWID;
   CREATE TABLE resource_listing (type TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE playbook (
     version TEXT PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, text TEXT NOT NULL) STRICT;`,
  `CREATE TABLE occurrence (
     key TEXT NOT NULL, case_id TEXT NOT NULL, step TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (key, case_id, step)) STRICT, WITHOUT ROWID;
   CREATE INDEX occurrence_at ON occurrence (key, at);
   INSERT INTO occurrence SELECT 'responses', id, '', responded_at FROM incident WHERE responded_at IS NOT NULL;`,
];

/**
 * Brings a database to the newest schema, as one transaction: all of it, or nothing once the database is
 * closed. A database from a newer Cordon is refused.
 */
export function migrate(database: DatabaseSync): void {
  if (versionOf(database) === MIGRATIONS.length) return;
  database.exec('BEGIN IMMEDIATE');
  // Another process may have done it while this one waited for the lock.
  const steps = MIGRATIONS.slice(versionOf(database)).join('\n');
  database.exec(`${steps} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}

function versionOf(database: DatabaseSync): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the store has schema ${version}; this Cordon knows ${MIGRATIONS.length}: use a newer Cordon`,
    );
  }
  return version;
}
