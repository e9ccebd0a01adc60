import { isMap, isPair, isScalar, type Node, YAMLMap } from 'yaml';
import type { Problem } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';

const ACTIONS = ['global', 'reset', 'repeat'];

/**
 * The documents of a file with its collection actions done: `global` is merged into all that follow,
 * `reset` ends that, `repeat` is the rule before it with some of it changed. What a document says
 * itself wins. Source: Sigma specification 1.0, "Rule Collections"; Sigma 2 no longer has them.
 */
export function resolveCollections(documents: readonly YamlDocument[]): {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
} {
  const resolved: YamlDocument[] = [];
  const problems: Problem[] = [];
  let global: YamlDocument | undefined;
  for (const document of documents) {
    const action = actionOf(document);
    if (action === undefined) {
      resolved.push(global === undefined ? document : merged(global, document));
    } else if (action === 'global') {
      global = global === undefined ? document : merged(global, document);
    } else if (action === 'reset') {
      global = undefined;
    } else if (action === 'repeat') {
      const last = resolved.at(-1);
      if (last !== undefined) resolved.push(merged(last, document));
      else problems.push(problemAtPath(document, ['action'], 'there is no rule before it to repeat'));
    } else {
      const fix = nearest(action, ACTIONS);
      problems.push(
        problemAtPath(document, ['action'], `unknown action ${action}`, {
          expected: ACTIONS.join(', '),
          fix,
        }),
      );
    }
  }
  return { documents: resolved, problems };
}

function actionOf({ value }: YamlDocument): string | undefined {
  const action: unknown = Object(value).action;
  return action === undefined || isPlainMap(value) === false ? undefined : String(action);
}

function merged(under: YamlDocument, over: YamlDocument): YamlDocument {
  // Nothing goes into what is no rule; the reader says so.
  if (!isPlainMap(over.value)) return over;
  const { action: _, ...value } = mergedValue(under.value, over.value) as Record<string, unknown>;
  return { source: over.source, value, root: mergedNode(under.root, over.root) };
}

function mergedValue(under: unknown, over: unknown): unknown {
  if (!isPlainMap(under) || !isPlainMap(over)) return over;
  const members = new Map(Object.entries(under));
  for (const [key, member] of Object.entries(over)) {
    members.set(key, members.has(key) ? mergedValue(members.get(key), member) : member);
  }
  return Object.fromEntries(members);
}

/** The nodes keep their places, so that a fault is shown where it was written. */
function mergedNode(under: Node | null, over: Node | null): Node | null {
  if (!isMap(under) || !isMap(over)) return over;
  const node = new YAMLMap();
  node.range = over.range ?? null;
  const keyOf = (pair: unknown): string => (isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : '');
  for (const pair of under.items) {
    const twin = over.items.find((other) => keyOf(other) === keyOf(pair));
    if (twin === undefined) node.items.push(pair);
    else {
      const both = mergedNode(pair.value as Node | null, twin.value as Node | null);
      node.items.push(Object.assign(twin.clone(), { key: twin.key, value: both }));
    }
  }
  node.items.push(...over.items.filter((pair) => !under.items.some((other) => keyOf(other) === keyOf(pair))));
  return node;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
