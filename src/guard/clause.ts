import type { Applies } from './applicability.ts';
import { GuardFault } from './fault.ts';
import { callFunction } from './functions.ts';
import { elementsOf, type Found, literalNode, membersOf, type Node, plainNode } from './node.ts';
import { compare, type Outcome } from './operators.ts';
import { type ClauseCompiler, type CompiledQuery, compileQuery } from './query.ts';
import type { CompiledRule, Run, Status, Verdict } from './run.ts';
import {
  type Binding,
  type Bindings,
  blockScope,
  deeper,
  operandScope,
  type Scope,
  unrecorded,
  valueScope,
} from './scope.ts';
import {
  type Assignment,
  type BinaryClause,
  type Block,
  type BlockClause,
  type CallClause,
  type Clause,
  type Conditions,
  isFunctionName,
  type Operand,
  type Query,
  type ReferenceClause,
  type Rule,
  type Span,
  type TypeClause,
  type UnaryClause,
} from './syntax.ts';

type Judge = (scope: Scope) => Status;
type ReadOperand = (scope: Scope) => readonly Found[];

/** Turns the clauses of one file into closures, each the first time it is judged. */
export class Compiler implements ClauseCompiler {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  textOf(span: Span): string {
    return this.text.slice(span[0], span[1]);
  }

  rule(rule: Rule, applies: Applies = () => true): CompiledRule {
    const when = rule.when === undefined ? undefined : lazy(() => this.conditions(rule.when ?? []));
    const block = lazy(() => this.block(rule.block));
    return {
      rule,
      judge(scope) {
        if (when === undefined) return block()(scope);
        if (!applies(scope)) return 'SKIP';
        return unrecorded(scope.run, () => when()(scope)) === 'PASS' ? block()(scope) : 'SKIP';
      },
    };
  }

  bindings(assignments: readonly Assignment[]): Bindings {
    const bindings = new Map<string, Binding>();
    for (const { name, operand } of assignments) {
      const binding = this.binding(operand);
      const before = bindings.get(name);
      if (before === undefined || RANKS.indexOf(binding.rank) <= RANKS.indexOf(before.rank)) {
        bindings.set(name, binding);
      }
    }
    return bindings;
  }

  private binding(operand: Operand): Binding {
    if (operand.kind === 'literal') return { rank: 'literal', values: [literalNode(operand.literal)] };
    const read = lazy(() => this.operand(operand));
    if (operand.kind === 'call') return { rank: 'call', evaluate: (scope) => read()(scope) };
    if (!operand.query.some) return { rank: 'query', evaluate: (scope) => read()(scope) };
    const kept = (one: Found): boolean => one.kind !== 'unresolved' && !one.literal;
    return { rank: 'query', evaluate: (scope) => read()(scope).filter(kept) };
  }

  operand(operand: Operand): ReadOperand {
    if (operand.kind === 'literal') {
      const values = [literalNode(operand.literal)];
      return () => values;
    }
    if (operand.kind === 'query') {
      const query = this.query(operand.query);
      return (scope) => query(scope.node, scope);
    }
    const { name, operands } = operand.call;
    if (!isFunctionName(name)) throw new GuardFault(`there is no function ${name}`);
    const read = operands.map((inner) => this.operand(inner));
    return (scope) =>
      callFunction(
        name,
        read.map((one) => one(scope)),
      );
  }

  private query(query: Query): CompiledQuery {
    return compileQuery(query, this);
  }

  private block(block: Block): Judge {
    const bindings = this.bindings(block.assignments);
    const conditions = this.conditions(block.clauses);
    return (scope) => deeper(scope.run, () => conditions(blockScope(scope, bindings)));
  }

  /** Conjunctive normal form: FAIL when a line fails, PASS when one passes, else SKIP. */
  conditions(conditions: Conditions): Judge {
    const lines = conditions.map((line) => line.map((clause) => lazyClause(clause, this)));
    return (scope) => {
      let passes = false;
      let fails = false;
      for (const line of lines) {
        const status = judgeLine(line, scope);
        if (status === 'PASS') passes = true;
        else if (status === 'FAIL') fails = true;
      }
      return fails ? 'FAIL' : passes ? 'PASS' : 'SKIP';
    };
  }

