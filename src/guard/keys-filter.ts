import { type Comparison, equal, INCOMPARABLE } from './compare.ts';
import { elementsOf, type Found, type Node } from './node.ts';

/**
 * Whether a key complies with `keys == …` or `keys in …`. Filters compare otherwise than clauses: every value
 * on the right for `==`, any one of them for `in`; several on the right make `==` an `in`.
 */
export function keyComplies(
  key: Node,
  operator: '==' | 'in',
  negated: boolean,
  right: readonly Found[],
): boolean {
  const among = operator === 'in' || right.length > 1;
  const compareTo = among ? isAmong : equal;
  const comply = (other: Found): boolean => {
    if (other.kind === 'unresolved') return false;
    const result = compareTo(key, other);
    const [only] = elementsOf(other);
    const single =
      result === INCOMPARABLE && other.literal && elementsOf(other).length === 1 ? only : undefined;
    const settled = single === undefined ? result : compareTo(key, single);
    return settled !== INCOMPARABLE && settled !== negated;
  };
  return right.some(comply) && (among || right.every(comply));
}

function isAmong(key: Node, other: Node): Comparison {
  if (other.kind === 'string') return String(other.value).includes(String(key.value));
  if (other.kind !== 'list') return equal(key, other);
  let found = false;
  for (const element of elementsOf(other)) {
    const result = equal(key, element);
    if (result === INCOMPARABLE) return INCOMPARABLE;
    found ||= result;
  }
  return found;
}
