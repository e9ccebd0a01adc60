import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PARTIAL } from '../evidence/durable.ts';
import { type LedgerVerdict, verifyLedger } from '../evidence/ledger.ts';
import { InputError } from '../model/problem.ts';
import { ledgerEntriesIn } from './ledger-rows.ts';
import { DATABASE } from './sqlite.ts';
import { StoreFault, storeFault } from './store-fault.ts';

/** What a copy holds, as it was found in the copy. */
export interface Backup {
  readonly file: string;
  readonly incidents: number;
  readonly ledger: LedgerVerdict;
}

/**
 * Copies the database of a folder as it is at one instant, also while a watch writes, and opens the copy to
 * see that it is whole. Throws {@link InputError} when the file is there already, {@link StoreFault} when
 * the copy is damaged.
 */
export async function backupStore(folder: string, file: string): Promise<Backup> {
  if (existsSync(file)) throw new InputError(`${file} is there already: a backup never writes over another`);
  const partial = `${file}${PARTIAL}`;
  try {
    rmSync(partial, { force: true });
    copy(join(folder, DATABASE), partial);
    const found = await inspect(partial);
    flush(partial);
    renameSync(partial, file);
    flush(dirname(file));
    return { file, ...found };
  } catch (error) {
    rmSync(partial, { force: true });
    throw storeFault(error, file);
  }
}

/** One read transaction from beginning to end: writers go on, and never make it begin anew. */
function copy(from: string, to: string): void {
  const database = new DatabaseSync(from);
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}

async function inspect(file: string): Promise<Omit<Backup, 'file'>> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const { integrity_check: integrity } = database.prepare('PRAGMA integrity_check').get() as Record<
      string,
      string
    >;
    if (integrity !== 'ok') throw new StoreFault(`the copy is damaged: ${integrity}`);
    const head = database.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1').get();
    const { n } = database.prepare('SELECT count(*) AS n FROM incident').get() as { n: number };
    const newest = head as { seq: number; hash: string } | undefined;
    return { incidents: n, ledger: await verifyLedger(ledgerEntriesIn(database), newest) };
  } finally {
    database.close();
  }
}

function flush(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
