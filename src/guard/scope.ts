import { GuardFault } from './fault.ts';
import type { Found, Node, Unresolved } from './node.ts';
import type { Run } from './run.ts';

/** Where clauses are judged: a value, and the variables that are known there. */
export interface Scope {
  readonly run: Run;
  /** What `this` is and where queries begin. */
  readonly node: Node;
  /** Where a query that begins here looks for variables. */
  readonly lookup: Scope;
  resolve(name: string): readonly Found[];
}

/** How a `let` gets its value, the first time it is asked. */
export type Binding =
  | { readonly rank: 'literal'; readonly values: readonly Node[] }
  | { readonly rank: 'call' | 'query'; evaluate(scope: Scope): readonly Found[] };

export type Bindings = ReadonlyMap<string, Binding>;

/** A block and its variables. Scopes are made by the million, so they are classes: closures would cost twice the time. */
class BlockScope implements Scope {
  readonly run: Run;
  readonly node: Node;
  private readonly outer: Scope | undefined;
  private readonly bindings: Bindings;
  private values: Map<string, readonly Found[]> | undefined;

  constructor(run: Run, node: Node, outer: Scope | undefined, bindings: Bindings) {
    this.run = run;
    this.node = node;
    this.outer = outer;
    this.bindings = bindings;
  }

  get lookup(): Scope {
    return this;
  }

  resolve(name: string): readonly Found[] {
    const binding = this.bindings.size === 0 ? undefined : this.bindings.get(name);
    if (binding === undefined) return this.outer?.resolve(name) ?? captured(this.run, name);
    if (binding.rank === 'literal') return binding.values;
    const known = this.values?.get(name);
    if (known !== undefined) return known;
    const found = deeper(this.run, () => binding.evaluate(this));
    this.values ??= new Map();
    this.values.set(name, found);
    return found;
  }
}

function captured(run: Run, name: string): readonly Found[] {
  const keys = run.captured.get(name);
  if (keys === undefined) throw new GuardFault(`there is no variable ${name} here`);
  return keys;
}

export function rootScope(run: Run, bindings: Bindings): Scope {
  return new BlockScope(run, run.root, undefined, bindings);
}

/** The scope of a block: its own variables, then those of whoever called it. */
export function blockScope(outer: Scope, bindings: Bindings): Scope {
  return new BlockScope(outer.run, outer.node, outer, bindings);
}

class ValueScope implements Scope {
  readonly run: Run;
  readonly node: Node;
  readonly lookup: Scope;

  constructor(outer: Scope, node: Node) {
    this.run = outer.run;
    this.node = node;
    this.lookup = outer;
  }

  resolve(name: string): readonly Found[] {
    return this.lookup.resolve(name);
  }
}

/** A value that a block or a filter looks at; its queries find variables where the block stands. */
export function valueScope(outer: Scope, node: Node): Scope {
  return new ValueScope(outer, node);
}

class OperandScope implements Scope {
  readonly run: Run;
  readonly node: Node;
  readonly lookup: Scope;
  private readonly outer: Scope;
  private readonly names: readonly string[];
  private readonly values: readonly (readonly Found[])[];

  constructor(outer: Scope, names: readonly string[], values: readonly (readonly Found[])[]) {
    this.run = outer.run;
    this.node = outer.node;
    this.lookup = outer.lookup;
    this.outer = outer;
    this.names = names;
    this.values = values;
  }

  resolve(name: string): readonly Found[] {
    const index = this.names.indexOf(name);
    return (index === -1 ? undefined : this.values[index]) ?? this.outer.resolve(name);
  }
}

/** The operands of a called rule, by the names of its parameters. */
export function operandScope(
  outer: Scope,
  names: readonly string[],
  values: readonly (readonly Found[])[],
): Scope {
  return new OperandScope(outer, names, values);
}

/** Real rules stay under 20; a rule that calls itself, or a variable that needs itself, never ends. */
const DEPTH_LIMIT = 120;
/** Blocks, calls, variables and filters of one rule file on one document; 500 resources need under 100,000. */
const STEP_LIMIT = 2_000_000;

export function deeper<T>(run: Run, evaluate: () => T): T {
  if (run.depth >= DEPTH_LIMIT || run.steps >= STEP_LIMIT) {
    const limit =
      run.depth >= DEPTH_LIMIT
        ? `calls, blocks or variables stand in each other more than ${DEPTH_LIMIT} levels deep`
        : `the rule takes more than ${STEP_LIMIT} steps`;
    throw new GuardFault(limit, undefined, { endless: true });
  }
  run.depth++;
  run.steps++;
  try {
    return evaluate();
  } finally {
    run.depth--;
  }
}

/** Evaluates without writing down failures: conditions and filters choose, they do not judge. */
export function unrecorded<T>(run: Run, evaluate: () => T): T {
  const { failures } = run;
  run.failures = undefined;
  try {
    return evaluate();
  } finally {
    run.failures = failures;
  }
}

export function unresolved(at: Node, rest: string, reason: string): Unresolved {
  return { kind: 'unresolved', at, rest, reason };
}
