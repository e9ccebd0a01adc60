/** Data that survives JSON unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A value as plain JSON data: dates become ISO 8601, `undefined` members are left out. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

/** One text for one value: keys sorted, no white space. Hashes are made of it. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value as Record<string, Json>)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

const KINDS = ['boolean', 'number', 'string', 'object'];

/** An order of all values, the same whatever the order of their keys; 0 only for equal ones. */
export function compareJson(a: Json, b: Json): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return KINDS.indexOf(typeof a) - KINDS.indexOf(typeof b);
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a !== 'object' || typeof b !== 'object') return Number(a) - Number(b);
  if (Array.isArray(a) !== Array.isArray(b)) return Array.isArray(a) ? -1 : 1;
  const keys = Object.keys(a).sort();
  const others = Object.keys(b).sort();
  for (const [at, key] of keys.entries()) {
    const other = others[at];
    if (key !== other) return other === undefined || other < key ? 1 : -1;
    const difference = compareJson(memberOf(a, key), memberOf(b, key));
    if (difference !== 0) return difference;
  }
  return keys.length - others.length;
}

function memberOf(value: object, key: string): Json {
  return (value as Readonly<Record<string, Json>>)[key] ?? null;
}
