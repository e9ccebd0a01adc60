import { isMap, isNode, isPair, isScalar, type Node, type Pair, parseAllDocuments, type YAMLMap } from 'yaml';
import { type Problem, problemAt, type Result, type SourceText } from '../model/problem.ts';

/** A YAML document that knows where each of its values stands. */
export interface YamlDocument {
  readonly source: SourceText;
  /** Plain data: maps, arrays, strings, numbers, booleans, null. */
  readonly value: unknown;
  readonly root: Node | null;
}

export type Path = readonly (string | number)[];

/**
 * Reads every document of a YAML 1.2 text. Duplicate keys, bad indentation and unresolved
 * aliases are problems with a place; alias bombs are refused by the parser's own limit.
 */
export function readYaml(source: SourceText): Result<YamlDocument[]> {
  const { documents, problems } = readYamlDocuments(source);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: [...documents] };
}

/** The documents that can be read, and the problems of those that cannot. */
export function readYamlDocuments(source: SourceText): {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
} {
  const parsed = parseAllDocuments(source.text, { prettyErrors: false, uniqueKeys: true });
  const problems: Problem[] = [];
  const documents: YamlDocument[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of document.errors) {
      problems.push(problemAt(source, error.pos[0], error.pos[1], firstLine(error.message)));
    }
    if (document.errors.length > 0) continue;
    try {
      documents.push({ source, value: document.toJS({ maxAliasCount: 100 }), root: document.contents });
    } catch (error) {
      problems.push(problemAt(source, 0, 1, firstLine(String((error as Error).message))));
    }
  }
  return { documents, problems };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

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

/** Offsets of the value at a path; where the path leads nowhere, of its nearest ancestor's key. */
function rangeOf(document: YamlDocument, path: Path, wantKey: boolean): [number, number] {
  let node: unknown = document.root;
  let key: unknown;
  for (const [depth, part] of path.entries()) {
    const pair: Pair | undefined = isMap(node) ? pairOf(node, part) : undefined;
    const next: unknown = pair !== undefined ? pair.value : itemOf(node, part);
    if (pair === undefined && next === undefined) return offsets(key ?? node);
    if (pair !== undefined) key = pair.key;
    if (wantKey && depth === path.length - 1) return offsets(key ?? next);
    node = next;
  }
  return offsets(isScalar(node) ? node : (key ?? node));
}

function pairOf(map: YAMLMap, part: string | number): Pair | undefined {
  return map.items.find(
    (pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(part),
  );
}

function itemOf(node: unknown, part: string | number): unknown {
  if (typeof part !== 'number' || !isNode(node) || !('items' in node)) return undefined;
  return (node.items as unknown[])[part];
}

function offsets(node: unknown): [number, number] {
  const range = isNode(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : [0, 1];
}
