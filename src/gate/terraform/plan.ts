import { failed, ok, type Problem, problemAt, type Result, type SourceText } from '../../model/problem.ts';
import type { NotJudged } from '../finding.ts';
import type { Subject } from '../subject.ts';
import { readJson } from '../template/json.ts';
import { entriesOf, entry, itemsOf, list, map, member, type Node, scalar, textOf } from '../template/node.ts';
import type { MetUnknown, ResolvedResource } from '../template/worlds.ts';
import { type Block, propertiesOf, standaloneRules } from './attributes.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import { TERRAFORM_TYPES } from './types.ts';

/** What will be there after the plan is applied. */
interface Planned {
  readonly address: string;
  readonly type: string;
  readonly block: Block;
  readonly unknowns: Map<string, MetUnknown>;
  readonly node: Node;
}

/**
 * The resources that `terraform show -json PLAN` says will be there, in CloudFormation's schema.
 * Source: Terraform, "JSON output format". What is destroyed is not judged.
 */
export function subjectOfPlan(source: SourceText): Result<Subject> {
  const read = readJson(source);
  if (!read.ok) return read;
  const changes = member(read.value, 'resource_changes');
  if (changes?.kind !== 'list') return failed([wrongPlan(source, read.value)]);
  const configuration = configurationOf(read.value);
  const addresses = new Set(changes.items.map((change) => textOf(member(change, 'address')) ?? ''));
  const planned = changes.items.flatMap((change) => plannedOf(change, configuration, addresses));
  const { resources, notJudged } = convert(planned, source.file);
  const names = new Map(resources.map(({ key }) => [key, {}] as const));
  return ok({
    source,
    sections: map([], read.value),
    worlds: [{ choices: new Map(), values: new Map(), decisions: new Map(), openLoops: [], resources }],
    incomplete: false,
    resolveWith: (_world, resource, values) => withValues(resource.value, values),
    typeOf: () => undefined,
    names,
    notJudged,
    fixable: false,
  });
}

function wrongPlan(source: SourceText, root: Node): Problem {
  return problemAt(source, root.start, root.start + 1, 'this Terraform plan has no resource_changes', {
    expected: 'the output of: terraform show -json PLANFILE',
  });
}

function plannedOf(change: Node, configuration: Configuration, addresses: ReadonlySet<string>): Planned[] {
  const address = textOf(member(change, 'address')) ?? '';
  const type = textOf(member(change, 'type')) ?? '';
  const details = member(change, 'change');
  const actions = itemsOf(member(details, 'actions')).map(textOf);
  if (textOf(member(change, 'mode')) !== 'managed') return [];
  if (actions.every((action) => action === 'delete' || action === 'forget')) return [];
  const unknowns = new Map<string, MetUnknown>();
  const after = member(details, 'after');
  const block: Block = {
    after,
    afterUnknown: member(details, 'after_unknown'),
    expressions: configuration.expressionsOf(change),
    unknown: (attribute, expression) => {
      const targets = configuration.targetsOf(expression, change, addresses);
      if (targets.length === 0) {
        const name = `${address}.${attribute}`;
        unknowns.set(name, { name, kind: 'value', property: undefined });
        return map([entry('Ref', scalar(name, change))], after ?? change);
      }
      const nodes = targets.map(({ address: target, attribute: wanted }) => {
        const name = wanted === 'arn' ? `${target}.Arn` : target;
        unknowns.set(name, { name, kind: 'reference', property: undefined });
        const at = after ?? change;
        return wanted === 'arn'
          ? map([entry('Fn::GetAtt', list([scalar(target, at), scalar('Arn', at)], at))], at)
          : map([entry('Ref', scalar(target, at))], at);
      });
      const several = /(ids|groups|arns|subnets)$/.test(attribute);
      return several || nodes.length > 1 ? list(nodes, change) : (nodes[0] as Node);
    },
  };
  return [{ address, type, block, unknowns, node: change }];
}

