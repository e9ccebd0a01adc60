import type { Json } from '../../model/json.ts';
import type { Subject } from '../subject.ts';
import {
  entriesOf,
  entry,
  entryOf,
  fromJson,
  itemsOf,
  list,
  map,
  member,
  type Node,
  type Span,
  scalar,
  textOf,
} from '../template/node.ts';
import type { MetUnknown, ResolvedResource, World } from '../template/worlds.ts';

/** A resource that a change set changes, or as it is in the account. */
export interface ChangedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly removed: boolean;
  /** As it will be, with every value text, as change sets have it; none where it is removed or not told. */
  readonly properties: Json | undefined;
}

/** What a change set shows where a value is known only later. Source: AWS CLI, describe-change-set. */
const KNOWN_LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';
const LATER: MetUnknown = { name: 'a value known after the deployment', kind: 'value', property: undefined };

/**
 * A template in which the changed resources are as CloudFormation says that they will be: with the
 * values of parameters, imports and macros. What is known only later is as the template has it.
 */
export function subjectOfChanges(template: Subject, changes: readonly ChangedResource[]): Subject {
  const written = new Map<string, { readonly world: World; readonly resource: ResolvedResource }>();
  for (const world of template.worlds) {
    for (const resource of world.resources) {
      if (!written.has(resource.key)) written.set(resource.key, { world, resource });
    }
  }
  const told = changes.filter(({ removed, properties }) => removed || properties !== undefined);
  const changed = new Map(told.map((change) => [change.logicalId, change]));
  const kept = [...written.values()].flatMap(({ resource }) => (changed.has(resource.key) ? [] : [resource]));
  const resources = told.flatMap((change): ResolvedResource[] => {
    if (change.properties === undefined) return [];
    const before = written.get(change.logicalId)?.resource;
    const value = resourceOf(change, before?.value, template.sections);
    const later = hasLater(change.properties);
    return [
      {
        key: change.logicalId,
        keySpan: before?.keySpan ?? start(template.sections),
        value,
        written: value,
        unknowns: later ? [LATER, ...(before?.unknowns ?? [])] : [],
      },
    ];
  });
  const world: World = {
    choices: new Map(),
    values: new Map(),
    decisions: new Map(),
    openLoops: [],
    resources: [...resources, ...kept],
  };
  return {
    ...template,
    worlds: [world],
    incomplete: false,
    resolveWith(_, resource, values) {
      const origin = written.get(resource.key);
      const resolved =
        origin === undefined ? undefined : template.resolveWith(origin.world, origin.resource, values);
      const change = changed.get(resource.key);
      if (change?.properties === undefined) return resolved ?? resource.value;
      return resourceOf(change, resolved, template.sections, values.get(LATER.name));
    },
  };
}

function resourceOf(
  { type, properties }: ChangedResource,
  before: Node | undefined,
  sections: Node,
  later?: Node,
): Node {
  const at = before ?? start(sections);
  const known = entryOf(before, 'Properties');
  const after = typed(properties ?? {}, known?.value, known?.value ?? at, later);
  return map(
    [
      ...entriesOf(before).filter(({ key }) => key !== 'Properties' && key !== 'Type'),
      entry('Type', scalar(type, member(before, 'Type') ?? at), entryOf(before, 'Type')?.keySpan ?? at),
      entry('Properties', after, known?.keySpan ?? at),
    ],
    at,
  );
}

/** Every value gets the place that it has in the template, and the type that it has there. */
function typed(value: Json, written: Node | undefined, at: Span, later: Node | undefined): Node {
  if (typeof value === 'string') return typedText(value, written, at, later);
  if (Array.isArray(value)) {
    const items = itemsOf(written);
    return list(
      value.map((item, index) => typed(item, items[index], items[index] ?? at, later)),
      written ?? at,
    );
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => {
      const known = entryOf(written, key);
      return entry(key, typed(item ?? null, known?.value, known?.value ?? at, later), known?.keySpan ?? at);
    });
    return map(entries, written ?? at);
  }
  return scalar(value as string | number | boolean | null, written ?? at);
}

function typedText(text: string, written: Node | undefined, at: Span, later: Node | undefined): Node {
  if (text.includes(KNOWN_LATER)) {
    return written ?? later ?? map([entry('Ref', scalar(LATER.name, at))], at);
  }
  if (written?.kind === 'scalar' && textOf(written) === text) return written;
  if (text === 'true' || text === 'false') return scalar(text === 'true', written ?? at);
  // A text in the template is a text; what comes from a parameter may be a number.
  const isText = written?.kind === 'scalar' && typeof written.value === 'string';
  const number = !isText && /^-?(0|[1-9]\d{0,8})$/.test(text);
  return scalar(number ? Number(text) : text, written ?? at);
}

function hasLater(value: Json): boolean {
  if (typeof value === 'string') return value.includes(KNOWN_LATER);
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((one) => hasLater(one ?? null))
  );
}

function start({ start: first }: Span): Span {
  return { start: first, end: first + 1 };
}

/** One resource as it is given, with nothing left to be worked out. */
export function subjectOfResource(type: string, logicalId: string, properties: Json, file: string): Subject {
  const at = { start: 0, end: 1 };
  const sections = map([], at);
  const value = map(
    [entry('Type', scalar(type, at)), entry('Properties', withTruths(fromJson(properties, at)))],
    at,
  );
  const resource = { key: logicalId, keySpan: at, value, written: value, unknowns: [] };
  return {
    source: { file, text: '' },
    sections,
    worlds: [
      { choices: new Map(), values: new Map(), decisions: new Map(), openLoops: [], resources: [resource] },
    ],
    incomplete: false,
    resolveWith: (_, { value: as }) => as,
    typeOf: () => undefined,
    names: new Map(),
    notJudged: [],
    fixable: false,
  };
}

/** CloudFormation takes `"true"` for `true`. */
function withTruths(node: Node): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map(withTruths) };
  if (node.kind === 'map')
    return { ...node, entries: node.entries.map((one) => ({ ...one, value: withTruths(one.value) })) };
  return node.value === 'true' || node.value === 'false' ? { ...node, value: node.value === 'true' } : node;
}
