import type { Json } from '../model/json.ts';

export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of an object by its name, or along names with dots between them. */
export function memberOf(value: Json | undefined, path: string): Json | undefined {
  let here = value;
  for (const name of path.split('.')) {
    if (!isObject(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** A text that is not empty. */
export function textOf(value: Json | undefined, path: string): string | undefined {
  const found = memberOf(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A number, also one that came as text. */
export function numberOf(value: Json | undefined, path: string): number | undefined {
  const found = memberOf(value, path);
  const number = typeof found === 'string' && found !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function booleanOf(value: Json | undefined, path: string): boolean | undefined {
  const found = memberOf(value, path);
  return typeof found === 'boolean' ? found : undefined;
}

/** The elements of a list; one value that is no list stands for itself, as in the records of EC2. */
export function listOf(value: Json | undefined, path: string): readonly Json[] {
  const found = memberOf(value, path);
  if (found === undefined || found === null || found === '') return [];
  return Array.isArray(found) ? found : [found];
}

export function textsOf(value: Json | undefined, path: string): string[] {
  return listOf(value, path).filter((one) => typeof one === 'string');
}

/** An object without the members that are not there. */
export function present(members: { readonly [key: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
