import { InputError } from '../model/problem.ts';
import { type Chunk, filesOf, type ReadOptions, readFile, readStream } from './files.ts';

/** The name that stands for standard input on a command line. */
export const STDIN = '-';

/** The files that a command line names; throws {@link InputError} for a name that means none. */
export function inputsOf(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = pattern === STDIN ? [STDIN] : filesOf(pattern);
    if (found.length === 0) throw new InputError(`${pattern}: no such file`);
    return found;
  });
}

/** Reads a file or standard input once, to its end. */
export function readInput(
  path: string,
  options: Omit<ReadOptions, 'position' | 'final'> = {},
): AsyncGenerator<Chunk> {
  return path === STDIN
    ? readStream(process.stdin, 'stdin', options)
    : readFile(path, { ...options, final: true });
}
