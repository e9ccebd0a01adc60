import { execFileSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { InputError } from '../model/problem.ts';

/** The texts that files had at a revision of the repository they are in. */
export interface GitBase {
  /** Nothing where the file was not there. */
  textOf(file: string): string | undefined;
}

export function gitBase(revision: string): GitBase {
  const run = (folder: string, ...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commits = new Map<string, string>();

  function commitIn(folder: string): string {
    const known = commits.get(folder);
    if (known !== undefined) return known;
    let commit: string;
    try {
      commit = run(
        folder,
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${revision}^{commit}`,
      ).trim();
    } catch {
      throw new InputError(`--diff: git knows no revision ${revision} in ${folder}`);
    }
    commits.set(folder, commit);
    return commit;
  }

  return {
    textOf(file) {
      const folder = dirname(resolve(file));
      const commit = commitIn(folder);
      try {
        const root = run(folder, 'rev-parse', '--show-prefix').trim();
        const name = resolve(file).slice(folder.length + 1);
        return run(folder, 'show', `${commit}:${root}${name}`);
      } catch {
        return undefined;
      }
    },
  };
}
