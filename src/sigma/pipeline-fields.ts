import type { Problem } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import type { FieldTransformation, Transformation } from './pipeline-schema.ts';
import type { DetectionItem, Search, SigmaRule } from './rule.ts';

type Change = Transformation & FieldTransformation;

/** So many maps may one become whose fields have several names. */
const WAYS_LIMIT = 64;

/** Gives the fields of a rule other names, or takes items away. */
export function mapFields(rule: SigmaRule, change: Change): SigmaRule | Problem[] {
  const detection = new Map<string, Search>();
  for (const [name, search] of rule.detection) {
    const mapped = mapSearch(search, change);
    if (typeof mapped === 'string') {
      return [problemAtPath(rule.document, ['detection', name], `${mapped} of ${name}`, { at: 'key' })];
    }
    detection.set(name, mapped);
  }
  return { ...rule, detection };
}

/** The search with its new names, or what a pipeline makes of it that cannot be. */
function mapSearch(search: Search, change: Change): Search | string {
  if (search.kind === 'any') {
    const searches: Search[] = [];
    for (const inner of search.searches) {
      const mapped = mapSearch(inner, change);
      if (typeof mapped === 'string') return mapped;
      searches.push(mapped);
    }
    return { kind: 'any', searches };
  }
  let ways: DetectionItem[][] = [[]];
  for (const item of search.items) {
    const items = mapItem(item, change);
    if (items.length === 0) continue;
    ways = item.modifiers.includes('neq')
      ? ways.map((way) => [...way, ...items])
      : ways.flatMap((way) => items.map((one) => [...way, one]));
    if (ways.length > WAYS_LIMIT) return `a pipeline makes more than ${WAYS_LIMIT} searches`;
  }
  const [only = []] = ways;
  if (only.length === 0) return 'a pipeline leaves nothing';
  return ways.length === 1
    ? { kind: 'map', items: only }
    : { kind: 'any', searches: ways.map((items) => ({ kind: 'map', items })) };
}

/** The item once for each of its names: one of them is enough, or none for `neq`. */
function mapItem(item: DetectionItem, change: Change): DetectionItem[] {
  const { field } = item;
  const concerned =
    (change.fields.length === 0 || change.fields.includes(field)) && !change.exceptFields.includes(field);
  if (change.type === 'drop_detection_item') return concerned ? [] : [item];
  const values = item.modifiers.includes('fieldref')
    ? item.values.map((value) => (typeof value === 'string' ? (namesOf(value, change)[0] ?? value) : value))
    : item.values;
  if (!concerned || field === '') return [{ ...item, values }];
  return namesOf(field, change).map((name) => ({ ...item, field: name, values }));
}

function namesOf(field: string, change: Exclude<Change, { type: 'drop_detection_item' }>): readonly string[] {
  switch (change.type) {
    case 'field_name_mapping':
      return Object.hasOwn(change.mapping, field) ? (change.mapping[field] ?? [field]) : [field];
    case 'field_name_prefix':
      return [change.prefix + field];
    case 'field_name_suffix':
      return [field + change.suffix];
    case 'field_name_prefix_mapping': {
      const prefixes = Object.keys(change.mapping).filter((prefix) => field.startsWith(prefix));
      const [longest] = prefixes.sort((a, b) => b.length - a.length);
      if (longest === undefined) return [field];
      return (change.mapping[longest] ?? []).map((prefix) => prefix + field.slice(longest.length));
    }
  }
}
