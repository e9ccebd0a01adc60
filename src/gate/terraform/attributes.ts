import { readJson } from '../template/json.ts';
import {
  entriesOf,
  entry,
  fromJson,
  itemsOf,
  list,
  map,
  member,
  type Node,
  scalar,
  textOf,
} from '../template/node.ts';
import type { Properties, Source } from './mapping.ts';

/** A block of a planned resource: what is known, what is not yet, and what is referenced. */
export interface Block {
  readonly after: Node | undefined;
  readonly afterUnknown: Node | undefined;
  readonly expressions: Node | undefined;
  /** Stands in for a value that is known after apply. */
  readonly unknown: (attribute: string, expression: Node | undefined) => Node;
}

/** The properties that a mapping makes of a block. */
export function propertiesOf(block: Block, properties: Properties): Node {
  const root: Tree = new Map();
  for (const [property, source] of Object.entries(properties)) {
    const value = sourced(block, source);
    if (value !== undefined) put(root, property.split('.'), value);
  }
  return nodeOf(root, block.after ?? { start: 0, end: 1 });
}

type Tree = Map<string, Tree | Node>;

function put(tree: Tree, [first = '', ...rest]: readonly string[], value: Node): void {
  if (rest.length === 0) {
    tree.set(first, value);
    return;
  }
  const inside = tree.get(first);
  const branch: Tree = inside instanceof Map ? inside : new Map();
  tree.set(first, branch);
  put(branch, rest, value);
}

function nodeOf(tree: Tree, span: { start: number; end: number }): Node {
  return map(
    [...tree].map(([key, value]) => {
      const node = value instanceof Map ? nodeOf(value, firstSpan(value) ?? span) : value;
      return entry(key, node);
    }),
    span,
  );
}

function firstSpan(tree: Tree): { start: number; end: number } | undefined {
  const [first] = tree.values();
  return first instanceof Map ? firstSpan(first) : first;
}

function sourced(block: Block, source: Source): Node | undefined {
  if (typeof source === 'string') return attribute(block, source);
  if ('each' in source) return eachOf(block, source.each, source.of);
  if ('pairs' in source) return pairsOf(block, source.pairs);
  const value = attribute(block, source.from);
  if (value === undefined) return undefined;
  if ('words' in source) {
    const text = textOf(value);
    const word = text === undefined ? undefined : source.words[text];
    return word === undefined ? value : fromJson(word, value);
  }
  switch (source.as) {
    case 'json':
      return parsed(value, (key) => key);
    case 'json-pascal':
      return parsed(value, (key) => key.charAt(0).toUpperCase() + key.slice(1));
    case 'tags':
      return tagList(value);
    case 'one':
      return value.kind === 'list' ? value : list([value], value);
    case 'rules':
      return value.kind === 'list' ? list(value.items.flatMap(networkRules), value) : value;
  }
}

function attribute(block: Block, path: string): Node | undefined {
  if (path === '') return block.after;
  let { after, afterUnknown, expressions } = block;
  for (const part of path.split('.')) {
    if (isTrue(afterUnknown)) break;
    after = member(firstBlock(after), part);
    afterUnknown = member(firstBlock(afterUnknown), part);
    expressions = member(firstBlock(expressions), part);
  }
  const missing = after === undefined || (after.kind === 'scalar' && after.value === null);
  if (missing) return containsTrue(afterUnknown) ? block.unknown(path, expressions) : undefined;
  if (after?.kind === 'list' && after.items.length === 0 && !containsTrue(afterUnknown)) return undefined;
  return after === undefined ? undefined : filled(after, afterUnknown, path, expressions, block);
}

/** Puts stand-ins where a part of a value is not known yet. */
function filled(
  after: Node,
  afterUnknown: Node | undefined,
  path: string,
  expressions: Node | undefined,
  block: Block,
): Node {
  if (!containsTrue(afterUnknown)) return after;
  if (isTrue(afterUnknown)) return block.unknown(path, expressions);
  if (after.kind === 'list' && afterUnknown?.kind === 'list') {
    const count = Math.max(after.items.length, afterUnknown.items.length);
    const items = Array.from({ length: count }, (_, index) => {
      const item = after.items[index] ?? scalar(null, after);
      return filled(item, afterUnknown.items[index], `${path}[${index}]`, expressions, block);
    });
    return list(items, after);
  }
  if (after.kind !== 'map') return after;
  const known = after.entries.map((one) => ({
    ...one,
    value: filled(one.value, member(afterUnknown, one.key), `${path}.${one.key}`, expressions, block),
  }));
  const added = entriesOf(afterUnknown)
    .filter(({ key, value }) => containsTrue(value) && member(after, key) === undefined)
    .map(({ key }) => entry(key, block.unknown(`${path}.${key}`, expressions), after));
  return { ...after, entries: [...known, ...added] };
}

function firstBlock(node: Node | undefined): Node | undefined {
  return node?.kind === 'list' ? node.items[0] : node;
}

function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}

