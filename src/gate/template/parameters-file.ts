import { readFileSync } from 'node:fs';
import { failed, ok, problemAt, problemOfFile, type Result } from '../../model/problem.ts';
import { entriesOf, itemsOf, member, type Node, textOf } from './node.ts';
import { readDocument } from './template.ts';

/**
 * Parameter values from a file: a list of `ParameterKey` and `ParameterValue` as the AWS CLI takes
 * it, a map with `Parameters` as CodePipeline does, a plain map, or a list of `Key=Value`.
 */
function readParameters(file: string): Result<ReadonlyMap<string, Node>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return failed([problemOfFile(file, `cannot be read: ${(error as Error).message}`)]);
  }
  const source = { file, text };
  const read = readDocument(source);
  if (!read.ok) return read;
  const root = read.value;
  const values = new Map<string, Node>();
  for (const { key, value } of entriesOf(member(root, 'Parameters') ?? root)) values.set(key, value);
  for (const item of itemsOf(root)) {
    const [, key, value] = /^([A-Za-z0-9]+)=([\s\S]*)$/.exec(textOf(item) ?? '') ?? [];
    const name = key ?? textOf(member(item, 'ParameterKey'));
    const given: Node | undefined =
      value === undefined
        ? member(item, 'ParameterValue')
        : { kind: 'scalar', value, start: item.start, end: item.end };
    if (name === undefined || given === undefined) {
      return failed([
        problemAt(source, item.start, item.end, 'this is no parameter', {
          expected: '{"ParameterKey": "Name", "ParameterValue": "value"}, or "Name=value"',
        }),
      ]);
    }
    values.set(name, given);
  }
  if (root.kind === 'scalar')
    return failed([problemAt(source, root.start, root.end, 'a map or a list of parameters is expected')]);
  return ok(values);
}

/** `Name=value` and files, the later ones before the earlier ones. */
export function parametersOf(given: readonly string[]): Result<ReadonlyMap<string, Node>> {
  const values = new Map<string, Node>();
  for (const one of given) {
    const [, name, value] = /^([A-Za-z0-9]+)=([\s\S]*)$/.exec(one) ?? [];
    if (name !== undefined && value !== undefined) {
      values.set(name, { kind: 'scalar', value, start: 0, end: 1 });
      continue;
    }
    const read = readParameters(one);
    if (!read.ok) return read;
    for (const [key, node] of read.value) values.set(key, node);
  }
  return ok(values);
}
