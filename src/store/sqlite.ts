import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { writeDurably } from '../evidence/durable.ts';
import { chain, GENESIS, type LedgerHead } from '../evidence/ledger.ts';
import type { BadRecord } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerEntry, LedgerRecord } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { subjectKey, subjectOfKey } from '../model/subject.ts';
import { ledgerEntryOf } from './ledger-rows.ts';
import { migrate } from './migrations.ts';
import { occurrenceTable } from './occurrences.ts';
import { playbookTables } from './playbooks.ts';
import { resourceTables } from './resources.ts';
import { type Change, ConflictError, type Position, type Store } from './store.ts';
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

/** A store that is gone when it is closed. What does not fit in a few megabytes of memory is in a file without a name. */
export function openTemporaryStore(): Store {
  const database = new DatabaseSync('');
  database.exec('PRAGMA synchronous = OFF;');
  return storeOf(database, undefined, '');
}

function storeOf(database: DatabaseSync, checkpointPath: string | undefined, path: string): Store {
  migrate(database);
  const resources = resourceTables(database);
  const counted = occurrenceTable(database);
  const playbooks = playbookTables(database);

  const sql = {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    incidentVersion: database.prepare('SELECT version FROM incident WHERE id = ?'),
    putIncident: database.prepare(
      `INSERT INTO incident (id, subject, state, version, opened_at, responded_at, json) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version,
         responded_at = excluded.responded_at, json = excluded.json`,
    ),
    putFinding: database.prepare(
      `INSERT INTO finding (id, case_id, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json`,
    ),
    putSample: database.prepare(
      'INSERT OR IGNORE INTO sample (finding_id, source, offset, line, raw) VALUES (?, ?, ?, ?, ?)',
    ),
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
    putOwner: database.prepare('INSERT OR REPLACE INTO owner (part, json) VALUES (?, ?)'),
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

  function putIncident(incident: Incident): void {
    const stored = sql.incidentVersion.get(incident.id) as { version: number } | undefined;
    if ((stored?.version ?? 0) !== incident.version - 1) {
      throw new ConflictError(
        `${incident.id} is at version ${stored?.version ?? 0}, not ${incident.version - 1}`,
      );
    }
    const { id, subject, state, version, openedAt, respondedAt } = incident;
    const json = JSON.stringify(incident);
    sql.putIncident.run(id, subjectKey(subject), state, version, openedAt, respondedAt ?? null, json);
  }

  function apply(change: Change): LedgerEntry | undefined {
    switch (change.kind) {
      case 'incident':
        putIncident(change.incident);
        return undefined;
      case 'finding':
        sql.putFinding.run(change.finding.id, change.finding.caseId, JSON.stringify(change.finding));
        return undefined;
      case 'sample': {
        const { findingId, origin, raw } = change.sample;
        sql.putSample.run(findingId, origin.source, origin.offset, origin.line, raw);
        return undefined;
      }
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
      case 'owner':
        sql.putOwner.run(subjectKey(change.part), JSON.stringify(change.owner));
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
    async incident(id) {
      return json(rows('SELECT json FROM incident WHERE id = ?', id)[0]);
    },
    async latestIncident(key) {
      return json(
        rows(
          'SELECT json FROM incident WHERE subject = ? ORDER BY opened_at DESC, rowid DESC LIMIT 1',
          key,
        )[0],
      );
    },
    async incidents(states) {
      const filter = states === undefined ? '' : `WHERE state IN (${states.map(() => '?').join(',')})`;
      return jsons(
        rows(`SELECT json FROM incident ${filter} ORDER BY opened_at DESC, rowid DESC`, ...(states ?? [])),
      );
    },
    async owner(part) {
      return json(rows('SELECT json FROM owner WHERE part = ?', subjectKey(part))[0]);
    },
    async partsOf(owner) {
      const { id, type, account, region } = owner;
      const found = rows(
        `SELECT part FROM owner WHERE json ->> 'id' = ? AND json ->> 'type' = ?
         AND json ->> 'account' = ? AND json ->> 'region' = ? ORDER BY part`,
        ...[id, type, account, region],
      );
      return found.map(({ part }) => subjectOfKey(String(part)));
    },
    async findings(caseId) {
      return jsons(rows('SELECT json FROM finding WHERE case_id = ? ORDER BY rowid', caseId));
    },
    async samples(caseId) {
      const found = rows(
        `SELECT sample.* FROM sample JOIN finding ON finding.id = sample.finding_id
         WHERE finding.case_id = ? ORDER BY finding.rowid, sample.source, sample.offset, sample.line`,
        caseId,
      );
      return found.map((row) => ({
        findingId: String(row.finding_id),
        origin: originOf(row),
        raw: String(row.raw),
      }));
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

function originOf(row: Row) {
  return { source: String(row.source), offset: Number(row.offset), line: Number(row.line) };
}
