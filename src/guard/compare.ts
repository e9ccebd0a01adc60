import { GuardFault } from './fault.ts';
import { elementsOf, membersOf, type Node } from './node.ts';
import { patternOf, regexLimit } from './regex.ts';
import type { Range } from './syntax.ts';

/** Two values whose types have no common measure: the comparison fails, whichever it is. */
export const INCOMPARABLE = 'incomparable';
export type Comparison = boolean | typeof INCOMPARABLE;

/** Values inside each other that a comparison follows. */
const DEPTH_LIMIT = 200;

/** `==` between two values. */
export function equal(first: Node, second: Node, depth = 0): Comparison {
  const special = matched(first, second);
  if (special !== undefined) return special;
  if (first.kind !== second.kind) return INCOMPARABLE;
  switch (first.kind) {
    case 'string':
    case 'bool':
    case 'int':
    case 'float':
    case 'char':
    case 'regex':
      return first.value === second.value;
    case 'null':
      return true;
    case 'list':
      return equalLists(first, second, depth + 1);
    case 'map':
      return equalMaps(first, second, depth + 1);
    default:
      return INCOMPARABLE;
  }
}

function equalLists(first: Node, second: Node, depth: number): Comparison {
  guardDepth(depth);
  const others = elementsOf(second);
  const elements = elementsOf(first);
  if (elements.length !== others.length) return false;
  for (const [index, element] of elements.entries()) {
    const other = others[index];
    const same = other === undefined ? false : equal(element, other, depth);
    if (same !== true) return same;
  }
  return true;
}

function equalMaps(first: Node, second: Node, depth: number): Comparison {
  guardDepth(depth);
  const others = membersOf(second);
  const members = membersOf(first);
  if (members.size !== others.size) return false;
  for (const [key, member] of members) {
    const other = others.get(key);
    const same = other === undefined ? false : equal(member, other, depth);
    if (same !== true) return same;
  }
  return true;
}

/** Membership: as `==`, and values without a common measure are simply different. */
export function same(first: Node, second: Node): boolean {
  return sameWithin(first, second, 0);
}

function sameWithin(first: Node, second: Node, depth: number): boolean {
  guardDepth(depth);
  if (first.kind === 'list' && second.kind === 'list') {
    const others = elementsOf(second);
    const elements = elementsOf(first);
    return (
      elements.length === others.length &&
      elements.every((element, index) => sameWithin(element, others[index] ?? element, depth + 1))
    );
  }
  if (first.kind === 'map' && second.kind === 'map') {
    const others = membersOf(second);
    const members = membersOf(first);
    if (members.size !== others.size) return false;
    for (const [key, member] of members) {
      const other = others.get(key);
      if (other === undefined || !sameWithin(member, other, depth + 1)) return false;
    }
    return true;
  }
  return equal(first, second) === true;
}

function guardDepth(depth: number): void {
  if (depth > DEPTH_LIMIT) throw new GuardFault(`a value is nested more than ${DEPTH_LIMIT} levels deep`);
}

/** A string against a regular expression, and a value against a range that stands on the right. */
function matched(first: Node, second: Node): boolean | undefined {
  if (first.kind === 'string' && second.kind === 'regex') return matches(second, first);
  if (first.kind === 'regex' && second.kind === 'string') return matches(first, second);
  if (
    (first.kind === 'int' && second.kind === 'int-range') ||
    (first.kind === 'float' && second.kind === 'float-range') ||
    (first.kind === 'char' && second.kind === 'char-range')
  ) {
    return within(first.value as number | string, second.value as Range);
  }
  return undefined;
}

function matches(regex: Node, text: Node): boolean {
  const source = String(regex.value);
  try {
    return patternOf(source).test(String(text.value));
  } catch {
    const limit = regexLimit(source);
    throw new GuardFault(`/${source}/ has no linear-time form: ${limit ?? 'it is refused'}`, text);
  }
}

function within(value: number | string, range: Range): boolean {
  const lower = order(value, range.lower);
  const upper = order(value, range.upper);
  return (range.lowerInclusive ? lower >= 0 : lower > 0) && (range.upperInclusive ? upper <= 0 : upper < 0);
}

/** Less than, equal or greater than; nothing where the types have no order. */
export function ordering(first: Node, second: Node): number | undefined {
  if (first.kind !== second.kind) return undefined;
  switch (first.kind) {
    case 'null':
      return 0;
    case 'int':
    case 'float':
    case 'string':
    case 'char':
      return order(first.value as number | string, second.value as number | string);
    default:
      return undefined;
  }
}

function order(a: number | string, b: number | string): number {
  if (typeof a === 'string' && typeof b === 'string') return orderOfCodePoints(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points, as UTF-8 sorts them; UTF-16 would put characters beyond U+FFFF before U+E000. */
function orderOfCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) {
      const from =
        at > 0 && isLowSurrogate(a.charCodeAt(at)) && isLowSurrogate(b.charCodeAt(at)) ? at - 1 : at;
      return (a.codePointAt(from) ?? 0) < (b.codePointAt(from) ?? 0) ? -1 : 1;
    }
  }
  return Math.sign(a.length - b.length);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
