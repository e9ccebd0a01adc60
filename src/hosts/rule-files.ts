import { existsSync } from 'node:fs';
import { CASES_SUFFIX } from '../detect/rule-cases.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { parseSigma } from '../sigma/parse.ts';
import { readText, yamlFiles } from './yaml-files.ts';

/** A file of rules and the cases beside it. */
export interface RuleFile {
  readonly source: SourceText;
  /** Absent where the file has none. */
  readonly cases?: SourceText;
  /** Other files with rules that correlations of this one name. */
  readonly needs: readonly SourceText[];
}

/** The rule files of folders and files; a file of cases stands for the rules it is beside. */
export function ruleFiles(paths: readonly string[], problems: Problem[]): RuleFile[] {
  const sources = paths
    .map((path) => (path.endsWith(CASES_SUFFIX) ? ruleFileBeside(path) : path))
    .flatMap((path) => yamlFiles(path, problems));
  const unique = [...new Map(sources.map((source) => [source.file, source])).values()];
  const parsed = unique.map((source) => ({ source, ...parseSigma(source) }));
  const definedIn = new Map<string, SourceText>();
  for (const { source, rules, correlations } of parsed) {
    for (const { id, name } of [...rules, ...correlations]) {
      definedIn.set(id, source);
      if (name !== undefined) definedIn.set(name, source);
    }
  }
  const neededBy = new Map(
    parsed.map(({ source, correlations }) => {
      const named = correlations.flatMap(({ rules }) => rules.flatMap((rule) => definedIn.get(rule) ?? []));
      return [source, named] as const;
    }),
  );
  return unique.map((source) => {
    const casesFile = source.file.replace(/\.ya?ml$/, CASES_SUFFIX);
    const text = existsSync(casesFile) ? readText(casesFile, problems) : undefined;
    return {
      source,
      ...(text === undefined ? {} : { cases: { file: casesFile, text } }),
      needs: closure(source, neededBy),
    };
  });
}

function ruleFileBeside(casesFile: string): string {
  const name = casesFile.slice(0, -CASES_SUFFIX.length);
  return existsSync(`${name}.yaml`) ? `${name}.yaml` : `${name}.yml`;
}

/** The files that a file needs, and those that they need; without itself. */
function closure(source: SourceText, neededBy: ReadonlyMap<SourceText, readonly SourceText[]>): SourceText[] {
  const found = new Set([source]);
  // A set that grows while it is walked is walked to its end.
  for (const one of found) for (const needed of neededBy.get(one) ?? []) found.add(needed);
  found.delete(source);
  return [...found];
}
