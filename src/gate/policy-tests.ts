import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { evaluate } from '../guard/evaluate.ts';
import type { Problem } from '../model/problem.ts';
import { problemAt } from '../model/problem.ts';
import { type LineIndex, lineIndex } from './line-index.ts';
import type { Policy } from './policy.ts';
import { entriesOf, itemsOf, member, type Node, textOf, toJson } from './template/node.ts';
import { readDocument } from './template/template.ts';

export interface PolicyTest {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly rule: string;
  readonly expected: string;
  readonly actual: string;
}

export interface PolicyTestResult {
  readonly tests: readonly PolicyTest[];
  readonly problems: readonly Problem[];
  /** Policies that no test file speaks of. */
  readonly untested: readonly string[];
}

/** Runs Guard's unit-test files: `NAME.tests.yml`, `NAME_tests.json`, also in a folder `tests` beside the rules. */
export function testPolicies(policies: readonly Policy[]): PolicyTestResult {
  const tests: PolicyTest[] = [];
  const problems: Problem[] = [];
  const untested: string[] = [];
  for (const policy of policies) {
    const file = testFileOf(policy.source.file);
    if (file === undefined) {
      untested.push(policy.header.id);
      continue;
    }
    const source = { file, text: readFileSync(file, 'utf8') };
    const read = readDocument(source);
    if (!read.ok) problems.push(...read.problems);
    else if (read.value.kind !== 'list') {
      problems.push(problemAt(source, 0, 1, 'a list of tests is expected', { expected: '- name: …' }));
    } else {
      const lines = lineIndex(source.text);
      for (const item of read.value.items) tests.push(...runTest(policy, file, item, lines));
    }
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

function runTest(policy: Policy, file: string, test: Node, lines: LineIndex): PolicyTest[] {
  const input = member(test, 'input');
  const verdicts = evaluate(policy.guard, input === undefined ? {} : toJson(input));
  const expectations = entriesOf(member(member(test, 'expectations'), 'rules'));
  return expectations.map(({ key: rule, value, keySpan }) => ({
    policy: policy.header.id,
    file,
    line: lines.placeOf(keySpan).line,
    name: textOf(member(test, 'name')) ?? `test ${itemsOf(test).length + 1}`,
    rule,
    expected: textOf(value)?.toUpperCase() ?? '',
    actual: statusOf(verdicts.filter((verdict) => verdict.rule === rule).map(({ status }) => status)),
  }));
}

/** Rules of one name are one to the tests: they fail together, and pass when one does. */
function statusOf(statuses: readonly string[]): string {
  for (const status of ['ERROR', 'FAIL', 'PASS', 'SKIP']) if (statuses.includes(status)) return status;
  return 'no such rule';
}
