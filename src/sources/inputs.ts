import { InputError } from '../model/problem.ts';
import { type Chunk, filesOf, type ReadOptions, readFile, readStream } from './files.ts';

/** The name that stands for standard input on a command line. */
export const STDIN = '-';

/** How the name of a place in S3 begins: `s3://BUCKET/PREFIX`. */
const OBJECTS = 's3://';

export function isObjectUrl(input: string): boolean {
  return input.startsWith(OBJECTS);
}

/** The files that a command line names; places in S3 stay as they are. Throws {@link InputError} for a name that means none. */
export function inputsOf(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = pattern === STDIN || isObjectUrl(pattern) ? [pattern] : filesOf(pattern);
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
