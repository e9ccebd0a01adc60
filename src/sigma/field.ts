import type { FieldValue } from '../model/event.ts';

/** The whole name first; then `a.b` as the member `b` of `a`, through lists as well. */
export function fieldReader(
  field: string,
): (fields: Readonly<Record<string, FieldValue>>) => FieldValue | undefined {
  const parts = field.split('.');
  return (fields) => {
    if (Object.hasOwn(fields, field)) return fields[field];
    return parts.length === 1 ? undefined : descend(fields, parts, 0);
  };
}

function descend(
  value: FieldValue | undefined,
  parts: readonly string[],
  at: number,
): FieldValue | undefined {
  const part = parts[at];
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    const found = (value as readonly FieldValue[])
      .map((element) => descend(element, parts, at))
      .filter((element) => element !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return descend((value as Record<string, FieldValue>)[part], parts, at + 1);
}
