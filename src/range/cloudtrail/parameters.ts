import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { REMOVED, type RecordStyle } from './styles.ts';
import { writtenTime } from './time.ts';

/** An input or output as records have it: names begin with a small letter, secrets are left out. */
export function parametersOf(schema: SchemaRef, value: unknown, style: RecordStyle): unknown {
  const shaped = shape(NormalizedSchema.of(schema), value, style);
  return isEmpty(shaped) ? null : shaped;
}

/** An output; of some services the structure that it wraps. */
export function elementsOf(schema: SchemaRef, value: unknown, style: RecordStyle): unknown {
  const elements = parametersOf(schema, value, style);
  if (style.unwrapped !== true || elements === null) return elements;
  const members = Object.values(elements as Record<string, unknown>);
  return members.length === 1 && !Array.isArray(members[0]) ? members[0] : elements;
}

function shape(schema: NormalizedSchema, value: unknown, style: RecordStyle): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return writtenTime(value);
  if (value instanceof Uint8Array) return undefined;
  if (schema.isStructSchema()) {
    const shaped: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const content = (value as Record<string, unknown>)[name];
      if (content === undefined || content === null) continue;
      const written = hidden(style, name, member, () => shape(member, content, style));
      if (written !== undefined) shaped[lowerFirst(name)] = written;
    }
    return shaped;
  }
  if (schema.isListSchema())
    return (value as unknown[]).map((item) => shape(schema.getValueSchema(), item, style));
  if (schema.isMapSchema()) {
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, shape(schema.getValueSchema(), item, style)]),
    );
  }
  return typeof value === 'bigint' ? Number(value) : value;
}

/** What is written of a member: what its service says, nothing of what its schema calls sensitive. */
export function hidden(
  { hidden: told = {} }: RecordStyle,
  name: string,
  schema: NormalizedSchema,
  write: () => unknown,
): unknown {
  if (Object.hasOwn(told, name)) return told[name] === REMOVED ? undefined : told[name];
  return (schema.getMergedTraits() as { sensitive?: 1 }).sensitive === 1 ? undefined : write();
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
