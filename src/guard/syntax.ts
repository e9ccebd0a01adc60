import type { Problem, SourceText } from '../model/problem.ts';

/** Offsets into the text of a rule file: first character, and the one behind the last. */
export type Span = readonly [start: number, end: number];

/** A rule file as it was written. Source: AWS CloudFormation Guard 3, "Guard: Clauses" and "Guard: Complex Composition". */
export interface GuardFile extends GuardSyntax {
  readonly source: SourceText;
}

/** What a rule file says, without its text: this is what the cache keeps. */
export interface GuardSyntax {
  readonly assignments: readonly Assignment[];
  /** Clauses outside of any rule are the rule `default`, which then comes first. */
  readonly rules: readonly Rule[];
  readonly parameterized: readonly Rule[];
  /** Whether a query captures keys, which outlive the rule that captured them. */
  readonly captures: boolean;
  /** What is allowed and most likely not meant. */
  readonly warnings: readonly Problem[];
}

export interface Rule {
  readonly name: string;
  readonly span: Span;
  readonly parameters: readonly string[];
  readonly when?: Conditions;
  readonly block: Block;
}

export interface Block {
  readonly assignments: readonly Assignment[];
  readonly clauses: Conditions;
}

/** Conjunctive normal form: every line must hold, a line holds when one of its alternatives does. */
export type Conditions = readonly (readonly Clause[])[];

export interface Assignment {
  readonly name: string;
  readonly operand: Operand;
}

export type Operand =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'call'; readonly call: FunctionCall };

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'regex'; readonly value: string }
  | Range
  | { readonly kind: 'list'; readonly items: readonly Literal[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Literal])[] };

export type Range = RangeOf<'int-range' | 'float-range', number> | RangeOf<'char-range', string>;

interface RangeOf<K extends string, T> {
  readonly kind: K;
  readonly lower: T;
  readonly upper: T;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
}

export interface FunctionCall {
  readonly name: string;
  readonly span: Span;
  readonly operands: readonly Operand[];
}

/** A path into the document. */
export interface Query {
  readonly span: Span;
  /** With `some`: one value that complies is enough. */
  readonly some: boolean;
  readonly parts: readonly QueryPart[];
}

export type QueryPart =
  | { readonly kind: 'this' }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  /** `[*]`; `[name]` reads the same and captures nothing. */
  | { readonly kind: 'elements' }
  /** `.*`; `[ name ]` captures the keys. */
  | { readonly kind: 'values'; readonly capture?: string }
  | { readonly kind: 'filter'; readonly capture?: string; readonly conditions: Conditions }
  | {
      readonly kind: 'keys';
      readonly capture?: string;
      readonly operator: '==' | 'in';
      readonly negated: boolean;
      readonly operand: Operand;
    };

export const UNARY_OPERATORS = [
  'exists',
  'empty',
  'is_string',
  'is_list',
  'is_struct',
  'is_bool',
  'is_int',
  'is_float',
  'is_null',
] as const;
export type UnaryOperator = (typeof UNARY_OPERATORS)[number];
export type BinaryOperator = '==' | 'in' | '<' | '<=' | '>' | '>=';

interface ClauseHead {
  readonly span: Span;
  /** `<< … >>` as it was written, without the brackets. */
  readonly message?: string;
}

export type Clause =
  | UnaryClause
  | BinaryClause
  | BlockClause
  | TypeClause
  | WhenClause
  | ReferenceClause
  | CallClause;

export interface UnaryClause extends ClauseHead {
  readonly kind: 'unary';
  readonly query: Query;
  readonly operator: UnaryOperator;
  /** `!exists`, `not exists` */
  readonly negated: boolean;
  /** `not Query exists` */
  readonly inverted: boolean;
}

export interface BinaryClause extends ClauseHead {
  readonly kind: 'binary';
  readonly query: Query;
  readonly operator: BinaryOperator;
  readonly negated: boolean;
  readonly operand: Operand;
}

export interface BlockClause extends ClauseHead {
  readonly kind: 'block';
  readonly query: Query;
  /** `query !empty { … }` fails where the query selects nothing. */
  readonly notEmpty: boolean;
  readonly block: Block;
}

export interface TypeClause extends ClauseHead {
  readonly kind: 'type';
  readonly type: string;
  readonly when?: Conditions;
  readonly block: Block;
}

export interface WhenClause extends ClauseHead {
  readonly kind: 'when';
  readonly when: Conditions;
  readonly block: Block;
}

export interface ReferenceClause extends ClauseHead {
  readonly kind: 'reference';
  readonly rule: string;
  readonly negated: boolean;
}

export interface CallClause extends ClauseHead {
  readonly kind: 'call';
  readonly rule: string;
  readonly operands: readonly Operand[];
}

/** The built-in functions and how many operands each takes. Source: Guard documentation, "Built-in functions". */
export const FUNCTION_ARITY = {
  count: 1,
  json_parse: 1,
  regex_replace: 3,
  substring: 3,
  to_upper: 1,
  to_lower: 1,
  url_decode: 1,
  join: 2,
  parse_int: 1,
  parse_float: 1,
  parse_string: 1,
  parse_boolean: 1,
  parse_char: 1,
  parse_epoch: 1,
  now: 0,
} as const;
export type FunctionName = keyof typeof FUNCTION_ARITY;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTION_ARITY, name);
}
