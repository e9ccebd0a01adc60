import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Json } from '../model/json.ts';
import { sha256 } from './digest.ts';
import { PARTIAL, writeDurably } from './durable.ts';

/** The folder that holds the evidence of one case. */
export interface CaseFile {
  readonly caseId: string;
  readonly folder: string;
  /**
   * Writes one piece of evidence durably. Once the case is sealed, the piece is sealed at once as a part
   * of its own; what is sealed is never written over: another content gets a name with a number.
   */
  write(name: string, content: string | Uint8Array): void;
  writeJson(name: string, content: Json): void;
  /** Seals all that was written as the first part; a case that is sealed stays as it is. */
  seal(): Manifest;
  /** Writes pieces and seals them as one further part; answers the newest part when all are sealed already. */
  addPart(pieces: ReadonlyMap<string, string | Uint8Array>, ledger?: readonly number[]): Manifest;
  /** The manifest of the first part: what was sealed before anything irreversible. */
  manifest(): Manifest | undefined;
  /** Those of all parts, in their order. */
  manifests(): Manifest[];
}

/** What one part of a case holds. */
export interface Manifest {
  readonly caseId: string;
  /** 1 for what was sealed first. */
  readonly part: number;
  /** The SHA-256 of the manifest before it; absent in the first. */
  readonly previous?: string;
  /** One entry a file, sorted by name. */
  readonly files: readonly ManifestEntry[];
  /** Sequence numbers of the ledger entries that the part has, where it has some. */
  readonly ledger?: readonly number[];
  /** The name of the manifest file, and its SHA-256 in hexadecimal. */
  readonly name: string;
  readonly hash: string;
}

export interface ManifestEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const SIGNATURE = '.sig';
const MANIFEST = /^manifest(-\d+)?\.json(\.sig)?$/;

function manifestName(part: number): string {
  return part === 1 ? 'manifest.json' : `manifest-${part}.json`;
}

export function caseFile(root: string, caseId: string): CaseFile {
  const folder = join(root, caseId);
  const manifests = (): Manifest[] => readManifests(folder).manifests;
  const writeManifest = (content: Omit<Manifest, 'name' | 'hash'>): Manifest => {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    const name = manifestName(content.part);
    writeDurably(join(folder, name), text);
    return { ...content, name, hash: sha256(text) };
  };
  const sealFirst = (ledger?: readonly number[]): Manifest => {
    const files = filesOf(folder).filter(({ name }) => !MANIFEST.test(name) && !name.endsWith(PARTIAL));
    return writeManifest({ caseId, part: 1, files, ...(ledger === undefined ? {} : { ledger }) });
  };
  const addPart: CaseFile['addPart'] = (pieces, ledger) => {
    const before = manifests();
    const last = before.at(-1);
    if (last === undefined) {
      for (const [name, content] of pieces) writeDurably(join(folder, name), content);
      return sealFirst(ledger);
    }
    const sealed = new Map(before.flatMap(({ files }) => files.map((entry) => [entry.name, entry.sha256])));
    const files: ManifestEntry[] = [];
    for (const [wanted, content] of pieces) {
      const entry = { bytes: Buffer.byteLength(content), sha256: sha256(content) };
      const name = freeName(wanted, (one) => sealed.has(one) && sealed.get(one) !== entry.sha256);
      if (sealed.has(name)) continue;
      writeDurably(join(folder, name), content);
      files.push({ name, ...entry });
    }
    if (files.length === 0) return last;
    const signatures = filesOf(folder).filter(
      ({ name }) => MANIFEST.test(name) && name.endsWith(SIGNATURE) && !sealed.has(name),
    );
    return writeManifest({
      caseId,
      part: last.part + 1,
      previous: last.hash,
      files: [...files, ...signatures].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...(ledger === undefined ? {} : { ledger }),
    });
  };
  const write = (name: string, content: string | Uint8Array): void => {
    if (manifests().length > 0) addPart(new Map([[name, content]]));
    else writeDurably(join(folder, name), content);
  };
  return {
    caseId,
    folder,
    write,
    writeJson: (name, content) => write(name, jsonText(content)),
    manifests,
    manifest: () => manifests()[0],
    seal: () => manifests()[0] ?? sealFirst(),
    addPart,
  };
}

