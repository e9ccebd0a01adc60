import type { Node } from './node.ts';
import type { Outcome } from './operators.ts';
import type { Scope } from './scope.ts';
import type { Clause, Rule } from './syntax.ts';

export type Status = 'PASS' | 'FAIL' | 'SKIP';

/** One value that did not comply with one clause, or a clause that could not be judged. */
export interface Failure {
  readonly clause: Clause | Rule;
  /** The value that the clause was judged at. */
  readonly at: Node;
  readonly outcome?: Outcome;
  /** Why, where the outcome does not say it. */
  readonly reason?: string;
  /** The clause could not be judged. */
  readonly error?: true;
  message: string | undefined;
}

export interface CompiledRule {
  readonly rule: Rule;
  judge(scope: Scope): Status;
}

export interface Verdict {
  readonly status: Status;
  readonly failures: readonly Failure[];
}

/** What one evaluation of one rule file on one document remembers. */
export interface Run {
  readonly root: Node;
  readonly rules: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly parameterized: ReadonlyMap<string, CompiledRule>;
  /** Verdicts of rules, so that a rule which many others name is judged once; `judging` while it is. */
  readonly verdicts: Map<CompiledRule, Verdict | 'judging'>;
  /** Keys that `[ name | … ]` captured, by the name. */
  readonly captured: Map<string, Node[]>;
  /** The scope of the file itself, where every named rule is judged. */
  scope: Scope;
  /** Where failures are written; nothing inside conditions and filters. */
  failures: Failure[] | undefined;
  /** Blocks, rules, variables and filters inside each other at this moment. */
  depth: number;
  steps: number;
}
