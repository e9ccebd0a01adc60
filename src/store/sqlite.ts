import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { writeDurably } from '../evidence/durable.ts';
import { chain, GENESIS, type LedgerHead } from '../evidence/ledger.ts';
import type { BadRecord } from '../model/event.ts';
import type { LedgerEntry, LedgerRecord } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { caseTables } from './cases.ts';
import { ledgerEntryOf } from './ledger-rows.ts';
import { migrate } from './migrations.ts';
import { occurrenceTable } from './occurrences.ts';
import { originOf } from './origin-row.ts';
import { playbookTables } from './playbooks.ts';
import { resourceTables } from './resources.ts';
import type { Change, Position, Store } from './store.ts';
import { storeFault } from './store-fault.ts';

export const DATABASE = 'cordon.db';
const CHECKPOINT = 'ledger-checkpoint.json';

/** Bad records of one source that are kept; all are counted, so that garbage cannot fill the disk. */
const BAD_RECORDS_PER_SOURCE = 1_000;

type Row = Record<string, unknown>;

/** Whether a store was ever opened in a folder. */
export function hasSqliteStore(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

/** The store of one machine: a SQLite database in a folder. Throws a `StoreFault` when it cannot be worked with. */
export function openSqliteStore(folder: string): Store {
  const path = join(folder, DATABASE);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(path);
    // FULL: an action may begin only when the journal entry before it survives a power cut.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    return storeOf(database, join(folder, CHECKPOINT), path);
  } catch (error) {
    database?.close();
    throw storeFault(error, path);
  }
}

