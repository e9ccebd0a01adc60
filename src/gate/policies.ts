import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileGuard } from '../guard/compile.ts';
import { parseGuard } from '../guard/parse.ts';
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
  for (const source of policySources(paths, problems)) {
    const parsed = parseGuard(source);
    if (!parsed.ok) {
      problems.push(...parsed.problems);
      continue;
    }
    const policy = policyOf(source, compileGuard(parsed.value));
    const twin = ids.get(policy.header.id);
    if (twin !== undefined) {
      problems.push(problemOfFile(source.file, `the id ${policy.header.id} is taken by ${twin}`));
      continue;
    }
    ids.set(policy.header.id, source.file);
    policies.push(policy);
  }
  return { policies, problems };
}

function policySources(paths: readonly string[], problems: Problem[]): SourceText[] {
  return paths.flatMap((path) => {
    if (!existsSync(path)) {
      problems.push(problemOfFile(path, 'there is no such file or folder'));
      return [];
    }
    const files = statSync(path).isDirectory() ? guardFiles(path) : [path];
    if (files.length === 0) problems.push(problemOfFile(path, 'no Guard file is in this folder'));
    return files.map((file) => ({ file: shortFile(file), text: readFileSync(file, 'utf8') }));
  });
}

function guardFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(guard|ruleset)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
