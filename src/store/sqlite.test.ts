import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import type { Incident } from '../model/incident.ts';
import { subjectKey } from '../model/subject.ts';
import { openSqliteStore } from './sqlite.ts';
import { ConflictError } from './store.ts';

const subject = { type: 'AWS::EC2::Instance', id: 'i-1', account: '1', region: 'us-east-1' };
const incident = (version: number, id = 'case-1'): Incident => ({
  id,
  subject,
  state: 'new',
  mode: 'record',
  openedAt: 1,
  firstSeen: 1,
  lastSeen: 1,
  version,
});
const position = { source: 'a', fingerprint: 'f', offset: 7, lines: 1 };
const record = { at: 1, kind: 'incident.opened' as const, caseId: 'case-1', body: {} };
const folder = (): string => mkdtempSync(join(tmpdir(), 'cordon-store-'));

describe('a commit', () => {
  it('is all or nothing', async () => {
    const store = openTemporaryStore();
    await store.commit([{ kind: 'incident', incident: incident(1) }]);
    const stale = store.commit([
      { kind: 'position', position },
      { kind: 'ledger', record },
      { kind: 'incident', incident: incident(1) },
    ]);
    await expect(stale).rejects.toThrow(ConflictError);
    expect(await store.position('a')).toBeUndefined();
    expect(await Array.fromAsync(store.ledger())).toEqual([]);
  });

  it('of a version that has moved on is refused, by two processes as well', async () => {
    const path = folder();
    const [one, two] = [openSqliteStore(path), openSqliteStore(path)];
    await one.commit([{ kind: 'incident', incident: incident(1) }]);
    await two.commit([{ kind: 'incident', incident: { ...incident(2), state: 'denied' } }]);
    await expect(one.commit([{ kind: 'incident', incident: incident(2) }])).rejects.toThrow(ConflictError);
    expect(await one.incident('case-1')).toMatchObject({ state: 'denied', version: 2 });
    await one.close();
    await two.close();
  });

  it('is there after the store was closed', async () => {
    const path = folder();
    const first = openSqliteStore(path);
    const [entry] = await first.commit([
      { kind: 'position', position },
      { kind: 'ledger', record },
    ]);
    await first.close();
    const second = openSqliteStore(path);
    expect(await second.position('a')).toEqual(position);
    expect(await second.checkpoint()).toEqual({ seq: 1, hash: entry?.hash });
    await second.close();
  });
});

describe('bad records', () => {
  it('are all counted, and of one source only a thousand are kept', async () => {
    const store = openTemporaryStore();
    const bad = (source: string, line: number) => ({
      kind: 'bad-record' as const,
      record: { origin: { source, offset: line, line }, reason: 'r', raw: '' },
    });
    await store.commit(Array.from({ length: 1_500 }, (_, line) => bad('a', line)));
    await store.commit([bad('b', 1)]);
    const { total, records } = await store.badRecords(10_000);
    expect(total).toBe(1_501);
    expect(records).toHaveLength(1_001);
  });
});

describe('a database', () => {
  it('of a newer Cordon is refused', async () => {
    const path = folder();
    await openSqliteStore(path).close();
    const database = new DatabaseSync(join(path, 'cordon.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openSqliteStore(path)).toThrow(/use a newer Cordon/);
  });
});

describe('the newest case of a subject', () => {
  it('is the one that was opened last, also when the clock was set back before it', async () => {
    const store = openTemporaryStore();
    await store.commit([{ kind: 'incident', incident: { ...incident(1), openedAt: 1_000 } }]);
    await store.commit([{ kind: 'incident', incident: { ...incident(1, 'case-2'), openedAt: 10 } }]);
    await store.commit([{ kind: 'incident', incident: { ...incident(2), openedAt: 1_000 } }]);
    expect(await store.latestIncident(subjectKey(subject))).toMatchObject({ id: 'case-2' });
    expect(await store.incidents()).toMatchObject([{ id: 'case-2' }, { id: 'case-1' }]);
  });
});

describe('what is counted', () => {
  it('counts once for a case and step, from when it was last begun', async () => {
    const store = openTemporaryStore();
    const begun = (at: number) => {
      const occurrence = { key: 'irreversible', caseId: 'case-1', step: 'terminate', at };
      return store.commit([{ kind: 'occurrence', occurrence }]);
    };
    for (const at of [10, 500, 20]) await begun(at);
    expect(await store.occurrences('irreversible', 0)).toMatchObject([{ at: 500 }]);
    expect(await store.occurrences('irreversible', 501)).toEqual([]);
  });
});
