import type { Problem } from '../../model/problem.ts';
import { judgeBy } from '../check.ts';
import { loadPolicies, POLICIES_FOLDER } from '../policies.ts';
import { readSuppressions, type Suppression } from '../suppressions.ts';
import type { Judging } from './judgement.ts';
import type { EnforcementRules } from './rules.ts';

export interface GateFiles {
  /** Guard files and folders of one's own. */
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  /** Files of accepted findings. */
  readonly suppressions: readonly string[];
}

/** Reads the policies once; what cannot be read is a problem of every judgement, and the others judge. */
export function judgingBy(files: GateFiles, rules: EnforcementRules): Judging {
  const folders = [...(files.defaultPolicies ? [POLICIES_FOLDER] : []), ...files.policies];
  const loaded = loadPolicies(folders);
  const problems: Problem[] = [...loaded.problems];
  const suppressions: Suppression[] = [];
  for (const file of files.suppressions) {
    const read = readSuppressions(file);
    if (read.ok) suppressions.push(...read.value.suppressions);
    else problems.push(...read.problems);
  }
  return {
    judge: judgeBy(loaded.policies),
    rules,
    suppressions,
    problems,
    today: () => new Date().toISOString().slice(0, 10),
  };
}
