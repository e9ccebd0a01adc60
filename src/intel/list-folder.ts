import { createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  /** Where it came from, as it may be shown. */
  origin: z.string(),
  /** The file that holds the content. */
  content: z.string(),
  sha256: z.string(),
  /** Distinct entries, to see a list that shrinks. */
  entries: z.number(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  cursor: z.string().optional(),
  /** When the content came, milliseconds since the epoch. */
  fetchedAt: z.number(),
  /** When the source last said that there is no newer one. */
  checkedAt: z.number(),
});

/** What is known of the last good content of a list that was fetched. */
export type ListRecord = z.infer<typeof schema>;

/** The last good content of each list, on disk: a start does without the source. */
export interface ListFolder {
  read(name: string): { readonly record: ListRecord; readonly bytes: Uint8Array } | undefined;
  /** Replaces content and record at once: a kill leaves the old ones or the new ones. */
  write(name: string, bytes: Uint8Array, record: Omit<ListRecord, 'content' | 'sha256'>): ListRecord;
  /** Says that the content was found to be current. */
  touch(name: string, record: ListRecord): void;
}

export function listFolder(folder: string): ListFolder {
  // Two lists never share a folder, and no name leads out of it.
  const folderOf = (name: string): string => join(folder, `list-${encodeURIComponent(name)}`);
  const writeRecord = (name: string, record: ListRecord): void =>
    writeDurably(folderOf(name), 'record.json', Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
  return {
    read(name) {
      try {
        const record = schema.parse(JSON.parse(readFileSync(join(folderOf(name), 'record.json'), 'utf8')));
        if (!/^content-[0-9a-f]+$/.test(record.content)) return undefined;
        const bytes = readFileSync(join(folderOf(name), record.content));
        return hashOf(bytes) === record.sha256 ? { record, bytes } : undefined;
      } catch {
        // Whatever is wrong with a copy, the source has another.
        return undefined;
      }
    },
    write(name, bytes, facts) {
      const sha256 = hashOf(bytes);
      const record = { ...facts, content: `content-${sha256.slice(0, 16)}`, sha256 };
      mkdirSync(folderOf(name), { recursive: true });
      writeDurably(folderOf(name), record.content, bytes);
      writeRecord(name, record);
      for (const file of readdirSync(folderOf(name))) {
        if (file.startsWith('content-') && file !== record.content) rmSync(join(folderOf(name), file));
      }
      return record;
    },
    touch: writeRecord,
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function writeDurably(folder: string, name: string, bytes: Uint8Array): void {
  const path = join(folder, name);
  const temporary = `${path}.${process.pid}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
