import type { Json } from '../model/json.ts';
import { printable } from '../model/printable.ts';
import { type Place, placeOf, type SourceText } from '../model/problem.ts';
import type { FailedCheck } from './evaluate.ts';
import { type Found, jsonOf, type Node, placeInDocument } from './node.ts';
import type { Outcome } from './operators.ts';
import type { Failure } from './run.ts';
import type { Clause, Rule, Span } from './syntax.ts';

const places = new WeakMap<Span, Place>();

/** Line and column of a part of a rule file; spans of a file are asked again and again. */
export function placeIn(source: SourceText, span: Span): Place {
  let place = places.get(span);
  if (place === undefined) {
    place = placeOf(source.text, span[0], span[1]);
    places.set(span, place);
  }
  return place;
}

/** A failure in words and places. */
export function explain(failure: Failure, source: SourceText): FailedCheck {
  const { clause, outcome, error } = failure;
  const left = outcome?.left;
  const message = failure.message === undefined ? '' : withoutIndentation(failure.message);
  const found = left === undefined || left.kind === 'unresolved' ? undefined : jsonOf(left);
  const expected = outcome === undefined ? undefined : expectedOf(clause, outcome);
  return {
    path: pathOf(failure),
    ...(message === '' ? {} : { message }),
    clause: source.text.slice(clause.span[0], clause.span[1]),
    place: placeIn(source, clause.span),
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    ...(left?.kind === 'unresolved' || isUnresolved(outcome?.right) ? { missing: true } : {}),
    ...(error ? { error } : {}),
    reason: printable(
      failure.reason ?? (outcome === undefined ? 'it does not comply' : reasonOf(clause, outcome)),
    ),
  };
}

function withoutIndentation(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

/** The place of the value that failed; of a literal that failed, of what it was compared with. */
function pathOf({ outcome, at }: Failure): readonly (string | number)[] {
  const right = outcome?.right;
  const candidates = [
    outcome?.left,
    ...(Array.isArray(right) ? (right as Node[]) : [right as Found | undefined]),
    at,
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const path = placeInDocument(candidate.kind === 'unresolved' ? candidate.at : candidate);
    if (path !== undefined) return path;
  }
  return [];
}

function isUnresolved(right: Outcome['right']): boolean {
  return right !== undefined && !Array.isArray(right) && (right as Found).kind === 'unresolved';
}

/** What the value was compared with, where it resolved. */
function expectedOf(clause: Clause | Rule, { right }: Outcome): Json | undefined {
  if (!('kind' in clause) || clause.kind !== 'binary' || right === undefined || isUnresolved(right))
    return undefined;
  return Array.isArray(right) ? (right as Node[]).map(jsonOf) : jsonOf(right as Node);
}

const UNARY_WORDS = {
  exists: ['is missing', 'is there and must not be'],
  empty: ['is not empty', 'is empty'],
  is_string: ['is no string', 'is a string'],
  is_list: ['is no list', 'is a list'],
  is_struct: ['is no map', 'is a map'],
  is_bool: ['is no boolean', 'is a boolean'],
  is_int: ['is no whole number', 'is a whole number'],
  is_float: ['is no number with a fraction', 'is a number with a fraction'],
  is_null: ['is not null', 'is null'],
} as const;

const BINARY_WORDS = {
  '==': ['is not equal to', 'is equal to'],
  in: ['is not in', 'is in'],
  '<': ['is not less than', 'is less than'],
  '<=': ['is greater than', 'is not greater than'],
  '>': ['is not greater than', 'is greater than'],
  '>=': ['is less than', 'is not less than'],
} as const;

function reasonOf(clause: Clause | Rule, { left, right, incomparable }: Outcome): string {
  if (left.kind === 'unresolved') return `${left.rest} leads nowhere: ${left.reason}`;
  const value = shown(jsonOf(left));
  if (!('kind' in clause)) return `${value} does not comply`;
  if (clause.kind === 'unary') {
    return `${value} ${UNARY_WORDS[clause.operator][clause.negated === clause.inverted ? 0 : 1]}`;
  }
  if (clause.kind !== 'binary' || right === undefined) return `${value} does not comply`;
  if (isUnresolved(right) && !Array.isArray(right) && 'rest' in right) {
    return `${value} has nothing to be compared with: ${right.rest} leads nowhere: ${right.reason}`;
  }
  const other = expectedOf(clause, { pass: false, left, right });
  if (incomparable && !Array.isArray(right)) {
    return `${value} (${left.kind}) cannot be compared with ${shown(other)} (${(right as Node).kind})`;
  }
  return `${value} ${BINARY_WORDS[clause.operator][clause.negated ? 1 : 0]} ${shown(other)}`;
}

const SHOWN_LIMIT = 120;

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN_LIMIT ? `${text.slice(0, SHOWN_LIMIT)}…` : text;
}
