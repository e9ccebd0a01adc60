import { entriesOf, entry, list, type MapEntry, map, type Node, scalar, textOf } from './node.ts';
import { MAX_TEXT, type Resolved, type Resolver } from './resolve.ts';

/** `Fn::Sub`: what is known is put into the text, what is not stays a placeholder. */
export function substitute(argument: Node, node: Node, resolver: Resolver): Resolved {
  const [textNode, variablesNode] = argument.kind === 'list' ? argument.items : [argument];
  const text = textOf(textNode);
  if (text === undefined) return node;
  const own = new Map(entriesOf(variablesNode).map((one) => [one.key, one]));
  const values = new Map<string, Resolved>();
  const left = new Map<string, MapEntry>();
  let open = false;
  const result = text.replace(/\$\{(!?)([^${}]*)\}/g, (whole, literal: string, inside: string) => {
    const name = inside.trim();
    if (literal !== '') return whole;
    const variable = own.get(name);
    if (!values.has(name)) {
      values.set(name, variable === undefined ? resolver.lookUp(name) : resolver.resolve(variable.value));
    }
    const value = values.get(name);
    const known = textOf(value);
    if (known !== undefined) return known;
    open = true;
    if (variable !== undefined && value !== undefined) left.set(name, { ...variable, value });
    return `\${${name}}`;
  });
  if (result.length > MAX_TEXT) return node;
  if (!open) return scalar(result.replaceAll('${!', '${'), node);
  const textLeft = scalar(result, textNode ?? argument);
  const value = left.size === 0 ? textLeft : list([textLeft, map([...left.values()], argument)], argument);
  return map([entry('Fn::Sub', value)], node);
}
