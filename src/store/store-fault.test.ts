import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from './sqlite.ts';
import { StoreFault } from './store-fault.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'cordon-fault-'));
const { exec } = DatabaseSync.prototype;

afterEach(() => {
  DatabaseSync.prototype.exec = exec;
});

/** Every connection that is opened from now on obeys a pragma, as if the disk did. */
function everyConnection(pragma: string): void {
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    exec.call(this, sql);
    if (sql.startsWith('PRAGMA busy_timeout')) exec.call(this, pragma);
  };
}

const record = { at: 1, kind: 'step.done' as const, body: { text: 'x'.repeat(20_000) } };

describe('a full disk', () => {
  it('is one sentence; what was stored is there, and what was not is not, and it goes on when there is room', async () => {
    const path = folder();
    const whole = openSqliteStore(path);
    await whole.commit([{ kind: 'ledger', record }]);
    await whole.close();

    everyConnection('PRAGMA max_page_count = 40');
    const full = openSqliteStore(path);
    const fill = async (): Promise<void> => {
      for (;;) await full.commit([{ kind: 'ledger', record }]);
    };
    await expect(fill()).rejects.toThrow(
      /cordon\.db: the disk is full: free some space and start again; nothing that was stored is lost/,
    );
    await expect(full.commit([{ kind: 'ledger', record }])).rejects.toThrow(StoreFault);
    const stored = (await Array.fromAsync(full.ledger())).length;
    expect(await full.checkpoint()).toMatchObject({ seq: stored });
    await full.close();

    DatabaseSync.prototype.exec = exec;
    const again = openSqliteStore(path);
    await again.commit([{ kind: 'ledger', record }]);
    expect((await Array.fromAsync(again.ledger())).length).toBe(stored + 1);
    await again.close();
  });
});

describe('a database that cannot be written', () => {
  it('is said to be read-only', async () => {
    everyConnection('PRAGMA query_only = ON');
    const path = folder();
    expect(() => openSqliteStore(path)).toThrow(/it is read-only: give Cordon the right to write/);
  });
});

describe('what stands where the store should be', () => {
  it.each([
    [
      'a folder',
      (path: string) => mkdirSync(join(path, 'cordon.db')),
      /it cannot be opened: a folder or a file/,
    ],
    [
      'another file',
      (path: string) =>
        writeFileSync(join(path, 'cordon.db'), 'no database at all, and long enough'.repeat(9)),
      /it is no database of Cordon/,
    ],
  ])('%s is told', (_, prepare, message) => {
    const path = folder();
    prepare(path);
    expect(() => openSqliteStore(path)).toThrow(StoreFault);
    expect(() => openSqliteStore(path)).toThrow(message);
  });

  it('a file in place of the folder is told', () => {
    const path = join(folder(), 'state');
    writeFileSync(path, '');
    expect(() => openSqliteStore(path)).toThrow(/a file is where a folder should be/);
    expect(() => openSqliteStore(join(path, 'deeper'))).toThrow(/a file is where a folder should be/);
  });
});
