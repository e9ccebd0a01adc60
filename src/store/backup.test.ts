import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { backupStore } from './backup.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'cordon-backup-'));
const entries = (store: Store, count: number) =>
  store.commit(
    Array.from({ length: count }, (_, n) => ({
      kind: 'ledger' as const,
      record: { at: n, kind: 'step.done' as const, caseId: 'case-1', body: { n } },
    })),
  );

describe('a backup', () => {
  it('is the store as it was at one instant, while it is open and written to', async () => {
    const from = folder();
    const store = openSqliteStore(from);
    await entries(store, 40);
    const copying = backupStore(from, join(from, 'copy.db'));
    await entries(store, 5);
    const backup = await copying;
    expect(backup).toMatchObject({ incidents: 0, ledger: { entries: 40, faults: [], head: { seq: 40 } } });
    await store.close();

    const restored = folder();
    const { renameSync } = await import('node:fs');
    renameSync(backup.file, join(restored, 'cordon.db'));
    const again = openSqliteStore(restored);
    expect((await Array.fromAsync(again.ledger('case-1'))).length).toBe(40);
    await entries(again, 1);
    await again.close();
  });

  it('says what is wrong with the ledger that it copied', async () => {
    const from = folder();
    const store = openSqliteStore(from);
    await entries(store, 3);
    await store.close();
    const database = new DatabaseSync(join(from, 'cordon.db'));
    database.exec('UPDATE ledger SET at = 99 WHERE seq = 2');
    database.close();
    const { ledger } = await backupStore(from, join(from, 'copy.db'));
    expect(ledger.faults).toEqual([{ seq: 2, fault: 'changed: its hash does not fit its content' }]);
  });

  it('never writes over another, and leaves nothing behind when it fails', async () => {
    const from = folder();
    await openSqliteStore(from).close();
    writeFileSync(join(from, 'there.db'), 'mine');
    await expect(backupStore(from, join(from, 'there.db'))).rejects.toThrow('is there already');
    await expect(backupStore(from, join(from, 'no', 'such', 'folder.db'))).rejects.toThrow(
      /no\/such\/folder\.db: it cannot be opened/,
    );
    expect(existsSync(join(from, 'no'))).toBe(false);
  });
});
