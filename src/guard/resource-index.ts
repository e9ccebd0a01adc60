import { membersOf, type Node } from './node.ts';

type Index = ReadonlyMap<string, readonly Node[]>;

const indexes = new WeakMap<Node, Index | 'irregular'>();
const NONE: readonly Node[] = [];

/**
 * The resources of a template that have a type, without looking at each. Nothing where the document is no
 * regular template: every resource a map whose `Type` is a string.
 */
export function resourcesOfType(document: Node, type: string): readonly Node[] | undefined {
  let index = indexes.get(document);
  if (index === undefined) {
    index = indexOf(document) ?? 'irregular';
    indexes.set(document, index);
  }
  return index === 'irregular' ? undefined : (index.get(type) ?? NONE);
}

function indexOf(document: Node): Index | undefined {
  const resources = membersOf(document).get('Resources');
  if (resources?.kind !== 'map' || membersOf(resources).size === 0) return undefined;
  const index = new Map<string, Node[]>();
  for (const resource of membersOf(resources).values()) {
    const type = membersOf(resource).get('Type');
    if (type?.kind !== 'string') return undefined;
    const known = index.get(String(type.value));
    if (known === undefined) index.set(String(type.value), [resource]);
    else known.push(resource);
  }
  return index;
}
