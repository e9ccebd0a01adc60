import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isRecord, parseJson } from '../formats/json.ts';
import { isGzip } from './fill.ts';
import { headOf } from './fingerprint.ts';
import { inputsOf } from './inputs.ts';

/** The files of folders that hold what a bucket holds, by the names of its objects. */
export interface Mirror {
  readonly size: number;
  /** The paths of files that have such a name. */
  named(pattern: RegExp): string[];
  /** The file of an object, wherever the folder of the mirror begins in the object's key. */
  find(key: string): string | undefined;
}

/** Throws an `InputError` for a path that does not exist. */
export function mirrorOf(patterns: readonly string[]): Mirror {
  const byName = new Map<string, string[]>();
  let size = 0;
  for (const path of new Set(inputsOf(patterns))) {
    const name = basename(path);
    byName.set(name, [...(byName.get(name) ?? []), path]);
    size++;
  }
  return {
    size,
    named: (pattern) => [...byName].flatMap(([name, paths]) => (pattern.test(name) ? paths : [])).sort(),
    find: (key) => {
      const paths = (byName.get(basename(key)) ?? []).filter((path) => isPlaceOf(path, key));
      return paths.sort((one, other) => commonEnd(other, key) - commonEnd(one, key))[0];
    },
  };
}

/** The folder that every key of a log has. */
const LOGS = 'AWSLogs';

/** Whether a path is the one of an object: the same from `AWSLogs` on, as far as the path goes back. */
export function isPlaceOf(path: string, key: string): boolean {
  const parts = componentsOf(path);
  const wanted = componentsOf(key);
  const common = commonEnd(path, key);
  const depth = parts.length - parts.lastIndexOf(LOGS);
  const fullDepth = wanted.length - wanted.lastIndexOf(LOGS);
  return parts.includes(LOGS) ? common >= Math.max(depth, fullDepth) : common > 0;
}

function commonEnd(path: string, key: string): number {
  const parts = componentsOf(path).reverse();
  const wanted = componentsOf(key).reverse();
  const differs = wanted.findIndex((part, index) => part !== parts[index]);
  return differs === -1 ? wanted.length : differs;
}

function componentsOf(path: string): string[] {
  return path.split(/[\\/]/).filter((part) => part !== '');
}

/** SHA-256 of a file's uncompressed content, or what is wrong with the file. */
export type HashedContent = { readonly hash: string } | { readonly fault: string };

export async function hashOfContent(path: string): Promise<HashedContent> {
  const hash = createHash('sha256');
  const fault = await readContent(path, (chunk) => {
    hash.update(chunk);
  });
  return fault === undefined ? { hash: hash.digest('hex') } : { fault };
}

/** Digests list at most some thousand files. */
const CONTENT_LIMIT = 64 * 1024 * 1024;

/** A file's uncompressed content as a whole; a text says what is wrong with the file. */
export async function wholeContent(path: string): Promise<Buffer | string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const fault = await readContent(path, (chunk) => {
    size += chunk.length;
    if (size > CONTENT_LIMIT) throw new Error(`longer than ${CONTENT_LIMIT / 1024 / 1024} MiB`);
    chunks.push(chunk);
  });
  return fault ?? Buffer.concat(chunks);
}

async function readContent(path: string, take: (chunk: Buffer) => void): Promise<string | undefined> {
  const consume = async (content: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of content) take(chunk);
  };
  try {
    if (isGzip(await headOf(path))) await pipeline(createReadStream(path), createGunzip(), consume);
    else await pipeline(createReadStream(path), consume);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') return 'its gzip ends in the middle';
    if (code?.startsWith('Z_')) return 'its gzip is damaged';
    return `it cannot be read: ${code ?? message}`;
  }
}

/**
 * The signature in an object's metadata, as it was saved beside the file: `FILE.signature` holds the
 * hex text, `FILE.json` what `aws s3api head-object` printed.
 */
export function signatureBeside(path: string): string | undefined {
  const plain = `${path}.signature`;
  if (existsSync(plain)) return hexOf(readFileSync(plain, 'utf8'));
  const head = `${path}.json`;
  if (!existsSync(head)) return undefined;
  const { value } = parseJson(readFileSync(head, 'utf8')) ?? { value: undefined };
  const metadata = isRecord(value) && isRecord(value.Metadata) ? value.Metadata : {};
  return hexOf(metadata.signature);
}

function hexOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return /^([0-9a-fA-F]{2})+$/.test(text) ? text : undefined;
}
