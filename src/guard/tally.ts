import { GuardFault } from './fault.ts';
import type { Outcome } from './operators.ts';
import type { Status } from './run.ts';
import type { Scope } from './scope.ts';
import type { Clause } from './syntax.ts';

/** Counts what became of the values of one clause. */
export class Tally {
  passes = 0;
  private fails = 0;
  private readonly clause: Clause;
  private readonly scope: Scope;
  private readonly begun: number;

  constructor(clause: Clause, scope: Scope) {
    this.clause = clause;
    this.scope = scope;
    this.begun = scope.run.failures?.length ?? 0;
  }

  count(outcome: Outcome): void {
    if (outcome.pass) this.passes++;
    else this.fail({ outcome });
  }

  add(status: Status): void {
    if (status === 'PASS') this.passes++;
    else if (status === 'FAIL') this.fails++;
  }

  fail(why: { readonly outcome?: Outcome; readonly reason?: string; readonly error?: true }): void {
    this.fails++;
    const { clause, scope } = this;
    scope.run.failures?.push({ clause, at: scope.node, message: clause.message, ...why });
  }

  /** Inside a condition or a filter there is nobody to go on for: the fault travels on. */
  error(fault: GuardFault): void {
    const { clause, scope } = this;
    if (scope.run.failures === undefined) throw fault;
    this.fails++;
    const { message: reason, node } = fault;
    scope.run.failures.push({ clause, at: node ?? scope.node, message: clause.message, reason, error: true });
  }

  /** Of a comparison: every value must pass, with `some` one. */
  status(some: boolean): Status {
    const passes = some ? this.passes > 0 : this.fails === 0;
    if (passes) this.forget();
    return passes ? 'PASS' : 'FAIL';
  }

  /** Of a block: as of a comparison, and SKIP when every value was skipped. */
  blockStatus(some: boolean): Status {
    const passes = this.passes > 0 && (some || this.fails === 0);
    if (passes) this.forget();
    return passes ? 'PASS' : this.fails > 0 ? 'FAIL' : 'SKIP';
  }

  private forget(): void {
    const { failures } = this.scope.run;
    if (failures !== undefined) failures.length = this.begun;
  }
}

/** A clause as a closure. */
export interface JudgedClause {
  readonly clause: Clause;
  judge(scope: Scope): Status;
}

/** Alternatives: the first that passes decides; failures of those before it are no failures. */
export function judgeLine(line: readonly JudgedClause[], scope: Scope): Status {
  const { failures } = scope.run;
  const begun = failures?.length ?? 0;
  let fails = false;
  for (const judged of line) {
    const status = failures === undefined ? judged.judge(scope) : judgeRecorded(judged, scope);
    if (status === 'PASS') {
      if (failures !== undefined) failures.length = begun;
      return 'PASS';
    }
    fails ||= status === 'FAIL';
  }
  return fails ? 'FAIL' : 'SKIP';
}

/** A clause that cannot be judged is written down, and the next one is judged. */
function judgeRecorded(judged: JudgedClause, scope: Scope): Status {
  try {
    return judged.judge(scope);
  } catch (fault) {
    if (!(fault instanceof GuardFault) || fault.endless) throw fault;
    new Tally(judged.clause, scope).error(fault);
    return 'FAIL';
  }
}
