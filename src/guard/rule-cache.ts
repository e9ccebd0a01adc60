import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { failed, ok, type Problem, type Result, type SourceText } from '../model/problem.ts';
import { parseGuard } from './parse.ts';
import type { GuardFile, GuardSyntax } from './syntax.ts';

/** Raised whenever the parser or the shape of its result changes: what is cached under another version is not read. */
const VERSION = 1;

export interface LoadOptions {
  /**
   * A folder for parsed rules, made where it is missing. Whoever can write there decides what rules say:
   * it must belong to the user alone. Without it every file is parsed.
   */
  readonly cache?: string;
}

/** Reads rule files; what the same texts were parsed to before is taken from the cache. */
export function loadGuards(sources: readonly SourceText[], options: LoadOptions = {}): Result<GuardFile[]> {
  const path = options.cache === undefined ? undefined : join(options.cache, cacheName(sources));
  const cached = path === undefined ? undefined : readCache(path, sources.length);
  if (cached !== undefined) {
    return ok(cached.flatMap((syntax, index) => withSource(syntax, sources[index])));
  }
  const files: GuardFile[] = [];
  const problems: Problem[] = [];
  for (const source of sources) {
    const parsed = parseGuard(source);
    if (parsed.ok) files.push(parsed.value);
    else problems.push(...parsed.problems);
  }
  if (problems.length > 0) return failed(problems);
  if (path !== undefined) writeCache(path, files);
  return ok(files);
}

function withSource(syntax: GuardSyntax, source: SourceText | undefined): GuardFile[] {
  if (source === undefined) return [];
  const warnings = syntax.warnings.map((warning) => ({ ...warning, file: source.file }));
  return [{ ...syntax, source, warnings }];
}

/** One name for one list of texts, whatever their files are called. */
function cacheName(sources: readonly SourceText[]): string {
  const hash = createHash('sha256').update(`${VERSION}\n`);
  for (const { text } of sources) hash.update(`${text.length}\n`).update(text);
  return `guard-${hash.digest('hex')}.json`;
}

/** The first line is the checksum of the rest; anything else than it says is as good as nothing. */
function readCache(path: string, count: number): GuardSyntax[] | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const newline = text.indexOf('\n');
    const body = text.slice(newline + 1);
    if (text.slice(0, newline) !== checksum(body)) return undefined;
    const files = JSON.parse(body) as GuardSyntax[];
    return files.length === count ? files : undefined;
  } catch {
    return undefined;
  }
}

function writeCache(path: string, files: readonly GuardFile[]): void {
  const body = JSON.stringify(files.map(({ source: _, ...syntax }) => syntax));
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${checksum(body)}\n${body}`, { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // A cache that cannot be written costs time and nothing else.
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16);
}
