import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileGuard } from '../guard/compile.ts';
import { parseGuard } from '../guard/parse.ts';
import { loadGuards } from '../guard/rule-cache.ts';
import type { GuardFile } from '../guard/syntax.ts';
import { type Problem, problemOfFile, type SourceText } from '../model/problem.ts';
import { type Policy, policyOf } from './policy.ts';
import { shortFile } from './short-file.ts';

/** The folder of the policies in the box. */
export const POLICIES_FOLDER = fileURLToPath(new URL('../../policies', import.meta.url));

export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** Every Guard file below the folders; a file that is wrong is a problem, and the others go on. */
export function loadPolicies(paths: readonly string[]): PolicySet {
  const policies: Policy[] = [];
  const problems: Problem[] = [];
  const ids = new Map<string, string>();
  for (const path of paths) {
    for (const file of parsed(policySources(path, problems), problems)) {
      const policy = policyOf(file.source, compileGuard(file));
      const twin = ids.get(policy.header.id);
      if (twin !== undefined) {
        problems.push(problemOfFile(file.source.file, `the id ${policy.header.id} is taken by ${twin}`));
        continue;
      }
      ids.set(policy.header.id, file.source.file);
      policies.push(policy);
    }
  }
  return { policies, problems };
}

function parsed(sources: readonly SourceText[], problems: Problem[]): readonly GuardFile[] {
  const loaded = loadGuards(sources, { cache: cacheFolder() });
  if (loaded.ok) return loaded.value;
  problems.push(...loaded.problems);
  return sources.flatMap((source) => {
    const file = parseGuard(source);
    return file.ok ? [file.value] : [];
  });
}

/** Of this user alone, as the cache asks (XDG Base Directory Specification). */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cordon');
}

function policySources(path: string, problems: Problem[]): SourceText[] {
  if (!existsSync(path)) {
    problems.push(problemOfFile(path, 'there is no such file or folder'));
    return [];
  }
  const files = statSync(path).isDirectory() ? guardFiles(path) : [path];
  if (files.length === 0) problems.push(problemOfFile(path, 'no Guard file is in this folder'));
  return files.map((file) => ({ file: shortFile(file), text: readFileSync(file, 'utf8') }));
}

function guardFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(guard|ruleset)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
