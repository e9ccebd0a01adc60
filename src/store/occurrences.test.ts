import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import type { Incident } from '../model/incident.ts';
import { openSqliteStore } from './sqlite.ts';
import { type Change, ConflictError } from './store.ts';

const happened = (caseId: string, at: number, forgetBefore?: number): Change => ({
  kind: 'occurrence',
  occurrence: { key: 'responses', caseId, step: '', at },
  ...(forgetBefore === undefined ? {} : { forgetBefore }),
});
const seen = (count: number, since = 0, caseId = 'me'): Change => ({
  kind: 'occurrences-seen',
  seen: { key: 'responses', since, except: { caseId, step: '' }, count },
});

describe('what is counted', () => {
  it('counts once for a case and step, with its last time: what is begun again has its effect then', async () => {
    const store = openTemporaryStore();
    await store.commit([happened('a', 5), happened('a', 9), happened('b', 7)]);
    expect(await store.occurrences('responses', 0)).toMatchObject([
      { caseId: 'b', at: 7 },
      { caseId: 'a', at: 9 },
    ]);
    expect(await store.occurrences('responses', 8)).toMatchObject([{ caseId: 'a' }]);
    expect(await store.occurrences('others', 0)).toEqual([]);
    expect(await store.occurrencesWithin('responses', 5, 9)).toEqual({ count: 1, first: 7 });
    expect(await store.occurrencesWithin('responses', 10, 99)).toEqual({ count: 0 });
  });

  it('is forgotten only when it is said, and only of its key', async () => {
    const store = openTemporaryStore();
    await store.commit([
      happened('a', 5),
      { kind: 'occurrence', occurrence: { key: 'others', caseId: 'a', step: '', at: 1 } },
      happened('b', 50, 6),
    ]);
    expect(await store.occurrences('responses', 0)).toMatchObject([{ caseId: 'b' }]);
    expect(await store.occurrences('others', 0)).toHaveLength(1);
  });

  it('that has grown since it was seen refuses the whole commit, of two processes as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-store-'));
    const [one, two] = [openSqliteStore(folder), openSqliteStore(folder)];
    await one.commit([seen(0), happened('me', 5)]);
    await expect(two.commit([seen(0, 0, 'you'), happened('you', 6)])).rejects.toThrow(ConflictError);
    expect(await one.occurrences('responses', 0)).toHaveLength(1);
    // One's own does not count against oneself, nor does what is too old.
    await two.commit([seen(0), seen(0, 6, 'you')]);
    await one.close();
    await two.close();
  });

  it('has the responses of before that was counted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-store-'));
    const store = openSqliteStore(folder);
    const incident: Incident = {
      id: 'case-1',
      subject: { type: 'AWS::EC2::Instance', id: 'i-1', account: '1', region: 'us-east-1' },
      state: 'closed',
      mode: 'enforce',
      openedAt: 1,
      firstSeen: 1,
      lastSeen: 1,
      respondedAt: 42,
      version: 1,
    };
    await store.commit([{ kind: 'incident', incident }]);
    await store.close();
    // As an older Cordon left it.
    const database = new DatabaseSync(join(folder, 'cordon.db'));
    database.exec('DROP TABLE occurrence; PRAGMA user_version = 6;');
    database.close();
    const newer = openSqliteStore(folder);
    expect(await newer.occurrences('responses', 0)).toEqual([
      { key: 'responses', caseId: 'case-1', step: '', at: 42 },
    ]);
    await newer.close();
  });
});
