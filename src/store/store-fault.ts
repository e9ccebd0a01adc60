/** The store cannot be worked with: the disk or the folder must be seen to; nothing of it is half done. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

/** Primary result codes of SQLite, and what a person can do. Source: SQLite, "Result and Error Codes". */
const SQLITE: Readonly<Record<number, string>> = {
  5: 'another process holds it for too long: try again',
  8: 'it is read-only: give Cordon the right to write the folder and its files, or remount the disk',
  10: 'the disk fails to read or write: see the log of the system',
  11: 'it is damaged: restore a backup, and keep the damaged file',
  13: 'the disk is full: free some space and start again; nothing that was stored is lost',
  14: 'it cannot be opened: a folder or a file that Cordon may not read and write is in its place',
  26: 'it is no database of Cordon: another file is in its place',
};

/** The same for files beside the database. Source: errno(3). */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: SQLITE[13] ?? '',
  EDQUOT: SQLITE[13] ?? '',
  EROFS: SQLITE[8] ?? '',
  EACCES: SQLITE[8] ?? '',
  EPERM: SQLITE[8] ?? '',
  EIO: SQLITE[10] ?? '',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
};

/** The error as a {@link StoreFault} where it is one of the disk or the database; otherwise as it is. */
export function storeFault(error: unknown, path: string): unknown {
  if (error instanceof StoreFault) return error;
  const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
  const advice = code === 'ERR_SQLITE_ERROR' ? SQLITE[(errcode ?? 0) & 0xff] : SYSTEM[code ?? ''];
  return advice === undefined ? error : new StoreFault(`${path}: ${advice} (${message})`, { cause: error });
}
