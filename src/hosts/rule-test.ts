import { parseRuleCases } from '../detect/rule-cases.ts';
import { type AttackCoverage, attackCoverage } from '../detect/rule-cases-coverage.ts';
import type { CaseSuite } from '../detect/rule-cases-junit.ts';
import { type CaseContext, type FindingRule, findingRules, runRuleCases } from '../detect/rule-cases-run.ts';
import { buildRuleSet } from '../detect/rules.ts';
import { failed, ok, type Problem, type Result } from '../model/problem.ts';
import type { Pipeline } from '../sigma/pipeline.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { RuleFile } from './rule-files.ts';

/** What the cases beside rules said. */
export interface RuleTest {
  readonly suites: readonly CaseSuite[];
  /** Rules that make findings. */
  readonly rules: number;
  /** Ids of those that have no case. */
  readonly withoutCases: readonly string[];
  readonly coverage: AttackCoverage;
}

/** Runs the cases beside rule files, each file with what its cases say of lists. Every problem is reported at once. */
export function testRules(
  files: readonly RuleFile[],
  placeholders: Placeholders,
  pipelines: readonly Pipeline[],
  context: CaseContext,
): Result<RuleTest> {
  const problems: Problem[] = [];
  const suites: CaseSuite[] = [];
  const rules: FindingRule[] = [];
  const tested = new Set<string>();
  for (const { source, cases: casesSource, needs } of files) {
    const cases = casesSource === undefined ? undefined : parseRuleCases(casesSource);
    if (cases?.ok === false) problems.push(...cases.problems);
    const lists = cases?.ok ? new Map([...placeholders, ...cases.value.lists]) : placeholders;
    const set = buildRuleSet([source, ...needs], lists, pipelines);
    problems.push(...set.problems.filter(({ file }) => file === source.file));
    const own = findingRules(set).filter(({ document }) => document.source.file === source.file);
    rules.push(...own);
    if (cases?.ok !== true || set.problems.length > 0) continue;
    const results = runRuleCases(set, own, cases.value, context);
    if (!results.ok) problems.push(...results.problems);
    else {
      suites.push({ file: source.file, results: results.value });
      for (const { rule } of results.value) tested.add(rule);
    }
  }
  if (problems.length > 0) return failed(problems);
  return ok({
    suites,
    rules: rules.length,
    withoutCases: rules.map(({ id }) => id).filter((id) => !tested.has(id)),
    coverage: attackCoverage(rules),
  });
}
