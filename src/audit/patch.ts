import { canonicalJson, type Json } from '../model/json.ts';

/** One operation of a JSON Patch. Source: RFC 6902. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: Json;
}

/**
 * What takes a resource from one state to another, a property of the schema at a time. `only`: properties
 * that may be touched; all, when it is empty.
 */
export function patchOf(from: Json, to: Json, only: readonly string[] = []): PatchOperation[] {
  const [now, wanted] = [membersOf(from), membersOf(to)];
  const names = [...new Set([...Object.keys(now), ...Object.keys(wanted)])].sort();
  return names
    .filter((name) => only.length === 0 || only.includes(name))
    .flatMap((name): PatchOperation[] => {
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const [before, value] = [now[name], wanted[name]];
      if (value === undefined) return [{ op: 'remove', path }];
      if (before === undefined) return [{ op: 'add', path, value }];
      return isAlike(before, value) ? [] : [{ op: 'replace', path, value }];
    });
}

/** The properties in which two states differ. */
export function differing(a: Json, b: Json): string[] {
  return patchOf(a, b).map(({ path }) => path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Only what the changes touched: the rest is in the case, and need not be in the ledger. */
export function only(properties: Json, attributes: readonly string[]): Json {
  if (properties === null || attributes.length === 0) return properties;
  const members = membersOf(properties);
  return Object.fromEntries(
    attributes.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
  );
}

export function membersOf(value: Json): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

/** Whether two values are alike; most lists of the schema have no order, so none is asked for. */
export function isAlike(a: Json, b: Json): boolean {
  return canonicalJson(unordered(a)) === canonicalJson(unordered(b));
}

/** The same value with its lists in one order. */
export function unordered(value: Json): Json {
  if (Array.isArray(value))
    return (value as readonly Json[])
      .map(unordered)
      .map((item) => ({ item, key: canonicalJson(item) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ item }) => item);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unordered(item as Json)]));
}
