import { printable } from '../../model/printable.ts';
import { failed, ok, problemAt, type Result, type SourceText } from '../../model/problem.ts';
import { readJson } from './json.ts';
import { entriesOf, itemsOf, type MapNode, member, type Node, textOf } from './node.ts';
import { readYamlTemplate } from './yaml.ts';

/** Twice what CloudFormation takes from S3; more is no template. */
export const MAX_TEMPLATE_BYTES = 4 * 1024 * 1024;

/** A CloudFormation template as it is written. */
export interface Template {
  readonly source: SourceText;
  readonly root: MapNode;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly conditions: ReadonlyMap<string, Node>;
  readonly mappings: Node | undefined;
  readonly resources: Node | undefined;
  readonly transforms: readonly string[];
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default: Node | undefined;
  readonly allowedValues: readonly Node[];
  readonly noEcho: boolean;
  readonly node: Node;
}

/** JSON or YAML by the first character: a JSON template begins with a brace. */
export function readDocument(source: SourceText): Result<Node> {
  if (source.text.length > MAX_TEMPLATE_BYTES) {
    return failed([problemAt(source, 0, 1, `larger than ${MAX_TEMPLATE_BYTES / 1024 / 1024} MiB`)]);
  }
  const json = /^\uFEFF?\s*[{[]/.test(source.text);
  if (!json) return readYamlTemplate(source);
  const read = readJson(source);
  // `{Resources: {}}` is YAML in flow style.
  if (!read.ok && /^\uFEFF?\s*\{\s*[^"\s}]/.test(source.text)) return readYamlTemplate(source);
  return read;
}

export function readTemplate(source: SourceText): Result<Template> {
  const read = readDocument(source);
  return read.ok ? templateOf(source, read.value) : read;
}

export function templateOf(source: SourceText, root: Node): Result<Template> {
  if (root.kind !== 'map') {
    return failed([
      problemAt(source, root.start, root.start + 1, 'this is no CloudFormation template', {
        expected: 'a map with Resources',
      }),
    ]);
  }
  const resources = member(root, 'Resources');
  if (resources?.kind !== 'map') {
    const [start, end] =
      resources === undefined ? [root.start, root.start + 1] : [resources.start, resources.end];
    return failed([
      problemAt(
        source,
        start,
        end,
        resources === undefined ? 'Resources is missing' : 'Resources must be a map',
        {
          expected: 'Resources: a map of logical ids to resources',
        },
      ),
    ]);
  }
  const wrong = resources.entries.find(
    ({ key, value }) => !key.startsWith('Fn::') && textOf(member(value, 'Type')) === undefined,
  );
  if (wrong !== undefined) {
    const { start, end } = wrong.keySpan;
    return failed([problemAt(source, start, end, `the resource ${printable(wrong.key, 80)} has no Type`)]);
  }
  return ok({
    source,
    root,
    parameters: new Map(
      entriesOf(member(root, 'Parameters')).map(({ key, value }) => [key, parameterOf(key, value)]),
    ),
    conditions: new Map(entriesOf(member(root, 'Conditions')).map(({ key, value }) => [key, value])),
    mappings: member(root, 'Mappings'),
    resources,
    transforms: transformsOf(member(root, 'Transform')),
  });
}

function transformsOf(node: Node | undefined): string[] {
  return (node?.kind === 'list' ? node.items : [node]).flatMap((one) => {
    const name = textOf(one) ?? textOf(member(one, 'Name'));
    return name === undefined ? [] : [name];
  });
}

function parameterOf(name: string, node: Node): Parameter {
  const given = member(node, 'Default');
  return {
    name,
    type: textOf(member(node, 'Type')) ?? 'String',
    default: given,
    allowedValues: itemsOf(member(node, 'AllowedValues')),
    noEcho: textOf(member(node, 'NoEcho'))?.toLowerCase() === 'true',
    node,
  };
}
