import type { Node } from 'yaml';
import { type Problem, problemAt, type SourceText } from '../model/problem.ts';

/** A YAML document that knows where each of its values stands. */
export interface YamlDocument {
  readonly source: SourceText;
  /** Plain data: maps, arrays, strings, numbers, booleans, null. */
  readonly value: unknown;
  readonly root: Node | null;
}

export type Path = readonly (string | number)[];

/** The problem that a value, or the key that names it, has. */
export function problemAtPath(
  document: YamlDocument,
  path: Path,
  message: string,
  details: {
    readonly expected?: string | undefined;
    readonly fix?: string | undefined;
    readonly at?: 'key';
  } = {},
): Problem {
  const [start, end] = rangeOf(document, path, details.at === 'key');
  return problemAt(document.source, start, end, message, details);
}

/** What of a node of the library is looked at: pointing at a place loads no parser. */
interface NodeLike {
  readonly range?: readonly number[] | null;
  /** The pairs of a map, or the elements of a list. */
  readonly items?: readonly unknown[];
  readonly key?: unknown;
  readonly value?: unknown;
}

/** Offsets of the value at a path; where the path leads nowhere, of its nearest ancestor's key. */
function rangeOf(document: YamlDocument, path: Path, wantKey: boolean): [number, number] {
  let node: unknown = document.root;
  let key: unknown;
  for (const [depth, part] of path.entries()) {
    const items = nodeOf(node)?.items ?? [];
    const pair = items.map(nodeOf).find((one) => isPairOf(one, part));
    const next = pair !== undefined ? pair.value : typeof part === 'number' ? items[part] : undefined;
    if (pair === undefined && next === undefined) return offsets(key ?? node);
    if (pair !== undefined) key = pair.key;
    if (wantKey && depth === path.length - 1) return offsets(key ?? next);
    node = next;
  }
  return offsets(isScalar(node) ? node : (key ?? node));
}

function nodeOf(value: unknown): NodeLike | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function isPairOf(pair: NodeLike | undefined, part: string | number): boolean {
  const key = nodeOf(pair?.key);
  return key !== undefined && isScalar(key) && String(key.value) === String(part);
}

function isScalar(value: unknown): boolean {
  const node = nodeOf(value);
  return node !== undefined && 'value' in node && !('key' in node) && !('items' in node);
}

function offsets(value: unknown): [number, number] {
  const [start, end] = nodeOf(value)?.range ?? [];
  return start === undefined || end === undefined ? [0, 1] : [start, end];
}