/** JSON as it stands in a case folder. */
function jsonText(content: Json): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** `a.json`, `a-2.json`, `a-3.json`, …: the first that is not taken. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${stem}-${number}${extension}`;
    if (!isTaken(candidate)) return candidate;
  }
}

export interface EvidenceFault {
  readonly file: string;
  readonly fault: string;
}

/** What differs between a sealed case and its manifests; empty when every byte is as it was. */
export function verifyCase({ folder }: CaseFile): string[] {
  const { manifests, faults: unreadable } = readManifests(folder);
  if (manifests.length === 0 && unreadable.length === 0) return ['not sealed'];
  const faults = [...unreadable, ...fileFaults(folder, manifests)];
  return faults.filter(({ file }) => !file.endsWith(PARTIAL)).map(({ file, fault }) => `${file} ${fault}`);
}

/** Files that are not as the manifests say, manifests and their signatures aside. */
export function fileFaults(folder: string, manifests: readonly Manifest[]): EvidenceFault[] {
  const found = new Map(filesOf(folder).map((entry) => [entry.name, entry]));
  const faults: EvidenceFault[] = [];
  for (const { name, sha256: expected } of manifests.flatMap(({ files }) => files)) {
    const now = found.get(name);
    if (now === undefined) faults.push({ file: name, fault: 'is missing' });
    else if (now.sha256 !== expected) faults.push({ file: name, fault: 'was changed' });
    found.delete(name);
  }
  for (const file of found.keys()) if (!MANIFEST.test(file)) faults.push({ file, fault: 'was added' });
  return faults;
}

/** The manifests of a folder as far as they follow each other, and why they go no further. */
export function readManifests(folder: string): {
  readonly manifests: Manifest[];
  readonly faults: EvidenceFault[];
} {
  const manifests: Manifest[] = [];
  const faults: EvidenceFault[] = [];
  const last = lastPart(folder);
  for (let part = 1; part <= last; part++) {
    const name = manifestName(part);
    const path = join(folder, name);
    const text = existsSync(path) ? readFileSync(path) : undefined;
    const manifest = text === undefined ? undefined : parseManifest(text, name, part);
    if (text === undefined) faults.push({ file: name, fault: 'is missing' });
    else if (manifest === undefined) faults.push({ file: name, fault: 'was changed: it cannot be read' });
    else {
      const before = manifests.at(-1);
      if (before?.part === part - 1 && manifest.previous !== before.hash)
        faults.push({ file: before.name, fault: `was changed: ${name} follows another` });
      manifests.push(manifest);
    }
  }
  return { manifests, faults };
}

function lastPart(folder: string): number {
  if (!existsSync(folder)) return 0;
  const parts = readdirSync(folder).flatMap((name) => {
    const [, number] = /^manifest(?:-(\d{1,6}))?\.json(?:\.sig)?$/.exec(name) ?? [undefined, ''];
    return number === '' ? [] : [Number(number ?? 1)];
  });
  return Math.max(0, ...parts);
}

function parseManifest(text: Buffer, name: string, part: number): Manifest | undefined {
  try {
    const content = JSON.parse(text.toString('utf8')) as Omit<Manifest, 'hash' | 'name'>;
    const readable =
      Array.isArray(content.files) &&
      content.files.every((file) => typeof file?.name === 'string' && typeof file.sha256 === 'string');
    return readable ? { ...content, part, name, hash: sha256(text) } : undefined;
  } catch {
    return undefined;
  }
}

/** All that is in a folder; what is no file (a link, a device) has no hash, as it cannot be evidence. */
export function filesOf(folder: string): ManifestEntry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path).split(sep).join('/');
      if (!entry.isFile()) return { name, bytes: 0, sha256: '' };
      const bytes = readFileSync(path);
      return { name, bytes: bytes.length, sha256: sha256(bytes) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
