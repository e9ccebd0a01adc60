import type { Json } from '../model/json.ts';
import type { Place } from '../model/problem.ts';

import type { CompiledGuard } from './compile.ts';
import { explain, placeIn } from './explain.ts';
import { documentNode, type Node } from './node.ts';
import type { Run } from './run.ts';
import { rootScope, type Scope } from './scope.ts';
import { verdictOf } from './verdict.ts';

/** What one rule says of one document. */
export interface RuleVerdict {
  readonly rule: string;
  /** ERROR: a clause met something that it cannot judge; the other clauses and rules were judged. */
  readonly status: 'PASS' | 'FAIL' | 'SKIP' | 'ERROR';
  /** Every value that did not comply; of an ERROR also what could not be judged. */
  readonly checks: readonly FailedCheck[];
  /** Of the name of the rule in its file. */
  readonly place: Place;
}

/** One value that does not comply with one clause. */
export interface FailedCheck {
  /** Where in the document; where something is missing, the deepest place that is there. */
  readonly path: readonly (string | number)[];
  /** The `<< … >>` of the clause, or of the call that led to it, without its indentation. */
  readonly message?: string;
  /** The clause as the rule file has it. */
  readonly clause: string;
  /** Of the clause in the rule file. */
  readonly place: Place;
  readonly found?: Json;
  readonly expected?: Json;
  /** The query led nowhere. */
  readonly missing?: true;
  /** The clause could not be judged. */
  readonly error?: true;
  /** Why, in one sentence without a full stop, safe on a terminal; `found` and `path` are as the document has them. */
  readonly reason: string;
}

const roots = new WeakMap<object, Node>();

/** The nodes of a document, which all rule files share. */
function rootOf(document: Json): Node {
  if (typeof document !== 'object' || document === null) return documentNode(document);
  let root = roots.get(document);
  if (root === undefined) {
    root = documentNode(document);
    roots.set(document, root);
  }
  return root;
}

/** Judges a document by every rule of a file. It must not change as long as it is judged. */
export function evaluate(guard: CompiledGuard, document: Json): RuleVerdict[] {
  const run: Omit<Run, 'scope'> & { scope?: Scope } = {
    root: rootOf(document),
    rules: guard.byName,
    parameterized: guard.parameterized,
    verdicts: new Map(),
    captured: new Map(),
    failures: undefined,
    depth: 0,
    steps: 0,
  };
  const prepared: Run = Object.assign(run, { scope: rootScope(run as Run, guard.bindings) });
  return guard.rules.map((rule) => {
    prepared.steps = 0;
    const { status, failures } = verdictOf(prepared, rule);
    const erroneous = failures.some(({ error }) => error);
    return {
      rule: rule.rule.name,
      status: erroneous ? 'ERROR' : status,
      checks: status === 'FAIL' ? failures.map((failure) => explain(failure, guard.file.source)) : [],
      place: placeIn(guard.file.source, rule.rule.span),
    };
  });
}
