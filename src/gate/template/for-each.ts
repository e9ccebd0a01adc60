import { itemsOf, type MapEntry, type MapNode, type Node, scalar, textOf } from './node.ts';
import type { Resolver } from './resolve.ts';

const LOOP = 'Fn::ForEach::';
/** Entries that the loops of one map may make, nested loops included. */
const MAX_ENTRIES = 2_000;
const MAX_LOOP_DEPTH = 5;

export function hasLoops(node: MapNode): boolean {
  return node.entries.some(({ key }) => key.startsWith(LOOP));
}

/**
 * `Fn::ForEach` of the AWS::LanguageExtensions transform: its body once for each item, with
 * `${Name}` and `&{Name}` (the item without what a logical id cannot have) put in.
 */
export function expandLoops(node: MapNode, resolver: Resolver): MapEntry[] {
  const entries: MapEntry[] = [];
  expand(node, resolver, entries, 0);
  return entries;
}

function expand(node: MapNode, resolver: Resolver, into: MapEntry[], depth: number): void {
  for (const one of node.entries) {
    if (into.length >= MAX_ENTRIES) return;
    if (!one.key.startsWith(LOOP)) {
      into.push(one);
      continue;
    }
    const [name, collection, body] = itemsOf(one.value);
    const identifier = textOf(name);
    const items = collection === undefined ? undefined : resolver.resolve(collection);
    const texts = itemsOf(items).map(textOf);
    if (
      identifier === undefined ||
      body?.kind !== 'map' ||
      texts.includes(undefined) ||
      items?.kind !== 'list' ||
      depth >= MAX_LOOP_DEPTH
    ) {
      resolver.environment.loopStaysOpen(one.key);
      continue;
    }
    for (const text of texts) {
      const turn = replaced(body, identifier, text ?? '');
      if (turn.kind === 'map') expand(turn, resolver, into, depth + 1);
      if (into.length >= MAX_ENTRIES) return;
    }
  }
}

function replaced(node: Node, identifier: string, item: string): Node {
  const put = (text: string): string =>
    text
      .replaceAll(`\${${identifier}}`, item)
      .replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''));
  if (node.kind === 'scalar')
    return typeof node.value === 'string' ? { ...node, value: put(node.value) } : node;
  if (node.kind === 'list')
    return { ...node, items: node.items.map((one) => replaced(one, identifier, item)) };
  const [only] = node.entries;
  if (node.entries.length === 1 && only?.key === 'Ref' && textOf(only.value) === identifier) {
    return scalar(item, node);
  }
  return {
    ...node,
    entries: node.entries.map((one) => ({
      ...one,
      key: put(one.key),
      value: replaced(one.value, identifier, item),
    })),
  };
}