  clause(clause: Clause): Judge {
    switch (clause.kind) {
      case 'unary':
        return this.unary(clause);
      case 'binary':
        return this.binary(clause);
      case 'block':
        return this.blockClause(clause);
      case 'type':
        return this.typeClause(clause);
      case 'when': {
        const when = this.conditions(clause.when);
        const block = lazy(() => this.block(clause.block));
        return (scope) => (unrecorded(scope.run, () => when(scope)) === 'PASS' ? block()(scope) : 'SKIP');
      }
      case 'reference':
        return (scope) => judgeReference(clause, scope);
      case 'call':
        return this.call(clause);
    }
  }

  private unary(clause: UnaryClause): Judge {
    const query = this.query(clause.query);
    const { operator, negated, inverted } = clause;
    const opposite = negated !== inverted;
    const last = clause.query.parts.at(-1);
    const selection =
      last?.kind === 'filter' ||
      last?.kind === 'keys' ||
      (last?.kind === 'variable' && clause.query.parts.length === 1);
    const ofSelection = operator === 'empty' && selection;
    return (scope) => {
      const found = query(scope.node, scope);
      const tally = new Tally(clause, scope);
      if (found.length === 0) {
        if (!ofSelection) return 'SKIP';
        if (opposite) tally.fail({ reason: 'the selection is empty' });
        return opposite ? 'FAIL' : 'PASS';
      }
      for (const one of found) {
        const holds = ofSelection
          ? one.kind === 'unresolved' || one.kind === 'null'
          : unaryHolds(operator, one);
        if (holds === undefined) {
          tally.error(new GuardFault(`empty has no meaning for a value of type ${one.kind}`, placed(one)));
        } else if (holds !== opposite) tally.passes++;
        else tally.count({ pass: false, left: one });
      }
      return tally.status(clause.query.some);
    };
  }

  private binary(clause: BinaryClause): Judge {
    const query = this.query(clause.query);
    const operand = this.operand(clause.operand);
    const { operator, negated } = clause;
    return (scope) => {
      const right = operand(scope);
      const left = query(scope.node, scope);
      if (left.length === 0 || right.length === 0) return 'SKIP';
      const tally = new Tally(clause, scope);
      compare(operator, negated, left, right, (outcome) => tally.count(outcome));
      return tally.status(clause.query.some);
    };
  }

  private blockClause(clause: BlockClause): Judge {
    const query = this.query(clause.query);
    const block = lazy(() => this.block(clause.block));
    return (scope) => {
      const found = query(scope.node, scope);
      const tally = new Tally(clause, scope);
      if (found.length === 0) {
        if (clause.notEmpty) tally.fail({ reason: 'the selection is empty' });
        return clause.notEmpty ? 'FAIL' : 'SKIP';
      }
      for (const one of found) {
        if (one.kind === 'unresolved') tally.count({ pass: false, left: one });
        else tally.add(block()(valueScope(scope, plainNode(one))));
      }
      return tally.blockStatus(clause.query.some);
    };
  }

  private typeClause(clause: TypeClause): Judge {
    const when = clause.when === undefined ? undefined : this.conditions(clause.when);
    const query = this.query(resourcesQuery(clause));
    const block = lazy(() => this.block(clause.block));
    return (scope) => {
      if (when !== undefined && unrecorded(scope.run, () => when(scope)) !== 'PASS') return 'SKIP';
      const tally = new Tally(clause, scope);
      for (const one of query(scope.node, scope)) {
        if (one.kind === 'unresolved') {
          tally.error(new GuardFault(`no resources can be looked at: ${one.reason}`, one.at));
        } else tally.add(block()(valueScope(scope, one)));
      }
      return tally.blockStatus(false);
    };
  }

