import type { Json } from '../model/json.ts';
import type { Literal, Range } from './syntax.ts';

/** The types of values that Guard tells apart. */
export type Kind =
  | 'null'
  | 'string'
  | 'bool'
  | 'int'
  | 'float'
  | 'char'
  | 'list'
  | 'map'
  | 'regex'
  | Range['kind'];

/** A value and where it comes from. Nodes of a document are made when a query first reaches them, and shared by all rules. */
export interface Node {
  readonly kind: Kind;
  /** A range for the kinds of ranges, the source for a regex, else the value itself. */
  readonly value: Json | Range;
  readonly parent: Node | undefined;
  /** Its key or index in the parent. */
  readonly key: string | number;
  readonly origin: 'document' | 'literal' | 'computed';
  /** A value that the rule file itself has: comparisons treat it otherwise than a value that a query found. */
  readonly literal: boolean;
  elements: readonly Node[] | undefined;
  members: ReadonlyMap<string, Node> | undefined;
  /** The same value once a query went through it. */
  plain: Node | undefined;
}

/** A query that led nowhere. */
export interface Unresolved {
  readonly kind: 'unresolved';
  /** The deepest place it reached. */
  readonly at: Node;
  /** The rest of the query, as the rule file has it. */
  readonly rest: string;
  readonly reason: string;
}

export type Found = Node | Unresolved;

function makeNode(
  kind: Kind,
  value: Json | Range,
  parent: Node | undefined,
  key: string | number,
  origin: Node['origin'],
  literal = false,
): Node {
  return {
    kind,
    value,
    parent,
    key,
    origin,
    literal,
    elements: undefined,
    members: undefined,
    plain: undefined,
  };
}

function kindOf(value: Json): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return value === null ? 'null' : Array.isArray(value) ? 'list' : 'map';
  }
}

/** The root of a document. */
export function documentNode(document: Json): Node {
  return makeNode(kindOf(document), document, undefined, '', 'document');
}

/** What a function made of a value: its place is the value's. */
export function computedNode(value: Json, from: Node | undefined, kind: Kind = kindOf(value)): Node {
  return makeNode(kind, value, from, '', 'computed');
}

/** The key of a member as a value of its own; its place is the member's. */
export function keyNode(map: Node, key: string): Node {
  return makeNode('string', key, map, key, map.origin);
}

export function literalNode(literal: Literal): Node {
  return literalPart(literal, true);
}

function literalPart(literal: Literal, whole: boolean): Node {
  const make = (kind: Kind, value: Json | Range): Node =>
    makeNode(kind, value, undefined, '', 'literal', whole);
  switch (literal.kind) {
    case 'list': {
      const node = make('list', literal.items.map(literalJson));
      node.elements = literal.items.map((item) => literalPart(item, false));
      return node;
    }
    case 'map': {
      const node = make('map', literalJson(literal));
      node.members = new Map(literal.entries.map(([key, value]) => [key, literalPart(value, false)]));
      return node;
    }
    case 'null':
      return make('null', null);
    case 'int-range':
    case 'float-range':
    case 'char-range':
      return make(literal.kind, literal);
    default:
      return make(literal.kind, literal.value);
  }
}

function literalJson(literal: Literal): Json {
  if (literal.kind === 'list') return literal.items.map(literalJson);
  if (literal.kind === 'map') {
    return Object.fromEntries(literal.entries.map(([key, value]) => [key, literalJson(value)]));
  }
  if (literal.kind === 'null') return null;
  return 'value' in literal
    ? literal.kind === 'regex'
      ? `/${literal.value}/`
      : literal.value
    : rangeText(literal);
}

/** The value once a query went through it, no longer a literal of the rule file. */
export function plainNode(node: Node): Node {
  if (!node.literal) return node;
  node.plain ??= { ...node, literal: false };
  return node.plain;
}

const NO_ELEMENTS: readonly Node[] = [];
const NO_MEMBERS: ReadonlyMap<string, Node> = new Map();

export function elementsOf(node: Node): readonly Node[] {
  if (node.elements !== undefined) return node.elements;
  if (node.kind !== 'list') return NO_ELEMENTS;
  const { origin } = node;
  node.elements = (node.value as readonly Json[]).map((value, index) =>
    makeNode(kindOf(value), value, node, index, origin),
  );
  return node.elements;
}

export function membersOf(node: Node): ReadonlyMap<string, Node> {
  if (node.members !== undefined) return node.members;
  if (node.kind !== 'map') return NO_MEMBERS;
  const { origin } = node;
  const members = new Map<string, Node>();
  for (const [key, value] of Object.entries(node.value as Record<string, Json>)) {
    members.set(key, makeNode(kindOf(value), value, node, key, origin));
  }
  node.members = members;
  return members;
}

/** Where a value stands in the document; of a computed value, where the value stands that it was made of. */
export function placeInDocument(node: Node): readonly (string | number)[] | undefined {
  let current: Node | undefined = node;
  while (current !== undefined && current.origin !== 'document') current = current.parent;
  if (current === undefined) return undefined;
  const path: (string | number)[] = [];
  for (; current.parent !== undefined; current = current.parent) path.push(current.key);
  return path.reverse();
}

/** The value as JSON; regular expressions and ranges as they are written. */
export function jsonOf(node: Node): Json {
  if (node.kind === 'regex') return `/${String(node.value)}/`;
  return isRange(node.value) ? rangeText(node.value) : node.value;
}

function isRange(value: Json | Range): value is Range {
  return typeof value === 'object' && value !== null && 'lowerInclusive' in value;
}

function rangeText({ lower, upper, lowerInclusive, upperInclusive }: Range): string {
  return `r${lowerInclusive ? '[' : '('}${lower},${upper}${upperInclusive ? ']' : ')'}`;
}
