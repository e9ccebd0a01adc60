import { canonicalJson } from '../../model/json.ts';
import { conditionEvaluator } from './conditions.ts';
import type { Environment } from './environment.ts';
import { expandLoops, hasLoops } from './for-each.ts';
import { FUNCTIONS } from './functions.ts';
import { entry, type MapEntry, map, member, type Node, scalar, textOf, toJson } from './node.ts';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.ts';
import type { Template } from './template.ts';

/** Gone: `AWS::NoValue`, or a branch that is not taken. */
export type Resolved = Node | undefined;

export interface Resolver {
  /** A value with every intrinsic function worked out as far as it is known. */
  resolve(node: Node): Resolved;
  /** `undefined` while it is not decided. */
  condition(name: string): boolean | undefined;
  knownConditions(): ReadonlyMap<string, boolean>;
  /** The value of `Ref` or `Fn::GetAtt`; none where it is unknown. */
  lookUp(name: string): Node | undefined;
  readonly template: Template;
  readonly environment: Environment;
}

/** Longer than any property; a text that doubles itself must end somewhere. */
export const MAX_TEXT = 100_000;
const MAX_DEPTH = 400;
/** Values that are worked out for one world; a template of 1 MB has a tenth of it. */
const MAX_STEPS = 1_000_000;

export function resolverOf(template: Template, environment: Environment): Resolver {
  let depth = 0;
  let steps = 0;

  function resolve(node: Node): Resolved {
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string' && node.value.includes('{{resolve:')) {
        environment.met({ name: node.value, kind: 'secret' });
        return environment.known(node.value) ?? node;
      }
      return node;
    }
    if (depth >= MAX_DEPTH || steps++ >= MAX_STEPS) return node;
    depth++;
    try {
      return node.kind === 'list' ? resolveList(node) : resolveMap(node);
    } finally {
      depth--;
    }
  }

  function resolveList(node: Node & { kind: 'list' }): Resolved {
    let changed = false;
    const items = node.items.flatMap((item) => {
      const resolved = resolve(item);
      changed ||= resolved !== item;
      return resolved === undefined ? [] : [resolved];
    });
    return changed ? { ...node, items } : node;
  }

  function resolveMap(node: Node & { kind: 'map' }): Resolved {
    const [only] = node.entries;
    if (only !== undefined && node.entries.length === 1) {
      if (only.key === 'Ref') return reference(node, only);
      const compute = FUNCTIONS[only.key];
      if (compute !== undefined) return compute(only.value, node, self);
      if (/^Fn::(?!ForEach)/.test(only.key))
        return unknownFunction(only.key, resolve(only.value), node, self);
    }
    let changed = hasLoops(node);
    const entries = (changed ? expandLoops(node, self) : node.entries).flatMap((one) => {
      const value = resolve(one.value);
      changed ||= value !== one.value;
      return value === undefined ? [] : [value === one.value ? one : { ...one, value }];
    });
    return changed ? { ...node, entries } : node;
  }

  function reference(node: Node, { value }: MapEntry): Resolved {
    const name = textOf(value);
    if (name === undefined) return node;
    if (name === 'AWS::NoValue') return undefined;
    const known = lookUp(name);
    return known === undefined ? node : { ...known, start: node.start, end: node.end };
  }

  function lookUp(name: string): Node | undefined {
    const parameter = template.parameters.get(name);
    if (parameter?.noEcho) {
      environment.met({ name, kind: 'secret' });
      return undefined;
    }
    const known = environment.known(name);
    if (known !== undefined) return known;
    if (parameter === undefined && !(name in PSEUDO_PARAMETERS)) {
      environment.met({ name, kind: 'reference' });
      return undefined;
    }
    if (parameter !== undefined && parameter.allowedValues.length > 0) {
      environment.ask({ kind: 'value', name, options: parameter.allowedValues });
    }
    environment.met({ name, kind: 'value' });
    return undefined;
  }

  const self: Resolver = {
    resolve,
    lookUp,
    condition: (name) => conditions.value(name),
    knownConditions: () => conditions.all(),
    template,
    environment,
  };
  const conditions = conditionEvaluator(self);
  return self;
}

/** A function whose answer is not in the template stays as it is, with its arguments worked out. */
export function unknownFunction(
  name: string,
  argument: Resolved,
  node: Node,
  { environment }: Pick<Resolver, 'environment'>,
): Resolved {
  const resolved = argument ?? scalar(null, node);
  const key = `${name} ${canonicalJson(toJson(resolved)).slice(0, 1_000)}`;
  environment.met({ name: key, kind: 'value' });
  return environment.known(key) ?? map([entry(name, resolved)], node);
}

export interface ResourceEntry extends MapEntry {
  /** As the template has it. */
  readonly written: Node;
}

/** The resources that a world has, each worked out; those whose condition is false are not there. */
export function* resolveResources(resolver: Resolver): Generator<ResourceEntry> {
  const { template } = resolver;
  if (template.resources?.kind !== 'map') return;
  const written = hasLoops(template.resources)
    ? expandLoops(template.resources, resolver)
    : template.resources.entries;
  for (const one of written) {
    // `Fn::Transform` among the resources makes some that are not known here.
    if (one.key.startsWith('Fn::')) continue;
    const condition = textOf(member(one.value, 'Condition'));
    if (condition !== undefined && resolver.condition(condition) === false) continue;
    yield { ...one, written: one.value, value: resolveResource(one.value, resolver) };
  }
}

/** `Metadata` stays as written: it is notes for tools, and not deployed. */
export function resolveResource(resource: Node, { resolve, environment }: Resolver): Node {
  if (resource.kind !== 'map') return resource;
  const entries = resource.entries.flatMap((one) => {
    if (AS_WRITTEN.has(one.key)) return [one];
    const value = one.key === 'Properties' ? properties(one.value) : resolve(one.value);
    return value === undefined ? [] : [value === one.value ? one : { ...one, value }];
  });
  return { ...resource, entries };

  function properties(node: Node): Resolved {
    if (node.kind !== 'map' || hasLoops(node) || node.entries.some(({ key }) => key.startsWith('Fn::'))) {
      return resolve(node);
    }
    const resolved = node.entries.flatMap((one) => {
      environment.enter(one.key);
      const value = resolve(one.value);
      return value === undefined ? [] : [value === one.value ? one : { ...one, value }];
    });
    environment.enter(undefined);
    return { ...node, entries: resolved };
  }
}

const AS_WRITTEN: ReadonlySet<string> = new Set(['Metadata', 'Type', 'Condition', 'DependsOn']);
