import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Json } from '../model/json.ts';

/** The folder that holds the evidence of one case. */
export interface CaseFile {
  readonly folder: string;
  /** Writes one piece of evidence durably; refused once the case is sealed. */
  write(name: string, content: string | Uint8Array): void;
  writeJson(name: string, content: Json): void;
  /** Writes the manifest; a case that is sealed stays as it is. */
  seal(): Manifest;
  manifest(): Manifest | undefined;
}

export interface Manifest {
  readonly caseId: string;
  /** One entry a file, sorted by name. */
  readonly files: readonly ManifestEntry[];
  /** SHA-256 of the manifest file, in hexadecimal. */
  readonly hash: string;
}

export interface ManifestEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MANIFEST = 'manifest.json';

export function caseFile(root: string, caseId: string): CaseFile {
  const folder = join(root, caseId);
  const write = (name: string, content: string | Uint8Array): void => {
    if (existsSync(join(folder, MANIFEST))) throw new Error(`${caseId} is sealed: ${name} cannot be added`);
    writeDurably(join(folder, name), content);
  };
  const manifest = (): Manifest | undefined => {
    const path = join(folder, MANIFEST);
    if (!existsSync(path)) return undefined;
    const text = readFileSync(path);
    return { ...(JSON.parse(text.toString('utf8')) as Omit<Manifest, 'hash'>), hash: sha256(text) };
  };
  return {
    folder,
    write,
    writeJson: (name, content) => write(name, `${JSON.stringify(content, null, 2)}\n`),
    manifest,
    seal() {
      const sealed = manifest();
      if (sealed !== undefined) return sealed;
      const content = { caseId, files: filesOf(folder) };
      const text = `${JSON.stringify(content, null, 2)}\n`;
      writeDurably(join(folder, MANIFEST), text);
      return { ...content, hash: sha256(text) };
    },
  };
}

/** What differs between a sealed case and its manifest; empty when every byte is as it was. */
export function verifyCase(file: CaseFile): string[] {
  const manifest = file.manifest();
  if (manifest === undefined) return ['not sealed'];
  const found = new Map(filesOf(file.folder).map((entry) => [entry.name, entry]));
  const faults: string[] = [];
  for (const { name, sha256: expected } of manifest.files) {
    const now = found.get(name);
    if (now === undefined) faults.push(`${name} is missing`);
    else if (now.sha256 !== expected) faults.push(`${name} was changed`);
    found.delete(name);
  }
  for (const name of found.keys()) faults.push(`${name} was added`);
  return faults;
}

function filesOf(folder: string): ManifestEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.partial'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== MANIFEST)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return { name, bytes: bytes.length, sha256: sha256(bytes) };
    });
}

/** A crash leaves the old file or the new one, never half of either. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  const handle = openSync(partial, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, path);
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
