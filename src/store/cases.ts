import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Finding, Sample } from '../model/finding.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import { type Subject, subjectKey, subjectOfKey } from '../model/subject.ts';
import { originOf } from './origin-row.ts';
import { ConflictError } from './store.ts';

export type CaseWrite =
  | { readonly kind: 'incident'; readonly incident: Incident }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'sample'; readonly sample: Sample }
  /** Whose a part is: remembered, because AWS forgets it when the owner is gone. */
  | { readonly kind: 'owner'; readonly part: Subject; readonly owner: Subject };

/** What the store knows of cases, of what was found in them, and of what they are about. */
export interface CaseMemory {
  incident(id: string): Promise<Incident | undefined>;
  /** The newest incident of a subject, by {@link subjectKey}. */
  latestIncident(subjectKey: string): Promise<Incident | undefined>;
  /** Newest first; all states when none is named. */
  incidents(states?: readonly IncidentState[]): Promise<Incident[]>;
  /** Whose a part was when it was last seen. */
  owner(part: Subject): Promise<Subject | undefined>;
  /** The parts that were last seen to be of an owner: the network interfaces of an instance. */
  partsOf(owner: Subject): Promise<Subject[]>;
  findings(caseId: string): Promise<Finding[]>;
  samples(caseId: string): Promise<Sample[]>;
}

/** The part of a SQLite store that is about cases. */
export function caseTables(database: DatabaseSync): {
  readonly memory: CaseMemory;
  write(change: CaseWrite): void;
} {
  const sql = {
    version: database.prepare('SELECT version FROM incident WHERE id = ?'),
    putIncident: database.prepare(
      `INSERT INTO incident (id, subject, state, version, opened_at, responded_at, json) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version,
         responded_at = excluded.responded_at, json = excluded.json`,
    ),
    incident: database.prepare('SELECT json FROM incident WHERE id = ?'),
    latest: database.prepare(
      // Not by time: a clock may have been set back between two of them.
      'SELECT json FROM incident WHERE subject = ? ORDER BY rowid DESC LIMIT 1',
    ),
    putFinding: database.prepare(
      `INSERT INTO finding (id, case_id, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json`,
    ),
    findings: database.prepare('SELECT json FROM finding WHERE case_id = ? ORDER BY rowid'),
    putSample: database.prepare(
      'INSERT OR IGNORE INTO sample (finding_id, source, offset, line, raw) VALUES (?, ?, ?, ?, ?)',
    ),
    samples: database.prepare(
      `SELECT sample.* FROM sample JOIN finding ON finding.id = sample.finding_id
       WHERE finding.case_id = ? ORDER BY finding.rowid, sample.source, sample.offset, sample.line`,
    ),
    putOwner: database.prepare('INSERT OR REPLACE INTO owner (part, json) VALUES (?, ?)'),
    owner: database.prepare('SELECT json FROM owner WHERE part = ?'),
    parts: database.prepare(
      `SELECT part FROM owner WHERE json ->> 'id' = ? AND json ->> 'type' = ?
       AND json ->> 'account' = ? AND json ->> 'region' = ? ORDER BY part`,
    ),
  };
  /** By how many states they ask for. */
  const inStates = new Map<number, StatementSync>();
  const byStates = (count: number): StatementSync => {
    const filter = `WHERE state IN (${Array.from({ length: count }, () => '?').join(',')})`;
    const statement =
      inStates.get(count) ?? database.prepare(`SELECT json FROM incident ${filter} ${NEWEST_FIRST}`);
    inStates.set(count, statement);
    return statement;
  };
  const all = database.prepare(`SELECT json FROM incident ${NEWEST_FIRST}`);

  function putIncident(incident: Incident): void {
    const stored = sql.version.get(incident.id) as { version: number } | undefined;
    if ((stored?.version ?? 0) !== incident.version - 1) {
      throw new ConflictError(
        `${incident.id} is at version ${stored?.version ?? 0}, not ${incident.version - 1}`,
      );
    }
    const { id, subject, state, version, openedAt, respondedAt } = incident;
    const json = JSON.stringify(incident);
    sql.putIncident.run(id, subjectKey(subject), state, version, openedAt, respondedAt ?? null, json);
  }

  return {
    write(change) {
      switch (change.kind) {
        case 'incident':
          putIncident(change.incident);
          return;
        case 'finding':
          sql.putFinding.run(change.finding.id, change.finding.caseId, JSON.stringify(change.finding));
          return;
        case 'sample': {
          const { findingId, origin, raw } = change.sample;
          sql.putSample.run(findingId, origin.source, origin.offset, origin.line, raw);
          return;
        }
        case 'owner':
          sql.putOwner.run(subjectKey(change.part), JSON.stringify(change.owner));
      }
    },
    memory: {
      async incident(id) {
        return jsons<Incident>(sql.incident.all(id))[0];
      },
      async latestIncident(key) {
        return jsons<Incident>(sql.latest.all(key))[0];
      },
      async incidents(states) {
        return jsons(states === undefined ? all.all() : byStates(states.length).all(...states));
      },
      async owner(part) {
        return jsons<Subject>(sql.owner.all(subjectKey(part)))[0];
      },
      async partsOf({ id, type, account, region }) {
        return sql.parts.all(id, type, account, region).map(({ part }) => subjectOfKey(String(part)));
      },
      async findings(caseId) {
        return jsons(sql.findings.all(caseId));
      },
      async samples(caseId) {
        return sql.samples.all(caseId).map((row) => ({
          findingId: String(row.finding_id),
          origin: originOf(row),
          raw: String(row.raw),
        }));
      },
    },
  };
}

const NEWEST_FIRST = 'ORDER BY rowid DESC';

function jsons<T>(rows: readonly Readonly<Record<string, unknown>>[]): T[] {
  return rows.map(({ json }) => JSON.parse(String(json)) as T);
}
