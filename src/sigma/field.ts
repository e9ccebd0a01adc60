import type { FieldValue } from '../model/event.ts';
import { elementsOf } from './value-test.ts';

export type Fields = Readonly<Record<string, FieldValue>>;

/** The whole name first; then `a.b` as the member `b` of `a`, through lists as well. */
export function fieldReader(field: string): (fields: Fields) => FieldValue | undefined {
  const parts = field.split('.');
  const [first = ''] = parts;
  const whole = memberReader(field);
  if (parts.length === 1) return whole;
  const outermost = memberReader(first);
  return (fields) => {
    const value = whole(fields);
    return value === undefined ? descend(outermost(fields), parts, 1) : value;
  };
}

/** A name that every object has by nature is looked at twice; all others cost one look. */
function memberReader(name: string): (fields: Fields) => FieldValue | undefined {
  return name in Object.prototype
    ? (fields) => (Object.hasOwn(fields, name) ? fields[name] : undefined)
    : (fields) => fields[name];
}

function descend(
  value: FieldValue | undefined,
  parts: readonly string[],
  at: number,
): FieldValue | undefined {
  if (value === undefined) return undefined;
  const part = parts[at];
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    const found = elementsOf(value as readonly FieldValue[])
      .map((element) => descend(element, parts, at))
      .filter((element) => element !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return descend((value as Record<string, FieldValue>)[part], parts, at + 1);
}