function containsTrue(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'scalar') return node.value === true;
  return node.kind === 'list'
    ? node.items.some(containsTrue)
    : node.entries.some(({ value }) => containsTrue(value));
}

function eachOf(block: Block, path: string, of: Properties): Node | undefined {
  const parts = path.split('.');
  const name = parts.pop() ?? '';
  let { after, afterUnknown, expressions } = block;
  for (const part of parts) {
    after = firstBlock(member(firstBlock(after), part));
    afterUnknown = firstBlock(member(firstBlock(afterUnknown), part));
    expressions = firstBlock(member(firstBlock(expressions), part));
  }
  const blocks = member(after, name);
  const unknowns = member(afterUnknown, name);
  const written = member(expressions, name);
  if (blocks === undefined || (blocks.kind === 'scalar' && blocks.value === null)) {
    return containsTrue(unknowns) ? block.unknown(path, written) : undefined;
  }
  const items = blocks.kind === 'list' ? blocks.items : [blocks];
  if (items.length === 0) return undefined;
  return list(
    items.map((item, index) => {
      const itemUnknown = itemsOf(unknowns)[index] ?? (isTrue(unknowns) ? unknowns : undefined);
      const expression = itemsOf(written)[index] ?? written;
      return propertiesOf({ ...block, after: item, afterUnknown: itemUnknown, expressions: expression }, of);
    }),
    blocks,
  );
}

function pairsOf(block: Block, pairs: Readonly<Record<string, string>>): Node | undefined {
  const items = Object.entries(pairs).flatMap(([key, path]) => {
    const value = attribute(block, path);
    if (value === undefined) return [];
    const text = value.kind === 'scalar' ? scalar(String(value.value), value) : value;
    return [map([entry('Key', scalar(key, value)), entry('Value', text)], value)];
  });
  return items.length === 0 ? undefined : list(items, items[0] ?? { start: 0, end: 1 });
}

function parsed(value: Node, rename: (key: string) => string): Node {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return value;
  const read = readJson({ file: '', text: value.value });
  return read.ok ? placed(read.value, value, rename) : value;
}

/** Everything of a text inside the plan stands where the text stands. */
function placed(node: Node, at: Node, rename: (key: string) => string): Node {
  if (node.kind === 'scalar') return scalar(node.value, at);
  if (node.kind === 'list')
    return list(
      node.items.map((item) => placed(item, at, rename)),
      at,
    );
  return map(
    node.entries.map(({ key, value }) => entry(rename(key), placed(value, at, rename))),
    at,
  );
}

function tagList(value: Node): Node {
  if (value.kind !== 'map' || member(value, 'Ref') !== undefined) return value;
  return list(
    value.entries.map((one) =>
      map([entry('Key', scalar(one.key, one.keySpan)), entry('Value', one.value)], one.value),
    ),
    value,
  );
}

/** One rule with several networks is several rules in CloudFormation. */
function networkRules(rule: Node): Node[] {
  const base = [
    ['IpProtocol', member(rule, 'protocol')],
    ['FromPort', member(rule, 'from_port')],
    ['ToPort', member(rule, 'to_port')],
    ['Description', member(rule, 'description')],
  ].flatMap(([name, value]) =>
    isValue(value as Node | undefined) ? [entry(name as string, value as Node)] : [],
  );
  const one = (name: string, value: Node): Node => map([...base, entry(name, value)], rule);
  const every = (attributeName: string, name: string): Node[] => {
    const values = member(rule, attributeName);
    if (values === undefined || !isValue(values)) return [];
    return values.kind === 'list' ? values.items.map((value) => one(name, value)) : [one(name, values)];
  };
  const rules = [
    ...every('cidr_blocks', 'CidrIp'),
    ...every('ipv6_cidr_blocks', 'CidrIpv6'),
    ...every('cidr_ipv4', 'CidrIp'),
    ...every('cidr_ipv6', 'CidrIpv6'),
    ...every('prefix_list_ids', 'SourcePrefixListId'),
    ...every('security_groups', 'SourceSecurityGroupId'),
    ...every('source_security_group_id', 'SourceSecurityGroupId'),
    ...every('referenced_security_group_id', 'SourceSecurityGroupId'),
  ];
  return rules.length > 0 ? rules : [map(base, rule)];
}

function isValue(node: Node | undefined): node is Node {
  return node !== undefined && !(node.kind === 'scalar' && node.value === null);
}

/** `aws_security_group_rule` and its younger siblings: the rules that one of them makes. */
export function standaloneRules(block: Block): Node[] {
  const { after } = block;
  if (after === undefined) return [];
  const withStandIns = filled(after, block.afterUnknown, '', block.expressions, {
    ...block,
    unknown: (path) =>
      block.unknown(path.replace(/^\./, ''), member(block.expressions, path.replace(/^\./, ''))),
  });
  const group = member(withStandIns, 'security_group_id');
  return networkRules(withStandIns).map((rule) =>
    rule.kind === 'map' && group !== undefined ? map([entry('GroupId', group), ...rule.entries], rule) : rule,
  );
}