function convert(
  planned: readonly Planned[],
  file: string,
): { resources: ResolvedResource[]; notJudged: NotJudged[] } {
  const made = new Map<string, ResolvedResource>();
  const notJudged: NotJudged[] = [];
  for (const one of planned) {
    const mapping = TERRAFORM_TYPES[one.type];
    if (mapping === undefined) {
      if (one.type !== 'terraform_data' && one.type !== 'null_resource') {
        notJudged.push({
          file,
          resource: one.address,
          reason: `${one.type} has no place in Cordon’s table of Terraform types`,
        });
      }
    } else if ('rule' in mapping) {
      const direction = mapping.rule === 'by-type' ? textOf(member(one.block.after, 'type')) : mapping.rule;
      const type = `AWS::EC2::SecurityGroup${direction === 'egress' ? 'Egress' : 'Ingress'}`;
      for (const [index, rule] of standaloneRules(one.block).entries()) {
        const key = index === 0 ? one.address : `${one.address} (${index + 1})`;
        made.set(key, resourceOf(key, type, rule, one));
      }
    } else if ('type' in mapping) {
      made.set(
        one.address,
        resourceOf(one.address, mapping.type, propertiesOf(one.block, mapping.properties), one),
      );
    }
  }
  for (const one of planned) {
    const mapping = TERRAFORM_TYPES[one.type];
    if (mapping === undefined || !('into' in mapping)) continue;
    const parent = parentOf(one, mapping.into, mapping.by, planned, made);
    if (parent === undefined) {
      notJudged.push({
        file,
        resource: one.address,
        reason: `the ${mapping.into.join(' or ')} that it belongs to is not in this plan`,
      });
      continue;
    }
    const properties = propertiesOf(one.block, mapping.properties);
    const joined = deepMerged(member(parent.value, 'Properties'), properties);
    made.set(parent.key, {
      ...parent,
      value: resourceNode(textOf(member(parent.value, 'Type')) ?? '', joined, parent.value),
      unknowns: [...parent.unknowns, ...unknownsIn(properties, one.unknowns)],
    });
  }
  return { resources: [...made.values()], notJudged };
}

function resourceOf(
  key: string,
  type: string,
  properties: Node,
  { node, unknowns }: Planned,
): ResolvedResource {
  const value = resourceNode(type, properties, node);
  return {
    key,
    keySpan: member(node, 'address') ?? node,
    value,
    written: value,
    unknowns: unknownsIn(properties, unknowns),
  };
}

function resourceNode(type: string, properties: Node, at: Node): Node {
  return map([entry('Type', scalar(type, at)), entry('Properties', properties)], at);
}

/** The unknowns that properties have inside, each with the property. */
function unknownsIn(properties: Node, unknowns: ReadonlyMap<string, MetUnknown>): MetUnknown[] {
  return entriesOf(properties).flatMap(({ key, value }) => {
    const names = new Set<string>();
    collectNames(value, names);
    return [...names].flatMap((name) => {
      const unknown = unknowns.get(name);
      return unknown === undefined ? [] : [{ ...unknown, property: key }];
    });
  });
}

function collectNames(node: Node, names: Set<string>): void {
  if (node.kind === 'list') for (const item of node.items) collectNames(item, names);
  if (node.kind !== 'map') return;
  const name = nameOf(node);
  if (name !== undefined) names.add(name);
  else for (const { value } of node.entries) collectNames(value, names);
}

/** Of the unknown that a stand-in stands for. */
function nameOf(node: Node): string | undefined {
  const attribute = member(node, 'Fn::GetAtt');
  return attribute === undefined ? textOf(member(node, 'Ref')) : itemsOf(attribute).map(textOf).join('.');
}

/** By reference where it is not known yet, else by name. */
function parentOf(
  { block, unknowns }: Planned,
  types: readonly string[],
  by: string,
  planned: readonly Planned[],
  made: ReadonlyMap<string, ResolvedResource>,
): ResolvedResource | undefined {
  const known = textOf(member(block.after, by));
  const targets = known === undefined ? [block.unknown(by, member(block.expressions, by))] : [];
  const referenced = targets.flatMap(
    (node) => textOf(member(node, 'Ref')) ?? textOf(itemsOf(member(node, 'Fn::GetAtt'))[0]) ?? [],
  );
  for (const name of [...unknowns.keys()])
    if (referenced.includes(name.replace(/\.Arn$/, ''))) unknowns.delete(name);
  const parent = planned.find(
    ({ type, address, block: { after } }) =>
      types.includes(type) &&
      (referenced.includes(address) ||
        (known !== undefined &&
          ['id', 'bucket', 'name', 'arn'].some((name) => textOf(member(after, name)) === known))),
  );
  return parent === undefined ? undefined : made.get(parent.address);
}

function deepMerged(into: Node | undefined, more: Node): Node {
  if (into === undefined) return more;
  if (into.kind === 'list' && more.kind === 'list') return { ...into, items: [...into.items, ...more.items] };
  if (into.kind !== 'map' || more.kind !== 'map') return more;
  const names = new Set(into.entries.map(({ key }) => key));
  return {
    ...into,
    entries: [
      ...into.entries.map((one) => {
        const other = member(more, one.key);
        return other === undefined ? one : { ...one, value: deepMerged(one.value, other) };
      }),
      ...more.entries.filter(({ key }) => !names.has(key)),
    ],
  };
}

function withValues(node: Node, values: ReadonlyMap<string, Node>): Node {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withValues(item, values)) };
  const name = nameOf(node);
  const value = name === undefined ? undefined : values.get(name);
  if (value !== undefined && entriesOf(node).length === 1)
    return { ...value, start: node.start, end: node.end };
  return { ...node, entries: node.entries.map((one) => ({ ...one, value: withValues(one.value, values) })) };
}
