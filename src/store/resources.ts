import type { DatabaseSync } from 'node:sqlite';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { type Subject, subjectKey } from '../model/subject.ts';

/** States of one resource that are kept, beside the last compliant one. */
const STATES_KEPT = 100;

/** A type of resources in one account and region. */
export type ResourceType = Omit<Subject, 'id'>;

export type ResourceWrite =
  /** All resources of a type were listed, and the state of each is kept. */
  | { readonly kind: 'resources-listed'; readonly type: ResourceType; readonly at: number }
  /** A change that is known already keeps what was judged of it, unless it says more. */
  | { readonly kind: 'resource-change'; readonly change: ResourceChange }
  | { readonly kind: 'resource-state'; readonly state: ResourceState };

/** What the store knows of resources and of who changed them. */
export interface ResourceMemory {
  /** By time; those of one state only when it is named. */
  resourceChanges(subjectKey: string, state?: ResourceChange['state']): Promise<ResourceChange[]>;
  /** Oldest first, at most the last hundred. */
  resourceStates(subjectKey: string): Promise<ResourceState[]>;
  /** The newest one that was read at or before a time. */
  lastCompliantState(subjectKey: string, before: number): Promise<ResourceState | undefined>;
  /**
   * Resources with changes that wait to be judged: nothing was heard of them since a time, or the first
   * change was heard of before another.
   */
  settledResources(quietSince: number, waitingSince: number): Promise<string[]>;
  /** Whether all resources of a type were listed at or before a time: what is not known then was not there. */
  wasListed(type: ResourceType, before: number): Promise<boolean>;
  /** Keys of subjects that end with a text, for a person who names one. */
  resourcesLike(ending: string): Promise<string[]>;
}

/** The part of a SQLite store that is about resources. */
export function resourceTables(database: DatabaseSync): {
  readonly memory: ResourceMemory;
  write(change: ResourceWrite): void;
} {
  const sql = {
    putChange: database.prepare(
      `INSERT INTO resource_change (resource, id, at, noted_at, state, json) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (resource, id) DO UPDATE SET state = excluded.state, json = excluded.json
         WHERE excluded.state <> 'waiting'`,
    ),
    changes: database.prepare('SELECT json FROM resource_change WHERE resource = ? ORDER BY at, id'),
    changesIn: database.prepare(
      'SELECT json FROM resource_change WHERE resource = ? AND state = ? ORDER BY at, id',
    ),
    settled: database.prepare(
      `SELECT resource FROM resource_change WHERE state = 'waiting' GROUP BY resource
       HAVING max(noted_at) <= ? OR min(noted_at) <= ? ORDER BY min(noted_at)`,
    ),
    putState: database.prepare(
      'INSERT OR REPLACE INTO resource_state (resource, at, compliant, json) VALUES (?, ?, ?, ?)',
    ),
    forgetStates: database.prepare(
      `DELETE FROM resource_state WHERE resource = ?1
         AND at < (SELECT at FROM resource_state WHERE resource = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)
         AND at <> (SELECT coalesce(max(at), -1) FROM resource_state WHERE resource = ?1 AND compliant = 1)`,
    ),
    states: database.prepare('SELECT json FROM resource_state WHERE resource = ? ORDER BY at'),
    compliant: database.prepare(
      'SELECT json FROM resource_state WHERE resource = ? AND compliant = 1 AND at <= ? ORDER BY at DESC LIMIT 1',
    ),
    putListed: database.prepare('INSERT OR REPLACE INTO resource_listing (type, at) VALUES (?, ?)'),
    listed: database.prepare('SELECT 1 AS one FROM resource_listing WHERE type = ? AND at <= ?'),
    like: database.prepare(
      `SELECT resource FROM resource_state WHERE substr(resource, -length(?1)) = ?1
       UNION SELECT resource FROM resource_change WHERE substr(resource, -length(?1)) = ?1`,
    ),
  };
  const jsons = <T>(rows: unknown[]): T[] =>
    rows.map((row) => JSON.parse(String((row as { json: unknown }).json)) as T);
  const keys = (rows: unknown[]): string[] =>
    rows.map((row) => String((row as { resource: unknown }).resource));
  return {
    write(change) {
      if (change.kind === 'resource-change') {
        const { subject, id, at, notedAt, state } = change.change;
        sql.putChange.run(subjectKey(subject), id, at, notedAt, state, JSON.stringify(change.change));
        return;
      }
      if (change.kind === 'resources-listed') {
        sql.putListed.run(listingKey(change.type), change.at);
        return;
      }
      const key = subjectKey(change.state.subject);
      const compliant = change.state.failing.length === 0 && change.state.properties !== null;
      sql.putState.run(key, change.state.at, compliant ? 1 : 0, JSON.stringify(change.state));
      sql.forgetStates.run(key, STATES_KEPT - 1);
    },
    memory: {
      async resourceChanges(key, state) {
        return jsons(state === undefined ? sql.changes.all(key) : sql.changesIn.all(key, state));
      },
      async resourceStates(key) {
        return jsons(sql.states.all(key));
      },
      async lastCompliantState(key, before) {
        return jsons<ResourceState>(sql.compliant.all(key, before))[0];
      },
      async settledResources(quietSince, waitingSince) {
        return keys(sql.settled.all(quietSince, waitingSince));
      },
      async wasListed(type, before) {
        return sql.listed.get(listingKey(type), before) !== undefined;
      },
      async resourcesLike(ending) {
        return keys(sql.like.all(ending));
      },
    },
  };
}

function listingKey({ account, region, type }: ResourceType): string {
  return `${account}/${region}/${type}`;
}
