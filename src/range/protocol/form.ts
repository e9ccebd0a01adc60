import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import { badParameter } from '../aws-error.ts';

/**
 * Decodes a request of the EC2 or AWS query protocol by the operation's own input schema.
 * Source: Smithy 2.0, "AWS EC2 query protocol" and "AWS query protocol".
 */
export function decodeForm(schema: SchemaRef, form: URLSearchParams): unknown {
  const parameters = new Map<string, string>(form);
  return decodeValue(NormalizedSchema.of(schema), '', parameters, [...parameters.keys()]) ?? {};
}

/** Elements that a list in a request may have; AWS's own limit is lower everywhere. */
const LIST_LIMIT = 1_000;

function decodeValue(
  schema: NormalizedSchema,
  key: string,
  form: ReadonlyMap<string, string>,
  keys: readonly string[],
): unknown {
  const inside = key === '' ? keys : keys.filter((name) => name === key || name.startsWith(`${key}.`));
  if (inside.length === 0) return undefined;
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const decoded = decodeValue(member, join(key, wireName(name, member)), form, inside);
      if (decoded !== undefined) value[name] = decoded;
    }
    return value;
  }
  if (schema.isListSchema()) {
    const items: unknown[] = [];
    // Without the item's name in the EC2 query protocol, whose lists are all flattened.
    const item = (schema.getValueSchema().getMergedTraits() as { xmlName?: string }).xmlName ?? 'member';
    const list = inside.some((name) => name.startsWith(`${key}.${item}.`)) ? join(key, item) : key;
    for (let index = 1; index <= LIST_LIMIT; index++) {
      const value = decodeValue(schema.getValueSchema(), join(list, String(index)), form, inside);
      if (value === undefined) break;
      items.push(value);
    }
    return items;
  }
  if (schema.isMapSchema()) return decodeMap(schema, key, form, inside);
  const text = form.get(key);
  return text === undefined ? undefined : decodeScalar(schema, key, text);
}

function decodeMap(
  schema: NormalizedSchema,
  key: string,
  form: ReadonlyMap<string, string>,
  keys: readonly string[],
): Record<string, unknown> {
  const entries = keys.some((name) => name.startsWith(`${key}.entry.`)) ? join(key, 'entry') : key;
  const value: Record<string, unknown> = {};
  for (let index = 1; index <= LIST_LIMIT; index++) {
    const name = form.get(`${entries}.${index}.key`) ?? form.get(`${entries}.${index}.Name`);
    if (name === undefined) break;
    const part = form.has(`${entries}.${index}.Value`) ? 'Value' : 'value';
    const content = decodeValue(schema.getValueSchema(), `${entries}.${index}.${part}`, form, keys);
    if (content !== undefined) value[name] = content;
  }
  return value;
}

function decodeScalar(schema: NormalizedSchema, key: string, text: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false')
      throw badParameter(`Invalid value for ${key}: expected a boolean`);
    return text === 'true';
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text === '' || Number.isNaN(number))
      throw badParameter(`Invalid value for ${key}: expected a number`);
    return number;
  }
  if (schema.isTimestampSchema()) return new Date(text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function wireName(memberName: string, member: NormalizedSchema): string {
  const { ec2QueryName, xmlName } = member.getMergedTraits() as { ec2QueryName?: string; xmlName?: string };
  if (ec2QueryName !== undefined) return ec2QueryName;
  const name = xmlName ?? memberName;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function join(key: string, part: string): string {
  return key === '' ? part : `${key}.${part}`;
}