  private call(clause: CallClause): Judge {
    const { rule: name, message } = clause;
    const operands = clause.operands.map((operand) => this.callOperand(operand));
    return (scope) => {
      const { run } = scope;
      const called = run.parameterized.get(name);
      if (called === undefined) throw new GuardFault(`there is no parameterized rule ${name}`);
      const { parameters } = called.rule;
      if (parameters.length !== operands.length) {
        throw new GuardFault(`rule ${name} takes ${parameters.length} operands, here are ${operands.length}`);
      }
      const values = operands.map((operand) => operand(scope));
      const { failures } = run;
      const begun = failures?.length ?? 0;
      const status = deeper(run, () => called.judge(operandScope(scope, parameters, values)));
      if (message !== undefined && failures !== undefined) {
        for (let at = begun; at < failures.length; at++) {
          const failure = failures[at];
          if (failure !== undefined) failure.message ??= message;
        }
      }
      return status;
    };
  }

  /** A literal operand is a value like any other inside the rule that is called. */
  private callOperand(operand: Operand): ReadOperand {
    if (operand.kind !== 'literal') return this.operand(operand);
    const values = [plainNode(literalNode(operand.literal))];
    return () => values;
  }
}

const RANKS: readonly Binding['rank'][] = ['literal', 'call', 'query'];

function resourcesQuery({ span, type }: TypeClause): Query {
  const key = (name: string): Query => ({ span, some: false, parts: [{ kind: 'key', name }] });
  const literal = { kind: 'string', value: type } as const;
  const isOfType: Clause = {
    kind: 'binary',
    span,
    query: key('Type'),
    operator: '==',
    negated: false,
    operand: { kind: 'literal', literal },
  };
  const [resources] = key('Resources').parts;
  const filter = { kind: 'filter', conditions: [[isOfType]] } as const;
  return { span, some: false, parts: resources === undefined ? [] : [resources, { kind: 'values' }, filter] };
}

function lazyClause(clause: Clause, compiler: Compiler): { clause: Clause; judge: Judge } {
  const compiled = lazy(() => compiler.clause(clause));
  return { clause, judge: (scope) => compiled()(scope) };
}

/** Alternatives: the first that passes decides; failures of those before it are no failures. */
function judgeLine(line: readonly { clause: Clause; judge: Judge }[], scope: Scope): Status {
  const { failures } = scope.run;
  const begun = failures?.length ?? 0;
  let fails = false;
  for (const { clause, judge } of line) {
    const status = failures === undefined ? judge(scope) : judgeRecorded(clause, judge, scope);
    if (status === 'PASS') {
      if (failures !== undefined) failures.length = begun;
      return 'PASS';
    }
    fails ||= status === 'FAIL';
  }
  return fails ? 'FAIL' : 'SKIP';
}

/** A clause that cannot be judged is written down, and the next one is judged. */
function judgeRecorded(clause: Clause, judge: Judge, scope: Scope): Status {
  try {
    return judge(scope);
  } catch (fault) {
    if (!(fault instanceof GuardFault) || fault.endless) throw fault;
    new Tally(clause, scope).error(fault);
    return 'FAIL';
  }
}

/** Counts what became of the values of one clause. */
class Tally {
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

function placed(found: Found): Node {
  return found.kind === 'unresolved' ? found.at : found;
}

/** Nothing where the operator has no meaning for the type. */
function unaryHolds(operator: UnaryClause['operator'], found: Found): boolean | undefined {
  switch (operator) {
    case 'exists':
      return found.kind !== 'unresolved';
    case 'empty':
      return isEmpty(found);
    case 'is_struct':
      return found.kind === 'map';
    default:
      return found.kind === operator.slice('is_'.length);
  }
}

function isEmpty(found: Found): boolean | undefined {
  switch (found.kind) {
    case 'unresolved':
      return true;
    case 'list':
      return elementsOf(found).length === 0;
    case 'map':
      return membersOf(found).size === 0;
    case 'string':
      return found.value === '';
    case 'bool':
      return false;
    default:
      return undefined;
  }
}

/** A name of several rules stands for the first of them that is not skipped. */
function judgeReference(clause: ReferenceClause, scope: Scope): Status {
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

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
