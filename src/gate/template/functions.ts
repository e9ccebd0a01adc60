import { canonicalJson } from '../../model/json.ts';
import { subnets } from './cidr.ts';
import { entry, itemsOf, list, map, member, type Node, scalar, textOf, toJson } from './node.ts';
import { MAX_TEXT, type Resolved, type Resolver, unknownFunction } from './resolve.ts';
import { substitute } from './substitute.ts';
import { attributeParts } from './yaml.ts';

type Compute = (argument: Node, node: Node, resolver: Resolver) => Resolved;

/** Every intrinsic function that the text can answer (CloudFormation template reference, Intrinsic functions). */
export const FUNCTIONS: Readonly<Record<string, Compute>> = {
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': branch,
  'Fn::FindInMap': findInMap,
  'Fn::Base64': base64,
  'Fn::Cidr': cidr,
  'Fn::Length': length,
  'Fn::ToJsonString': toJsonString,
};

function getAttribute(argument: Node, node: Node, resolver: Resolver): Resolved {
  const parts = attributeParts(argument);
  const [resource, ...attribute] = itemsOf(parts).map((part) => textOf(resolver.resolve(part)));
  if (resource === undefined || attribute.length === 0 || attribute.includes(undefined)) return node;
  const known = resolver.lookUp(`${resource}.${attribute.join('.')}`);
  if (known !== undefined) return { ...known, start: node.start, end: node.end };
  return parts === argument ? node : map([entry('Fn::GetAtt', parts)], node);
}

function join(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [delimiterNode, listNode] = itemsOf(argument);
  const delimiter = textOf(delimiterNode);
  if (delimiter === undefined || listNode === undefined) return node;
  const values = resolver.resolve(listNode);
  const texts = itemsOf(values).map(textOf);
  if (values?.kind === 'list' && !texts.includes(undefined)) {
    const text = texts.join(delimiter);
    if (text.length <= MAX_TEXT) return scalar(text, node);
  }
  return map([entry('Fn::Join', list([scalar(delimiter, argument), values ?? listNode], argument))], node);
}

function select(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [indexNode, listNode] = itemsOf(argument);
  if (indexNode === undefined || listNode === undefined) return node;
  const index = resolver.resolve(indexNode);
  const values = resolver.resolve(listNode);
  const chosen = values?.kind === 'list' ? values.items[Number(textOf(index))] : undefined;
  if (chosen !== undefined) return { ...chosen, start: node.start, end: node.end };
  const left = list([index ?? indexNode, values ?? listNode], argument);
  return unknownFunction('Fn::Select', left, node, resolver);
}

function split(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [delimiterNode, textNode] = itemsOf(argument);
  const delimiter = textOf(delimiterNode);
  const value = textNode === undefined ? undefined : resolver.resolve(textNode);
  const text = textOf(value);
  if (delimiter === undefined || delimiter === '' || text === undefined) {
    const left = list(
      [delimiterNode, value].filter((one) => one !== undefined),
      argument,
    );
    return unknownFunction('Fn::Split', left, node, resolver);
  }
  return list(
    text.split(delimiter).map((part) => scalar(part, node)),
    node,
  );
}

function branch(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [name, whenTrue, whenFalse] = itemsOf(argument);
  const condition = textOf(name);
  if (condition === undefined || whenTrue === undefined || whenFalse === undefined) return node;
  const decided = resolver.condition(condition);
  if (decided === undefined) return unknownFunction('Fn::If', argument, node, resolver);
  return resolver.resolve(decided ? whenTrue : whenFalse);
}

function findInMap(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [mapNode, firstNode, secondNode, options] = itemsOf(argument);
  if (mapNode === undefined || firstNode === undefined || secondNode === undefined) return node;
  const operands = [mapNode, firstNode, secondNode].map((one) => resolver.resolve(one) ?? one);
  const [name, first, second] = operands.map(textOf);
  const mapping = name === undefined ? undefined : member(resolver.template.mappings, name);
  const fallback = member(options, 'DefaultValue');
  if (mapping !== undefined && second !== undefined && first === undefined) {
    const same = sameInEveryRow(mapping, second);
    if (same !== undefined) return { ...same, start: node.start, end: node.end };
    const parameter = referencedName(firstNode);
    if (parameter !== undefined && !parameter.startsWith('AWS::') && mapping.kind === 'map') {
      const rows = mapping.entries.map(({ key, keySpan }) => scalar(key, keySpan));
      resolver.environment.ask({ kind: 'value', name: parameter, options: rows });
    }
  }
  if (mapping === undefined || first === undefined || second === undefined) {
    return unknownFunction('Fn::FindInMap', list(operands, argument), node, resolver);
  }
  const value = member(member(mapping, first), second);
  if (value !== undefined) return { ...value, start: node.start, end: node.end };
  return fallback === undefined
    ? unknownFunction('Fn::FindInMap', list(operands, argument), node, resolver)
    : resolver.resolve(fallback);
}

function referencedName(node: Node): string | undefined {
  return textOf(member(node, 'Ref'));
}

/** A mapping by region often says the same for each of them. */
function sameInEveryRow(mapping: Node, key: string): Node | undefined {
  const values = mapping.kind === 'map' ? mapping.entries.map(({ value }) => member(value, key)) : [];
  const [first] = values;
  if (first === undefined) return undefined;
  const json = canonicalJson(toJson(first));
  return values.every((value) => value !== undefined && canonicalJson(toJson(value)) === json)
    ? first
    : undefined;
}

function base64(argument: Node, node: Node, resolver: Resolver): Resolved {
  const resolved = resolver.resolve(argument);
  const text = textOf(resolved);
  if (text === undefined) return map([entry('Fn::Base64', resolved ?? argument)], node);
  return scalar(Buffer.from(text, 'utf8').toString('base64'), node);
}

function cidr(argument: Node, node: Node, resolver: Resolver): Resolved {
  const operands = itemsOf(argument).map((one) => resolver.resolve(one) ?? one);
  const [block, count, bits] = operands.map(textOf);
  const networks = block === undefined ? undefined : subnets(block, Number(count), Number(bits ?? 8));
  if (networks === undefined) return unknownFunction('Fn::Cidr', list(operands, argument), node, resolver);
  return list(
    networks.map((network) => scalar(network, node)),
    node,
  );
}

function length(argument: Node, node: Node, resolver: Resolver): Resolved {
  const values = resolver.resolve(argument);
  if (values?.kind !== 'list') return unknownFunction('Fn::Length', values, node, resolver);
  return scalar(values.items.length, node);
}

function toJsonString(argument: Node, node: Node, resolver: Resolver): Resolved {
  const value = resolver.resolve(argument);
  if (value === undefined || isOpen(value)) return map([entry('Fn::ToJsonString', value ?? argument)], node);
  const text = JSON.stringify(toJson(value));
  return text.length > MAX_TEXT ? node : scalar(text, node);
}

/** Whether an intrinsic is left anywhere inside. */
function isOpen(node: Node): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'list') return node.items.some(isOpen);
  return node.entries.some(({ key, value }) => key === 'Ref' || key.startsWith('Fn::') || isOpen(value));
}
