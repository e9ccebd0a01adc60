import { isCollection, isScalar } from 'yaml';
import { type Problem, problemAt } from '../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { type Condition, type ConditionFault, parseCondition } from './condition.ts';
import type { DetectionItem, Search } from './rule.ts';

export interface Detection {
  readonly detection: ReadonlyMap<string, Search>;
  readonly condition: Condition;
}

/**
 * Reads the section of a rule or a filter that says what to look for. `reserved` are its keys that
 * are no search identifiers.
 */
export function parseDetection(
  document: YamlDocument,
  section: string,
  members: Readonly<Record<string, unknown>>,
  reserved: readonly string[],
): Detection | Problem[] {
  const detection = new Map<string, Search>();
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (reserved.includes(name)) continue;
    const path = [section, name];
    const search = parseSearch(value, path, document, problems);
    if (search === undefined) {
      problems.push(
        problemAtPath(document, path, `${name} looks for nothing`, {
          expected: 'a map, or a list of maps or keywords',
        }),
      );
    } else detection.set(name, search);
  }
  const condition = parseConditions(document, [section, 'condition'], members.condition, detection, problems);
  return condition === undefined || problems.length > 0 ? problems : { detection, condition };
}

/** What one search identifier looks for; nothing when that is nothing. */
export function parseSearch(
  value: unknown,
  path: Path,
  document: YamlDocument,
  problems: Problem[],
): Search | undefined {
  if (Array.isArray(value)) return parseList(value, path, document, problems);
  if (isMap(value)) {
    const items = Object.entries(value).map(([key, values]) =>
      parseItem(key, values, [...path, key], document, problems),
    );
    return items.length === 0 ? undefined : { kind: 'map', items };
  }
  return value === null || value === undefined
    ? undefined
    : { kind: 'map', items: [keywords([value], path, document)] };
}

/** Keywords, maps and lists of them: one is enough. */
function parseList(
  value: readonly unknown[],
  path: Path,
  document: YamlDocument,
  problems: Problem[],
): Search | undefined {
  const searches: Search[] = [];
  if (value.length > 0 && value.every(isKeyword)) {
    return { kind: 'any', searches: [{ kind: 'map', items: [keywords(value, path, document)] }] };
  }
  for (const [index, entry] of value.entries()) {
    const search = parseSearch(entry, [...path, index], document, problems);
    if (search === undefined) return undefined;
    searches.push(search);
  }
  return searches.length === 0 ? undefined : { kind: 'any', searches };
}

function isKeyword(value: unknown): boolean {
  return value !== null && typeof value !== 'object';
}

function keywords(values: readonly unknown[], path: Path, document: YamlDocument): DetectionItem {
  const list = Array.isArray(valueAt(document, path));
  const written = values.map((value, index) => asWritten(document, list ? [...path, index] : path, value));
  return { field: '', modifiers: ['contains'], values: written, path };
}

function valueAt(document: YamlDocument, path: Path): unknown {
  let value: unknown = document.value;
  for (const part of path) value = Object(value)[part];
  return value;
}

/** They say where in a record a keyword is; otherwise it is anywhere. */
const PLACED = ['contains', 'startswith', 'endswith', 're'];
/** They need a field to look at. */
const OF_FIELDS = ['exists', 'cidr', 'fieldref', 'gt', 'gte', 'lt', 'lte'];

function parseItem(
  key: string,
  value: unknown,
  path: Path,
  document: YamlDocument,
  problems: Problem[],
): DetectionItem {
  const [field = '', ...modifiers] = key.split('|');
  const values = Array.isArray(value)
    ? value.map((one, index) => asWritten(document, [...path, index], one))
    : [asWritten(document, path, value)];
  if (values.length === 0) {
    problems.push(
      problemAtPath(document, path, `${field || 'the keyword list'} has no values`, {
        at: 'key',
        expected: 'null for a field that is absent, values otherwise',
      }),
    );
  }
  const ofField = field === '' ? modifiers.find((name) => OF_FIELDS.includes(name)) : undefined;
  if (ofField !== undefined) {
    problems.push(
      problemAtPath(document, path, `${ofField} needs a field`, { at: 'key', expected: `field|${ofField}` }),
    );
  }
  const anywhere = field === '' && !modifiers.some((name) => PLACED.includes(name));
  return { field, modifiers: anywhere ? [...modifiers, 'contains'] : modifiers, values, path };
}

/**
 * Values are texts: a whole number that YAML would change, such as an account's 012345678901 or one
 * beyond 2^53, stays as the file has it.
 */
function asWritten(document: YamlDocument, path: Path, value: unknown): unknown {
  if (typeof value !== 'number' || !isCollection(document.root)) return value;
  const node = document.root.getIn(path, true);
  const source = isScalar(node) ? node.source : undefined;
  return source !== undefined && source !== String(value) && /^\d+$/.test(source) ? source : value;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Several conditions are several queries: one that holds is enough. */
function parseConditions(
  document: YamlDocument,
  path: Path,
  condition: unknown,
  detection: ReadonlyMap<string, Search>,
  problems: Problem[],
): Condition | undefined {
  const identifiers = [...detection.keys()];
  const texts: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
  const operands: Condition[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseCondition(String(text), identifiers);
    if ('condition' in parsed) operands.push(parsed.condition);
    else {
      const at = Array.isArray(condition) ? [...path, index] : path;
      problems.push(conditionProblem(document, at, String(text), parsed.fault, identifiers));
    }
  }
  return operands.length === 1 ? operands[0] : { kind: 'or', operands };
}

/** Points into the condition where the file has it as it was parsed, and at the whole of it otherwise. */
export function conditionProblem(
  document: YamlDocument,
  path: Path,
  text: string,
  { start, end, message, expected, fix, unknown }: ConditionFault,
  identifiers: readonly string[],
): Problem {
  const details = {
    expected: expected ?? (unknown === undefined ? undefined : identifiers.join(', ')),
    fix: fix ?? (unknown === undefined ? undefined : nearest(unknown, identifiers)),
  };
  const whole = problemAtPath(document, path, message, details);
  const { source } = document;
  const lines = source.text.split('\n');
  const lineStart = lines.slice(0, whole.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const at = source.text.indexOf(text, lineStart + whole.column - 1);
  return at === -1 || at > lineStart + whole.column + 2
    ? whole
    : problemAt(source, at + start, at + end, message, details);
}
