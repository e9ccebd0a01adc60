import { list, type Node, scalar } from './node.ts';
import type { Parameter } from './template.ts';

/**
 * The value that `Ref` of a parameter has in a property. A `Number` is a number, a list type a
 * list, and `true` and `false` are truth values: CloudFormation turns them into what the property
 * wants. The value behind an `AWS::SSM::Parameter::Value<…>` is not in the template.
 */
export function parameterValue({ type }: Parameter, given: Node): Node | undefined {
  if (type.startsWith('AWS::SSM::Parameter::Value')) return undefined;
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    if (given.kind === 'list') return given;
    if (given.kind !== 'scalar' || given.value === null) return undefined;
    const items = String(given.value).split(',');
    const numbers = type === 'List<Number>';
    return list(
      items.map((item) => scalar(numbers ? numberOr(item.trim()) : item.trim(), given)),
      given,
    );
  }
  if (given.kind !== 'scalar') return given;
  const text = String(given.value ?? '');
  if (type === 'Number') return scalar(numberOr(text), given);
  if (text === 'true' || text === 'false') return scalar(text === 'true', given);
  return scalar(text, given);
}

function numberOr(text: string): string | number {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
