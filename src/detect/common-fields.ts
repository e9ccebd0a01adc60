import { FORMATS } from '../formats/registry.ts';
import type { CommonField, Event } from '../model/event.ts';
import { fieldReader } from '../sigma/field.ts';
import { firstText } from './subject.ts';

/** A field that all formats have, of an event of any format; the first where there are several. */
export function commonValue({ format, fields }: Event, name: CommonField): string | undefined {
  const field = FORMATS.get(format)?.common[name];
  return field === undefined ? undefined : scalarText(fields, field);
}

/** Readers by field; there are as many as formats, rules and command lines name fields. */
const readers = new Map<string, ReturnType<typeof fieldReader>>();

export function readerOf(field: string): ReturnType<typeof fieldReader> {
  const known = readers.get(field) ?? fieldReader(field);
  readers.set(field, known);
  return known;
}

/** A field as text, where it is a text or a number; `a.b` is a member, through lists as well. */
export function scalarText(fields: Event['fields'], field: string): string | undefined {
  return firstText(readerOf(field)(fields));
}