/** Without a path for it, the newest entry of the ledger is noted nowhere else. */
export function storeOf(database: DatabaseSync, checkpointPath: string | undefined, path: string): Store {
  migrate(database);
  const cases = caseTables(database);
  const resources = resourceTables(database);
  const counted = occurrenceTable(database);
  const playbooks = playbookTables(database);

  const sql = {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    putPosition: database.prepare('INSERT OR REPLACE INTO position (source, json) VALUES (?, ?)'),
    dropPosition: database.prepare('DELETE FROM position WHERE source = ?'),
    putProcessed: database.prepare('INSERT OR REPLACE INTO processed (id, at) VALUES (?, ?)'),
    forgetProcessed: database.prepare('DELETE FROM processed WHERE at < ?'),
    putBadRecord: database.prepare(
      'INSERT OR IGNORE INTO bad_record (source, offset, line, reason, raw) VALUES (?, ?, ?, ?, ?)',
    ),
    countBadRecord: database.prepare(
      `INSERT INTO bad_record_count (source, total) VALUES (?, 1)
       ON CONFLICT (source) DO UPDATE SET total = total + 1 RETURNING total`,
    ),
    putMemory: database.prepare('INSERT OR REPLACE INTO memory (name, json) VALUES (?, ?)'),
    head: database.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1'),
    append: database.prepare(
      'INSERT INTO ledger (seq, at, kind, case_id, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
  };

  function append(record: LedgerRecord): LedgerEntry {
    const head = (sql.head.get() as LedgerHead | undefined) ?? { seq: 0, hash: GENESIS };
    const entry = chain(head, record);
    const { seq, at, kind, caseId, body, previous, hash } = entry;
    sql.append.run(seq, at, kind, caseId ?? null, JSON.stringify(body), previous, hash);
    return entry;
  }

  function apply(change: Change): LedgerEntry | undefined {
    switch (change.kind) {
      case 'incident':
      case 'finding':
      case 'sample':
      case 'owner':
        cases.write(change);
        return undefined;
      case 'position':
        sql.putPosition.run(change.position.source, JSON.stringify(change.position));
        return undefined;
      case 'position-gone':
        sql.dropPosition.run(change.source);
        return undefined;
      case 'processed':
        sql.putProcessed.run(change.id, change.at);
        return undefined;
      case 'processed-forgotten':
        sql.forgetProcessed.run(change.before);
        return undefined;
      case 'bad-record': {
        const { origin, reason, raw } = change.record;
        const { total } = sql.countBadRecord.get(origin.source) as { total: number };
        if (total > BAD_RECORDS_PER_SOURCE) return undefined;
        sql.putBadRecord.run(origin.source, origin.offset, origin.line, reason, raw);
        return undefined;
      }
      case 'journal':
      case 'playbook':
        playbooks.write(change);
        return undefined;
      case 'memory':
        sql.putMemory.run(change.name, JSON.stringify(change.value));
        return undefined;
      case 'resource-change':
      case 'resource-state':
      case 'resources-listed':
        resources.write(change);
        return undefined;
      case 'occurrence':
      case 'occurrences-seen':
        counted.write(change);
        return undefined;
      case 'ledger':
        return append(change.record);
    }
  }

  /** SQLite has rolled back already when the disk is full, and says so as an error. */
  function rollBack(): void {
    try {
      sql.rollback.run();
    } catch {
      // There is no transaction any more.
    }
  }

  const prepared = new Map<string, StatementSync>();
  const rows = (text: string, ...values: (string | number)[]): Row[] => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    return statement.all(...values) as Row[];
  };
  const json = <T>(row: Row | undefined): T | undefined =>
    row === undefined ? undefined : (JSON.parse(String(row.json)) as T);
  const jsons = <T>(found: Row[]): T[] => found.map((row) => JSON.parse(String(row.json)) as T);

  return {
    ...cases.memory,
    ...resources.memory,
    ...counted.memory,
    ...playbooks.memory,
    async commit(changes) {
      const appended: LedgerEntry[] = [];
      try {
        sql.begin.run();
        for (const change of changes) {
          const entry = apply(change);
          if (entry !== undefined) appended.push(entry);
        }
        sql.commit.run();
      } catch (error) {
        rollBack();
        throw storeFault(error, path);
      }
      const head = appended.at(-1);
      try {
        if (checkpointPath !== undefined && head !== undefined)
          writeDurably(checkpointPath, `${JSON.stringify({ seq: head.seq, hash: head.hash })}\n`);
      } catch (error) {
        throw storeFault(error, checkpointPath ?? path);
      }
      return appended;
    },
    async position(source) {
      return json<Position>(rows('SELECT json FROM position WHERE source = ?', source)[0]);
    },
    async positions(prefix = '') {
      return jsons(
        rows(
          'SELECT json FROM position WHERE substr(source, 1, length(?)) = ? ORDER BY rowid',
          prefix,
          prefix,
        ),
      );
    },
    async processed(id) {
      return rows('SELECT 1 FROM processed WHERE id = ?', id).length > 0;
    },
    async badRecords(limit) {
      const total = Number(rows('SELECT sum(total) AS n FROM bad_record_count')[0]?.n ?? 0);
      const records = rows('SELECT * FROM bad_record ORDER BY rowid LIMIT ?', limit).map(
        (row): BadRecord => ({ origin: originOf(row), reason: String(row.reason), raw: String(row.raw) }),
      );
      return { total, records };
    },
    async memory(name) {
      return json<Json>(rows('SELECT json FROM memory WHERE name = ?', name)[0]);
    },
    async *ledger(caseId, after = 0) {
      const filters = [
        ...(caseId === undefined ? [] : ['case_id = ?']),
        // A sequence number that somebody has changed must be seen as well.
        ...(after === 0 ? [] : ['seq > ?']),
      ];
      const filter = filters.length === 0 ? '' : `WHERE ${filters.join(' AND ')}`;
      const statement = database.prepare(`SELECT * FROM ledger ${filter} ORDER BY rowid`);
      const values = [...(caseId === undefined ? [] : [caseId]), ...(after === 0 ? [] : [after])];
      for (const row of statement.iterate(...values)) yield ledgerEntryOf(row as Row);
    },
    async checkpoint() {
      if (checkpointPath === undefined || !existsSync(checkpointPath)) return undefined;
      return JSON.parse(readFileSync(checkpointPath, 'utf8')) as LedgerHead;
    },
    async close() {
      database.close();
    },
  };
}
