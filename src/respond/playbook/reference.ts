import type { Json } from '../../model/json.ts';

/** Where a value comes from: `steps.isolate-instance.groupId`. */
export interface Reference {
  readonly text: string;
  readonly root: string;
  readonly path: readonly string[];
}

/** `$${` is no reference but the text `${`: policies of IAM have variables of that form. */
const REFERENCES = /\$\$\{|\$\{([^{}]*)\}?/g;
const WHOLE = /^\$\{([^{}]*)\}$/;

export function referenceOf(text: string): Reference {
  const [root = '', ...path] = text.split('.');
  return { text, root, path };
}

/** The references in a text; a text is given back for one that does not end. */
export function referencesIn(text: string): (Reference | string)[] {
  return [...text.matchAll(REFERENCES)]
    .filter(([whole]) => whole !== '$${')
    .map(([whole, inner = '']) => (whole.endsWith('}') ? referenceOf(inner) : whole));
}

/** Every text of a value, with the way to it. */
export function* textsIn(
  value: Json,
  path: readonly (string | number)[] = [],
): Generator<{ readonly text: string; readonly path: readonly (string | number)[] }> {
  if (typeof value === 'string') yield { text: value, path };
  else if (Array.isArray(value))
    for (const [index, one] of (value as readonly Json[]).entries()) yield* textsIn(one, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) yield* textsIn(one as Json, [...path, key]);
}

/** A reference leads nowhere, or to something that cannot stand in a text. */
export class NoValueError extends Error {
  override readonly name = 'NoValueError';
}

/** What a reference stands for. Throws {@link NoValueError}. */
export type Lookup = (text: string) => Json;

/** Looks in a record; lists by their indexes, from 0. */
export function lookupIn(record: Json): Lookup {
  return (text) => {
    let value: Json | undefined = record;
    for (const part of text.split('.')) {
      const members: object = typeof value === 'object' && value !== null ? value : {};
      value = Object.hasOwn(members, part) ? (members as Record<string, Json>)[part] : undefined;
      if (value === undefined) throw new NoValueError(`\${${text}} has no value`);
    }
    return value;
  };
}

/**
 * Puts values in the place of references. A text that is one reference becomes the value as it is; inside
 * of a longer text it must be a text, a number or a boolean. What was put in is data: it is not looked
 * into again. Throws {@link NoValueError}.
 */
export function resolve(value: Json, lookup: Lookup): Json {
  if (typeof value === 'string') return resolveText(value, lookup);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => resolve(one, lookup));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolve(member as Json, lookup)]),
  );
}

/** Whether there is anything in a value to be resolved. */
export function hasReferences(value: Json): boolean {
  return [...textsIn(value)].some(({ text }) => text.includes('${'));
}

function resolveText(text: string, lookup: Lookup): Json {
  const [, whole] = WHOLE.exec(text) ?? [];
  if (whole !== undefined) return lookup(whole);
  return text.replace(REFERENCES, (found, inner: string | undefined) => {
    if (inner === undefined) return '${';
    const value = lookup(inner);
    if (typeof value === 'object') throw new NoValueError(`${found} is no text: it is ${kindOf(value)}`);
    return String(value);
  });
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'a map';
}
