import { RE2JS } from 're2js';
import type { Transformation, ValueTransformation } from './pipeline-schema.ts';
import type { DetectionItem, Search } from './rule.ts';

/** Gives values that are texts other texts; one may become several, of which one is enough. */
export function mapValues(search: Search, change: Transformation & ValueTransformation): Search {
  return search.kind === 'map'
    ? { kind: 'map', items: search.items.map((item) => mapItem(item, change)) }
    : { kind: 'any', searches: search.searches.map((inner) => mapValues(inner, change)) };
}

function mapItem(item: DetectionItem, change: Transformation & ValueTransformation): DetectionItem {
  const concerned =
    (change.fields.length === 0 || change.fields.includes(item.field)) &&
    !change.exceptFields.includes(item.field);
  if (!concerned) return item;
  const replace = replacement(change);
  return {
    ...item,
    values: item.values.flatMap((value): readonly unknown[] =>
      typeof value === 'string' ? replace(value) : [value],
    ),
  };
}

function replacement(change: ValueTransformation): (value: string) => readonly string[] {
  if (change.type === 'map_string') {
    return (value) => (Object.hasOwn(change.mapping, value) ? (change.mapping[value] ?? [value]) : [value]);
  }
  const regex = RE2JS.compile(change.regex);
  return (value) => [regex.matcher(value).replaceAll(change.replacement)];
}
