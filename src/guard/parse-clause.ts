import { nearest } from '../yaml/nearest.ts';
import { parseLiteral } from './parse-literal.ts';
import { type InnerParsers, parseQuery, takeNot } from './parse-query.ts';
import { type Scanner, SyntaxFault } from './scanner.ts';
import {
  type Assignment,
  type BinaryOperator,
  type Block,
  type Clause,
  type Conditions,
  FUNCTION_ARITY,
  type FunctionCall,
  isFunctionName,
  type Operand,
  type Query,
  type Span,
  UNARY_OPERATORS,
  type UnaryOperator,
} from './syntax.ts';

/**
 * Where a clause stands, which decides what it may be: type blocks stand in a file and in a rule,
 * names of rules in a rule and in a condition, blocks everywhere but in a condition.
 */
type ClausePlace = 'file' | 'rule' | 'condition' | 'inner';

/** What the parser noticed that is allowed and most likely not meant. */
export type Warn = (span: Span, message: string, fix?: string) => void;

const OPERATORS = '==, !=, <, <=, >, >=, in, not in, exists, empty, is_string, …';

/** Reads the clauses of one file. */
export class ClauseParser implements InnerParsers {
  readonly scanner: Scanner;
  private readonly warn: Warn;

  constructor(scanner: Scanner, warn: Warn) {
    this.scanner = scanner;
    this.warn = warn;
  }

  /** The conditions of a filter. */
  conditions(): Conditions {
    return this.conjunction('inner', 'a filter');
  }

  /** `when` conditions, until their block begins. */
  when(): Conditions | undefined {
    const { scanner } = this;
    const begins = scanner.attempt(() => {
      scanner.space();
      return scanner.takeWord('when', 'WHEN') && scanner.space() ? true : undefined;
    });
    return begins === undefined ? undefined : this.conjunction('condition', 'when');
  }

  private conjunction(place: ClausePlace, where: string): Conditions {
    const { scanner } = this;
    const lines: Clause[][] = [];
    for (;;) {
      scanner.space();
      if (scanner.ended || scanner.startsWith(']') || scanner.startsWith('{')) break;
      lines.push(this.alternatives(place));
    }
    if (lines.length === 0) throw scanner.fault(`${where} has no condition`, { expected: 'a clause' });
    return lines;
  }

  /** `clause or clause or …` */
  alternatives(place: ClausePlace): Clause[] {
    const { scanner } = this;
    const clauses = [this.clause(place)];
    while (
      scanner.attempt(() => {
        scanner.space();
        const joined = scanner.takeWord('or', 'OR') || scanner.take('|OR|');
        return joined && scanner.space() ? true : undefined;
      })
    ) {
      clauses.push(this.clause(place));
    }
    return clauses;
  }

  block(place: ClausePlace, where: string): Block {
    const { scanner } = this;
    return scanner.nested(() => {
      scanner.space();
      const open = scanner.at;
      scanner.expect('{', where);
      const assignments: Assignment[] = [];
      const clauses: Clause[][] = [];
      while (!scanner.takeAfterSpace('}')) {
        scanner.space();
        if (scanner.ended) {
          throw new SyntaxFault('a block is not closed', open, open + 1, { expected: '} at its end' });
        }
        const assignment = this.assignment();
        if (assignment === undefined) clauses.push(this.alternatives(place));
        else assignments.push(assignment);
      }
      if (assignments.length === 0 && clauses.length === 0) {
        throw new SyntaxFault('a block is empty', open, scanner.at, { expected: 'at least one clause' });
      }
      return { assignments, clauses };
    });
  }

  /** `let name = operand` */
  assignment(): Assignment | undefined {
    const { scanner } = this;
    return scanner.attempt(() => {
      if (!scanner.takeWord('let') || !scanner.space()) return undefined;
      const name = scanner.name();
      if (name === undefined) return undefined;
      scanner.space();
      if (scanner.startsWith('==')) return undefined;
      if (!scanner.take('=') && !scanner.take(':=')) {
        throw scanner.fault(`${scanner.found()} behind let ${name}`, { expected: '=' });
      }
      return { name, operand: this.operand(scanner, `let ${name}`) };
    });
  }

  operand(scanner: Scanner, where: string): Operand {
    scanner.space();
    return scanner.nested(() => {
      const literal = parseLiteral(scanner);
      if (literal !== undefined) return { kind: 'literal', literal };
      const call = this.functionCall();
      if (call !== undefined) return { kind: 'call', call };
      const query = parseQuery(scanner, this);
      if (query !== undefined) return { kind: 'query', query };
      throw scanner.fault(`${scanner.found()} where ${where} needs a value`, {
        expected: 'a literal, a query such as Properties.Name, a %variable or a function',
      });
    });
  }

