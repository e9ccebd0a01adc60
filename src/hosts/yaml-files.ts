import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CASES_SUFFIX } from '../detect/rule-cases.ts';
import { type Problem, problemOfFile, type SourceText } from '../model/problem.ts';

/** The YAML files of a folder and those in it, or one file; cases of rules aside. */
export function yamlFiles(path: string, problems: Problem[]): SourceText[] {
  if (!existsSync(path)) {
    problems.push(problemOfFile(path, 'there is no such file or folder'));
    return [];
  }
  const files = statSync(path).isDirectory()
    ? globSync('**/*.{yml,yaml}', { cwd: path })
        .filter((name) => !name.endsWith(CASES_SUFFIX))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return files.flatMap((file) => {
    const text = readText(file, problems);
    return text === undefined ? [] : [{ file, text }];
  });
}

export function readText(path: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(problemOfFile(path, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`));
    return undefined;
  }
}
