import { type Comparison, equal, INCOMPARABLE, ordering, same } from './compare.ts';
import { elementsOf, type Found, type Node, type Unresolved } from './node.ts';
import type { BinaryOperator } from './syntax.ts';

/** What became of one value on the left of a comparison. */
export interface Outcome {
  readonly pass: boolean;
  readonly left: Found;
  /** What it was compared with, where that is one value or a query that led nowhere. */
  readonly right?: Found | readonly Node[];
  readonly incomparable?: boolean;
}

/** Takes one outcome; a comparison calls it for each. */
type Report = (outcome: Outcome) => void;

/**
 * One comparison between what two queries found, value by value. cfn-guard treats a literal of the rule
 * file, a value of the document, a list and the result of a query each in its own way; so does this.
 */
export function compare(
  operator: BinaryOperator,
  negated: boolean,
  left: readonly Found[],
  right: readonly Found[],
  report: Report,
): void {
  if (operator === '==') compareEqual(negated, left, right, report);
  else if (operator === 'in') compareIn(negated, left, right, report);
  else compareOrder(operator, left, right, report);
}

/** The one literal that an operand is, if it is one. */
function literalOf(found: readonly Found[]): Node | undefined {
  const [only] = found;
  return found.length === 1 && only !== undefined && only.kind !== 'unresolved' && only.literal
    ? only
    : undefined;
}

function resolved(found: readonly Found[], unresolved: (one: Unresolved) => void): Node[] {
  const nodes: Node[] = [];
  for (const one of found) {
    if (one.kind === 'unresolved') unresolved(one);
    else nodes.push(one);
  }
  return nodes;
}

function resolvedLeft(left: readonly Found[], report: Report): Node[] {
  return resolved(left, (one) => report({ pass: false, left: one }));
}

function resolvedRight(left: readonly Node[], right: readonly Found[], report: Report): Node[] {
  return resolved(right, (one) => {
    for (const each of left) report({ pass: false, left: each, right: one });
  });
}

function elementsOrSelf(node: Node): readonly Node[] {
  return node.kind === 'list' ? elementsOf(node) : [node];
}

/** Reports one pair; where the types have no common measure it fails, also when negated. */
function reportPair(negated: boolean, result: Comparison, left: Node, right: Node, report: Report): void {
  if (result === INCOMPARABLE) report({ pass: false, left, right, incomparable: true });
  else report({ pass: result !== negated, left, right });
}

function compareOrder(
  operator: BinaryOperator,
  left: readonly Found[],
  right: readonly Found[],
  report: Report,
): void {
  const lefts = resolvedLeft(left, report).flatMap(elementsOrSelf);
  const rights = resolvedRight(lefts, right, report).flatMap(elementsOrSelf);
  for (const each of lefts) {
    for (const other of rights) {
      const order = ordering(each, other);
      const result = order === undefined ? INCOMPARABLE : holds(operator, order);
      reportPair(false, result, each, other, report);
    }
  }
}

