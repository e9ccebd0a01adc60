import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runGuardTests, type TestOutcome } from '../guard/test-file.ts';
import type { Problem } from '../model/problem.ts';
import type { Policy } from './policy.ts';

export interface PolicyTest extends TestOutcome {
  readonly file: string;
}

export interface PolicyTestResult {
  readonly tests: readonly PolicyTest[];
  readonly problems: readonly Problem[];
  /** Policies that have no test file. */
  readonly untested: readonly string[];
}

/** Runs Guard's unit-test files: `NAME.tests.yml`, `NAME_tests.json`, also in a folder `tests` beside the rules. */
export function testPolicies(policies: readonly Policy[]): PolicyTestResult {
  const tests: PolicyTest[] = [];
  const problems: Problem[] = [];
  const untested: string[] = [];
  for (const { source, guard, header } of policies) {
    const file = testFileOf(source.file);
    if (file === undefined) {
      untested.push(header.id);
      continue;
    }
    const outcomes = runGuardTests(guard, { file, text: readFileSync(file, 'utf8') });
    if (outcomes.ok) tests.push(...outcomes.value.map((outcome) => ({ ...outcome, file })));
    else problems.push(...outcomes.problems);
  }
  return { tests, problems, untested };
}

function testFileOf(guardFile: string): string | undefined {
  const name = basename(guardFile).replace(/\.(guard|ruleset)$/, '');
  const folder = dirname(guardFile);
  for (const place of [folder, join(folder, 'tests')]) {
    for (const ending of ['yml', 'yaml', 'json']) {
      for (const joint of ['.', '_']) {
        const file = join(place, `${name}${joint}tests.${ending}`);
        if (existsSync(file)) return file;
      }
    }
  }
  return undefined;
}
