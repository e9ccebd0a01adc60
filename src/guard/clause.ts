import type { Applies } from './applicability.ts';
import { GuardFault } from './fault.ts';
import { callFunction } from './functions.ts';
import { type Found, literalNode, type Node, plainNode } from './node.ts';
import { compare } from './operators.ts';
import { type ClauseCompiler, type CompiledQuery, compileQuery } from './query.ts';
import type { CompiledRule, Status } from './run.ts';
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
  type Rule,
  type Span,
  type TypeClause,
  type UnaryClause,
} from './syntax.ts';
import { type JudgedClause, judgeLine, Tally } from './tally.ts';
import { unaryHolds } from './unary.ts';
import { judgeReference } from './verdict.ts';

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

function placed(found: Found): Node {
  return found.kind === 'unresolved' ? found.at : found;
}

function lazyClause(clause: Clause, compiler: Compiler): JudgedClause {
  const compiled = lazy(() => compiler.clause(clause));
  return { clause, judge: (scope) => compiled()(scope) };
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
