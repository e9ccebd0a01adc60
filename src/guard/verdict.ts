import { GuardFault } from './fault.ts';
import type { CompiledRule, Run, Status, Verdict } from './run.ts';
import { deeper, type Scope } from './scope.ts';
import type { ReferenceClause } from './syntax.ts';
import { Tally } from './tally.ts';

/** A name of several rules stands for the first of them that is not skipped. */
export function judgeReference(clause: ReferenceClause, scope: Scope): Status {
  const { run } = scope;
  const rules = run.rules.get(clause.rule);
  if (rules === undefined) throw new GuardFault(`there is no rule ${clause.rule}`);
  let verdict: Verdict = { status: 'SKIP', failures: [] };
  for (const rule of rules) {
    verdict = verdictOf(run, rule);
    if (verdict.status !== 'SKIP') break;
  }
  const error = verdict.failures.find((failure) => failure.error);
  if (error !== undefined)
    throw new GuardFault(`rule ${clause.rule} cannot be judged: ${error.reason}`, error.at);
  const holds = (verdict.status === 'PASS') !== clause.negated;
  if (holds) return 'PASS';
  const tally = new Tally(clause, scope);
  if (clause.negated || verdict.failures.length === 0) {
    tally.fail({ reason: `rule ${clause.rule} is ${verdict.status}` });
  } else {
    const { message } = clause;
    for (const failure of verdict.failures) {
      run.failures?.push({ ...failure, message: failure.message ?? message });
    }
  }
  return 'FAIL';
}

/** Judges a rule of the file, once. */
export function verdictOf(run: Run, rule: CompiledRule): Verdict {
  const known = run.verdicts.get(rule);
  if (known === 'judging') {
    throw new GuardFault(`rule ${rule.rule.name} needs itself`, undefined, { endless: true });
  }
  if (known !== undefined) return known;
  run.verdicts.set(rule, 'judging');
  const outer = { failures: run.failures, depth: run.depth };
  run.failures = [];
  let verdict: Verdict;
  try {
    verdict = { status: deeper(run, () => rule.judge(run.scope)), failures: run.failures };
  } catch (fault) {
    if (!(fault instanceof GuardFault)) throw fault;
    const { message: reason, node } = fault;
    const error = {
      clause: rule.rule,
      at: node ?? run.root,
      reason,
      error: true,
      message: undefined,
    } as const;
    verdict = { status: 'FAIL', failures: [...run.failures, error] };
  }
  run.failures = outer.failures;
  run.depth = outer.depth;
  run.verdicts.set(rule, verdict);
  return verdict;
}