  private callHead(): string | undefined {
    const { scanner } = this;
    return scanner.attempt(() => {
      const name = scanner.name();
      return name !== undefined && scanner.startsWith('(') ? name : undefined;
    });
  }

  private functionCall(): FunctionCall | undefined {
    const { scanner } = this;
    const begun = scanner.at;
    const name = this.callHead();
    if (name === undefined) return undefined;
    const span: Span = [begun, scanner.at];
    if (!isFunctionName(name)) {
      const known = Object.keys(FUNCTION_ARITY);
      throw new SyntaxFault(`there is no function ${name}`, ...span, {
        expected: known.join(', '),
        fix: nearest(name, known),
      });
    }
    const operands = this.operands();
    const arity = FUNCTION_ARITY[name];
    if (operands.length !== arity) {
      throw new SyntaxFault(
        `${name} takes ${arity} operands, here are ${operands.length}`,
        begun,
        scanner.at,
      );
    }
    return { name, span, operands };
  }

  private operands(): Operand[] {
    const { scanner } = this;
    scanner.take('(');
    const operands: Operand[] = [];
    if (scanner.takeAfterSpace(')')) return operands;
    do operands.push(this.operand(scanner, 'a call'));
    while (scanner.takeAfterSpace(','));
    scanner.expect(')', 'a call');
    return operands;
  }

  /** `<< … >>` behind a clause. */
  private message(): { readonly message?: string } {
    const { scanner } = this;
    const behind = scanner.at;
    scanner.space();
    const begun = scanner.at;
    if (!scanner.take('<<')) {
      scanner.at = behind;
      return {};
    }
    const end = scanner.text.indexOf('>>', scanner.at);
    if (end === -1) throw new SyntaxFault('a message is not closed', begun, begun + 2, { expected: '>>' });
    const message = scanner.text.slice(scanner.at, end);
    scanner.at = end + 2;
    return { message };
  }

  clause(place: ClausePlace): Clause {
    const { scanner } = this;
    scanner.space();
    const begun = scanner.at;
    if (place !== 'condition') {
      const special = this.whenBlock(place) ?? (place === 'inner' ? undefined : this.typeBlock());
      if (special !== undefined) return special;
    }
    const inverted = takeNot(scanner);
    const called = this.callHead();
    if (called !== undefined) return this.call(begun, called, inverted);
    const query = parseQuery(scanner, this);
    if (query === undefined) throw this.noClause();
    const span: Span = [begun, scanner.at];
    const clause =
      (place === 'condition' || inverted ? undefined : this.blockClause(span, query)) ??
      this.comparison(span, query, inverted) ??
      (place === 'inner' || place === 'file' ? undefined : this.reference(span, query, inverted));
    if (clause !== undefined) return clause;
    scanner.space();
    throw this.noOperator(query);
  }

  private whenBlock(place: ClausePlace): Clause | undefined {
    const { scanner } = this;
    const begun = scanner.at;
    const when = this.when();
    if (when === undefined) return undefined;
    const span: Span = [begun, scanner.at];
    return { kind: 'when', span, when, block: this.block(place === 'file' ? 'rule' : place, 'when') };
  }

  /** `AWS::S3::Bucket { … }`, `AWS::S3::Bucket when … { … }`, `AWS::S3::Bucket clause` */
  typeBlock(): Clause | undefined {
    const { scanner } = this;
    const begun = scanner.at;
    const type = scanner.attempt(() => {
      const names = [scanner.name()];
      while (scanner.take('::')) names.push(scanner.name());
      return names.length > 1 && !names.includes(undefined) ? names.join('::') : undefined;
    });
    if (type === undefined) return undefined;
    const span: Span = [begun, scanner.at];
    const when = this.when();
    scanner.space();
    const block: Block =
      when === undefined && !scanner.startsWith('{')
        ? { assignments: [], clauses: [[this.clause('inner')]] }
        : this.block('inner', type);
    const head = {
      kind: 'type',
      span,
      type: type.replace(/^(\w+::\w+::\w+)::MODULE$/, '$1'),
      block,
    } as const;
    return when === undefined ? head : { ...head, when };
  }

