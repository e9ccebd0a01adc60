import type { NotJudged } from '../finding.ts';
import {
  entriesOf,
  entry,
  fromJson,
  itemsOf,
  list,
  type MapEntry,
  map,
  member,
  type Node,
  scalar,
  textOf,
} from './node.ts';
import { SAM_TYPES, type SamType } from './sam-types.ts';
import type { Template } from './template.ts';

const TRANSFORM = 'AWS::Serverless-2016-10-31';

/**
 * What the SAM transform makes, as far as policies speak of it: functions with their roles and
 * URLs, APIs with their stages, tables, state machines and layers. Events, policy templates and
 * the other types are named as not judged. Source: AWS SAM specification 2016-10-31.
 */
export function withoutSam(template: Template): { template: Template; notJudged: readonly NotJudged[] } {
  const { resources } = template;
  if (!template.transforms.includes(TRANSFORM) || resources?.kind !== 'map')
    return { template, notJudged: [] };
  const notJudged: NotJudged[] = [];
  const globals = member(template.root, 'Globals');
  const entries = resources.entries.flatMap((resource) => {
    const type = textOf(member(resource.value, 'Type')) ?? '';
    if (!type.startsWith('AWS::Serverless::')) return [resource];
    const tell = (reason: string): void => {
      notJudged.push({ file: template.source.file, resource: resource.key, reason });
    };
    const known = SAM_TYPES[type];
    if (known === undefined) {
      tell(`what the transform makes of ${type} is not known`);
      return [];
    }
    return expand(resource, known, member(globals, type.slice('AWS::Serverless::'.length)), tell);
  });
  return { template: { ...template, resources: { ...resources, entries } }, notJudged };
}

function expand(
  resource: MapEntry,
  { makes, type }: SamType,
  globals: Node | undefined,
  tell: (reason: string) => void,
): MapEntry[] {
  const written = member(resource.value, 'Properties');
  const properties = merged(globals, written ?? map([], resource.value));
  const made = makes.flatMap(({ suffix, type: madeType, properties: table, when, constants }) => {
    if (when !== undefined && member(properties, when) === undefined) return [];
    const from = when === undefined || table !== undefined ? properties : member(properties, when);
    const own = Object.entries(table ?? {}).flatMap(([to, path]) => {
      const value = path.split('.').reduce<Node | undefined>(member, from);
      return value === undefined ? [] : [{ ...entryAt(from, path), key: to, value: tagsAsList(to, value) }];
    });
    const fixed = Object.entries(constants ?? {}).map(([key, value]) =>
      entry(key, fromJson(value, resource.keySpan), resource.keySpan),
    );
    return [part(resource, suffix, madeType, nested([...fixed, ...own], resource))];
  });
  if (member(properties, 'Events') !== undefined) tell('what its events make is not expanded');
  return type === 'function' ? [...made, ...roleOf(resource, properties, tell)] : made;
}

/** `TracingConfig.Mode` as a key becomes a map in a map. */
function nested(entries: readonly MapEntry[], { value }: MapEntry): Node {
  const top: MapEntry[] = [];
  for (const one of entries) {
    const [first = '', second] = one.key.split('.');
    top.push(
      second === undefined ? one : { ...one, key: first, value: map([{ ...one, key: second }], one.value) },
    );
  }
  const at = member(value, 'Properties') ?? value;
  return { kind: 'map', entries: top, flow: false, start: at.start, end: at.end };
}

function entryAt(from: Node | undefined, path: string): { keySpan: MapEntry['keySpan'] } {
  const [first = ''] = path.split('.');
  const at = entriesOf(from).find(({ key }) => key === first);
  return { keySpan: at?.keySpan ?? { start: 0, end: 1 } };
}

function part(resource: MapEntry, suffix: string, type: string, properties: Node): MapEntry {
  const { key, keySpan, value } = resource;
  const kept = entriesOf(value).filter((one) => !['Type', 'Properties'].includes(one.key));
  const at = member(value, 'Type') ?? value;
  const propertiesKey = entriesOf(value).find((one) => one.key === 'Properties')?.keySpan ?? keySpan;
  return {
    key: `${key}${suffix}`,
    keySpan,
    value: {
      ...value,
      kind: 'map',
      flow: false,
      entries: [
        entry('Type', scalar(type, at), at),
        ...kept,
        { key: 'Properties', keySpan: propertiesKey, value: properties },
      ],
    },
  };
}

/** SAM writes tags as a map. */
function tagsAsList(key: string, value: Node): Node {
  if (key !== 'Tags' || value.kind !== 'map' || value.entries.some((one) => one.key.startsWith('Fn::')))
    return value;
  return list(
    value.entries.map((one) =>
      map([entry('Key', scalar(one.key, one.keySpan)), entry('Value', one.value)], one.value),
    ),
    value,
  );
}

/** Globals are joined with the resource's own: maps key by key, lists one after the other, else the own wins. */
function merged(globals: Node | undefined, own: Node): Node {
  if (globals === undefined) return own;
  if (globals.kind === 'list' && own.kind === 'list')
    return { ...own, items: [...globals.items, ...own.items] };
  if (globals.kind !== 'map' || own.kind !== 'map') return own;
  const names = new Set(own.entries.map(({ key }) => key));
  return {
    ...own,
    entries: [
      ...own.entries.map((one) => ({ ...one, value: merged(member(globals, one.key), one.value) })),
      ...globals.entries.filter(({ key }) => !names.has(key)),
    ],
  };
}

/** The role that SAM makes for a function without one. */
function roleOf(resource: MapEntry, properties: Node, tell: (reason: string) => void): MapEntry[] {
  if (member(properties, 'Role') !== undefined) return [];
  const policies = member(properties, 'Policies');
  const managed: Node[] = [];
  const inline: Node[] = [];
  for (const policy of policies?.kind === 'list'
    ? itemsOf(policies)
    : policies === undefined
      ? []
      : [policies]) {
    const [only] = entriesOf(policy);
    if (member(policy, 'Statement') !== undefined) {
      const name = scalar(`${resource.key}RolePolicy${inline.length}`, policy);
      inline.push(map([entry('PolicyName', name), entry('PolicyDocument', policy)], policy));
    } else if (policy.kind === 'map' && only !== undefined && !/^(Ref|Fn::)/.test(only.key)) {
      tell(`the policy template ${only.key} is not expanded`);
    } else managed.push(managedArn(policy));
  }
  const at = policies ?? resource.keySpan;
  const trust = fromJson(
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    at,
  );
  const entries = [entry('AssumeRolePolicyDocument', trust)];
  if (managed.length > 0) entries.push(entry('ManagedPolicyArns', list(managed, at), at));
  if (inline.length > 0) entries.push(entry('Policies', list(inline, at), at));
  return [part(resource, 'Role', 'AWS::IAM::Role', map(entries, at))];
}

function managedArn(policy: Node): Node {
  const name = textOf(policy);
  return name === undefined || name.startsWith('arn:')
    ? policy
    : scalar(`arn:aws:iam::aws:policy/${name}`, policy);
}
