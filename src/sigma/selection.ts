import type { FieldValue } from '../model/event.ts';
import { failed, ok, type Problem, type Result } from '../model/problem.ts';
import type { Path, YamlDocument } from '../yaml/document.ts';
import { problemAtPath } from '../yaml/document.ts';
import { compileRule } from './compile.ts';
import { isMap, parseSearch } from './detection.ts';
import type { DetectionItem, Search } from './rule.ts';

/** A Sigma selection by itself: what a rule would name in its `detection`, outside of any rule. */
export interface Selection {
  matches(record: Readonly<Record<string, FieldValue>>): boolean;
  /** What it looks at. */
  readonly items: readonly DetectionItem[];
}

/**
 * Reads a selection at a place of a document: a map, all of whose items must match, or a list of maps,
 * one of which must. Keywords, which look at a whole record, are refused.
 */
export function parseSelection(document: YamlDocument, path: Path, value: unknown): Result<Selection> {
  const maps = Array.isArray(value) ? value : [value];
  if (maps.length === 0 || !maps.every(isMap)) {
    const expected = 'field|modifier: value, or a list of such maps';
    return failed([problemAtPath(document, path, 'no selection', { expected })]);
  }
  const problems: Problem[] = [];
  const search = parseSearch(value, path, document, problems);
  if (search === undefined)
    problems.push(problemAtPath(document, path, 'the selection looks for nothing', { at: 'key' }));
  if (search === undefined || problems.length > 0) return failed(problems);
  const items = itemsOf(search);
  const keyword = items.find(({ field }) => field === '');
  if (keyword !== undefined)
    return failed([
      problemAtPath(document, keyword.path, 'a selection without a field', {
        at: 'key',
        expected: 'a field',
      }),
    ]);
  const compiled = compileRule({
    id: 'selection',
    title: 'selection',
    level: 'informational',
    logsource: {},
    tags: [],
    detection: new Map([['selection', search]]),
    condition: { kind: 'identifier', name: 'selection' },
    attributes: {},
    document,
  });
  if (!compiled.ok) return compiled;
  return ok({ items, matches: (fields) => compiled.value.matches({ fields, raw: '' }) });
}

function itemsOf(search: Search): readonly DetectionItem[] {
  return search.kind === 'map' ? search.items : search.searches.flatMap(itemsOf);
}