  private call(begun: number, rule: string, inverted: boolean): Clause {
    const { scanner } = this;
    const head: Span = [begun, scanner.at];
    const operands = this.operands();
    const span: Span = [begun, scanner.at];
    if (isFunctionName(rule) && this.operator() !== undefined) {
      throw new SyntaxFault(`${rule}(…) stands on the left of a comparison`, ...head, {
        expected: 'a query or a %variable',
        fix: `let value = ${scanner.text.slice(span[0], span[1])}, then compare %value`,
      });
    }
    if (inverted) this.warn(head, `not has no effect before ${rule}(…): cfn-guard ignores it there`);
    return { kind: 'call', span, rule, operands, ...this.message() };
  }

  private blockClause(span: Span, query: Query): Clause | undefined {
    const { scanner } = this;
    const notEmpty = scanner.attempt(() => {
      scanner.space();
      const checked = takeNot(scanner) && scanner.takeWord('empty', 'EMPTY');
      scanner.space();
      return scanner.startsWith('{') ? { checked } : undefined;
    });
    if (notEmpty === undefined) return undefined;
    return { kind: 'block', span, query, notEmpty: notEmpty.checked, block: this.block('inner', 'a block') };
  }

  private operator():
    | { readonly unary: UnaryOperator; readonly negated: boolean }
    | { readonly binary: BinaryOperator; readonly negated: boolean }
    | undefined {
    const { scanner } = this;
    scanner.space();
    if (scanner.startsWith('<<')) return undefined;
    if (scanner.take('!=')) return { binary: '==', negated: true };
    for (const binary of ['==', '>=', '<=', '>', '<'] as const) {
      if (scanner.take(binary)) return { binary, negated: false };
    }
    return scanner.attempt(() => {
      const negated = takeNot(scanner);
      if (scanner.takeWord('in', 'IN')) return { binary: 'in', negated };
      const unary = UNARY_OPERATORS.find((word) => scanner.takeWord(word, word.toUpperCase()));
      return unary === undefined ? undefined : { unary, negated };
    });
  }

  private comparison(head: Span, query: Query, inverted: boolean): Clause | undefined {
    const { scanner } = this;
    const behind = scanner.at;
    const operator = this.operator();
    if (operator === undefined) {
      scanner.at = behind;
      return undefined;
    }
    if ('unary' in operator) {
      const span: Span = [head[0], scanner.at];
      const { unary, negated } = operator;
      return { kind: 'unary', span, query, operator: unary, negated, inverted, ...this.message() };
    }
    const operand = this.operand(scanner, 'a comparison');
    const span: Span = [head[0], scanner.at];
    if (inverted)
      this.warn(
        head,
        'not has no effect before a comparison: cfn-guard ignores it there',
        'use != or not in',
      );
    const { binary, negated } = operator;
    return { kind: 'binary', span, query, operator: binary, negated, operand, ...this.message() };
  }

  /** A name alone is the name of a rule. */
  private reference(span: Span, query: Query, negated: boolean): Clause | undefined {
    const [first, ...rest] = query.parts;
    const { text } = this.scanner;
    const bare =
      first?.kind === 'key' && rest.length === 0 && !query.some && /\w/.test(text[query.span[0]] ?? '');
    if (!bare || first?.kind !== 'key' || !this.endsReference()) return undefined;
    return { kind: 'reference', span, rule: first.name, negated, ...this.message() };
  }

  /** Behind a reference stand the next line, `or`, a message, or what ends the block. */
  private endsReference(): boolean {
    const { scanner } = this;
    const behind = scanner.at;
    scanner.space();
    const crossed = scanner.text.slice(behind, scanner.at);
    const ends =
      scanner.ended ||
      /[\n#]/.test(crossed) ||
      /^(?:<<|[{}]|\|OR\||(?:or|OR)\b)/.test(scanner.text.slice(scanner.at, scanner.at + 5));
    scanner.at = behind;
    return ends;
  }

  private noClause(): SyntaxFault {
    const { scanner } = this;
    return scanner.fault(`${scanner.found()} where a clause should begin`, {
      expected: 'a query, %variable, rule name, when, or the end of the block',
    });
  }

  private noOperator(query: Query): SyntaxFault {
    const { scanner } = this;
    const text = scanner.text.slice(...query.span);
    const found = scanner.found();
    if (scanner.startsWith('='))
      return scanner.fault(`${text} = is no comparison`, { expected: '==', fix: '==' });
    if (/^(?:&&|and\b|AND\b)/.test(scanner.text.slice(scanner.at, scanner.at + 4))) {
      return scanner.fault('Guard has no word for and', { expected: 'each condition on a line of its own' });
    }
    const words = ['in', 'exists', 'empty', ...UNARY_OPERATORS];
    return scanner.fault(`${found} where ${text} needs an operator`, {
      expected: OPERATORS,
      fix: nearest(found.toLowerCase(), words),
    });
  }
}