function holds(operator: BinaryOperator, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

function compareEqual(
  negated: boolean,
  left: readonly Found[],
  right: readonly Found[],
  report: Report,
): void {
  const leftLiteral = literalOf(left);
  const rightLiteral = literalOf(right);
  const pair = (a: Node, b: Node): void => reportPair(negated, equal(a, b), a, b, report);
  if (leftLiteral !== undefined && rightLiteral !== undefined) pair(leftLiteral, rightLiteral);
  else if (leftLiteral !== undefined) {
    for (const other of resolvedRight([leftLiteral], right, report)) {
      const others = leftLiteral.kind === 'list' ? [other] : elementsOrSelf(other);
      for (const element of others) pair(leftLiteral, element);
    }
  } else if (rightLiteral !== undefined) equalToLiteral(resolvedLeft(left, report), rightLiteral, pair);
  else equalQueries(negated, resolvedLeft(left, report), right, report);
}

function equalToLiteral(lefts: readonly Node[], literal: Node, pair: (a: Node, b: Node) => void): void {
  if (literal.kind === 'list') {
    const [only] = elementsOf(literal);
    const single = elementsOf(literal).length === 1 ? only : undefined;
    for (const each of lefts) {
      const scalar = each.kind !== 'list' && each.kind !== 'map';
      pair(each, scalar && single !== undefined ? single : literal);
    }
    return;
  }
  for (const each of lefts) for (const element of elementsOrSelf(each)) pair(element, literal);
}

/** Two queries are equal when nothing of the longer one is missing in the other. */
function equalQueries(
  negated: boolean,
  lefts: readonly Node[],
  right: readonly Found[],
  report: Report,
): void {
  const rights = resolvedRight(lefts, right, report);
  const missing =
    lefts.length > rights.length
      ? lefts.filter((each) => !contains(rights, each))
      : rights.filter((each) => !contains(lefts, each));
  reportQuery(negated, missing, lefts, rights, report);
}

/**
 * What a comparison of whole queries reports: what is missing; negated, what is not missing. As in cfn-guard,
 * what is missing may be of the right side, and the negation looks on the left.
 */
function reportQuery(
  negated: boolean,
  missing: readonly Node[],
  lefts: readonly Node[],
  rights: readonly Node[],
  report: Report,
): void {
  const complies = missing.length === 0;
  const offending = !negated ? missing : complies ? lefts : lefts.filter((each) => !contains(missing, each));
  const passes = negated ? !complies && offending.length === 0 : complies;
  for (const each of passes ? lefts : offending) report({ pass: passes, left: each, right: rights });
}

function contains(nodes: readonly Node[], sought: Node): boolean {
  return nodes.some((each) => same(each, sought));
}

function compareIn(negated: boolean, left: readonly Found[], right: readonly Found[], report: Report): void {
  const leftLiteral = literalOf(left);
  const rightLiteral = literalOf(right);
  if (leftLiteral !== undefined && rightLiteral !== undefined) {
    const text = stringIn(leftLiteral, rightLiteral);
    if (text === true) reportPair(negated, true, leftLiteral, rightLiteral, report);
    else reportContained(negated, leftLiteral, rightLiteral, report);
  } else if (leftLiteral !== undefined) literalIn(negated, leftLiteral, right, report);
  else if (rightLiteral !== undefined) inLiteral(negated, resolvedLeft(left, report), rightLiteral, report);
  else {
    const lefts = resolvedLeft(left, report);
    const rights = resolvedRight(lefts, right, report);
    const missing = lefts.filter(
      (each) => !rights.some((other) => containedIn(each, other).complies === true),
    );
    reportQuery(negated, missing, lefts, rights, report);
  }
}

function literalIn(negated: boolean, literal: Node, right: readonly Found[], report: Report): void {
  const rights = resolvedRight([literal], right, report);
  if (literal.kind !== 'list' || rights.some(({ kind }) => kind === 'list')) {
    for (const other of rights) reportContained(negated, literal, other, report);
    return;
  }
  const missing = elementsOf(literal).filter((element) => !contains(rights, element));
  reportQuery(negated, missing, [literal], rights, report);
}

function inLiteral(negated: boolean, lefts: readonly Node[], literal: Node, report: Report): void {
  for (const each of lefts) {
    if (literal.kind !== 'string') {
      reportContained(negated, each, literal, report);
      continue;
    }
    for (const element of elementsOrSelf(each)) {
      reportPair(negated, stringIn(element, literal), element, literal, report);
    }
  }
}

/** `in` between two strings is "is part of". */
function stringIn(part: Node, whole: Node): Comparison {
  return part.kind === 'string' && whole.kind === 'string'
    ? String(whole.value).includes(String(part.value))
    : INCOMPARABLE;
}

interface Containment {
  readonly complies: Comparison;
  /** Of a list on the left: its elements that the right side does not have. */
  readonly missing?: readonly Node[];
}

function containedIn(left: Node, right: Node): Containment {
  if (left.kind !== 'list') {
    return { complies: right.kind === 'list' ? contains(elementsOf(right), left) : equal(left, right) };
  }
  if (right.kind !== 'list') return { complies: INCOMPARABLE };
  const rights = elementsOf(right);
  if (rights[0]?.kind === 'list') {
    const complies = contains(rights, left);
    return { complies, missing: complies ? [] : [left] };
  }
  const missing = elementsOf(left).filter((element) => !contains(rights, element));
  return { complies: missing.length === 0, missing };
}

function reportContained(negated: boolean, left: Node, right: Node, report: Report): void {
  const { complies, missing } = containedIn(left, right);
  if (complies === INCOMPARABLE || missing === undefined || !negated) {
    reportPair(negated, complies, left, right, report);
    return;
  }
  const present = elementsOf(left).filter((element) => !contains(missing, element));
  report({ pass: !complies && present.length === 0, left, right });
}
