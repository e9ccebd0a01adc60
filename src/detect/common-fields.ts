import { FORMATS } from '../formats/registry.ts';
import type { CommonField, Event, FieldValue } from '../model/event.ts';
import { fieldReader } from '../sigma/field.ts';

/** A field that all formats have, of an event of any format; the first where there are several. */
export function commonValue({ format, fields }: Event, name: CommonField): string | undefined {
  const field = FORMATS.get(format)?.common[name];
  return field === undefined ? undefined : scalarText(fields, field);
}

/** A field as text, where it is a text or a number; `a.b` is a member, through lists as well. */
export function scalarText(fields: Event['fields'], field: string): string | undefined {
  const value = fieldReader(field)(fields);
  const one = Array.isArray(value) ? (value as readonly FieldValue[])[0] : value;
  return typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
    ? String(one)
    : undefined;
}
