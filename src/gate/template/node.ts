import type { Json } from '../../model/json.ts';

/** Offsets into the text: from the first character of a value up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface MapEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  /** Written between braces; a fix continues in the style that is there. */
  readonly flow: boolean;
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly flow: boolean;
}

/** A value of a template that knows where it stands. */
export type Node = ScalarNode | MapNode | ListNode;

export type Path = readonly (string | number)[];

export function scalar(value: ScalarNode['value'], { start, end }: Span): ScalarNode {
  return { kind: 'scalar', value, start, end };
}

export function list(items: readonly Node[], { start, end }: Span): ListNode {
  return { kind: 'list', items, flow: true, start, end };
}

export function map(entries: readonly MapEntry[], { start, end }: Span): MapNode {
  return { kind: 'map', entries, flow: true, start, end };
}

export function entry(key: string, value: Node, keySpan: Span = value): MapEntry {
  return { key, keySpan, value };
}

export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.find((one) => one.key === key);
}

export function member(node: Node | undefined, key: string): Node | undefined {
  return entryOf(node, key)?.value;
}

export function textOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return String(node.value);
}

export function entriesOf(node: Node | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

const jsonOf = new WeakMap<Node, Json>();

/** Plain data; the same node gives the same object, so that unchanged parts cost nothing again. */
export function toJson(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  const known = jsonOf.get(node);
  if (known !== undefined) return known;
  const json = node.kind === 'list' ? node.items.map(toJson) : objectOf(node.entries);
  jsonOf.set(node, json);
  return json;
}

function objectOf(entries: readonly MapEntry[]): Json {
  const object: Record<string, Json> = {};
  for (const { key, value } of entries) {
    if (key === '__proto__') {
      Object.defineProperty(object, key, {
        value: toJson(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else object[key] = toJson(value);
  }
  return object;
}

/** Plain data as nodes that all stand at one place. */
export function fromJson(value: Json, span: Span): Node {
  if (Array.isArray(value)) {
    return list(
      value.map((item) => fromJson(item, span)),
      span,
    );
  }
  if (typeof value === 'object' && value !== null) {
    return map(
      Object.entries(value).map(([key, item]) => entry(key, fromJson(item ?? null, span), span)),
      span,
    );
  }
  return scalar(value as ScalarNode['value'], span);
}

/** Where a path leads. */
export interface Found {
  /** The value at the path, or its nearest ancestor that is there. */
  readonly node: Node;
  /** The key that names `node`. */
  readonly key: Span | undefined;
  /** How many parts of the path are there. */
  readonly depth: number;
}

export function follow(root: Node, path: Path): Found {
  let node = root;
  let key: Span | undefined;
  for (const [depth, part] of path.entries()) {
    if (node.kind === 'map') {
      const next = entryOf(node, String(part));
      if (next === undefined) return { node, key, depth };
      node = next.value;
      key = next.keySpan;
      continue;
    }
    const item = node.kind === 'list' ? node.items[Number(part)] : undefined;
    if (item === undefined) return { node, key, depth };
    node = item;
    key = undefined;
  }
  return { node, key, depth: path.length };
}
