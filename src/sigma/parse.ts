import { z } from 'zod';
import { LEVELS } from '../model/finding.ts';
import { type Problem, problemAt, type SourceText } from '../model/problem.ts';
import { type Path, problemAtPath, readYaml, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { validate } from '../yaml/validate.ts';
import { type Condition, type ConditionFault, parseCondition } from './condition.ts';
import type { DetectionItem, Search, SigmaRule } from './rule.ts';

const schema = z.looseObject({
  title: z.string().min(1).max(256),
  id: z.string().optional(),
  name: z.string().optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: z.string().optional(),
  level: z.enum(LEVELS).default('medium'),
  tags: z.array(z.string()).default([]),
  logsource: z.looseObject({
    category: z.string().optional(),
    product: z.string().optional(),
    service: z.string().optional(),
  }),
  detection: z.looseObject({ condition: z.union([z.string(), z.array(z.string()).min(1)]) }),
});

export interface ParsedRules {
  readonly rules: readonly SigmaRule[];
  readonly problems: readonly Problem[];
}

/** Reads the rules of a file; a rule that is wrong is reported and never stops the others. */
export function parseSigma(source: SourceText): ParsedRules {
  const read = readYaml(source);
  if (!read.ok) return { rules: [], problems: read.problems };
  const rules: SigmaRule[] = [];
  const problems: Problem[] = [];
  for (const document of read.value) {
    const rule = parseRule(document);
    if (Array.isArray(rule)) problems.push(...rule);
    else rules.push(rule);
  }
  return { rules, problems };
}

function parseRule(document: YamlDocument): SigmaRule | Problem[] {
  const kind = ['correlation', 'filter'].find((key) => Object.hasOwn(Object(document.value), key));
  if (kind !== undefined) {
    return [problemAtPath(document, [kind], `${kind} rules are not supported yet`, { at: 'key' })];
  }
  const checked = validate(document, schema);
  if (!checked.ok) return [...checked.problems];
  const attributes = checked.value;
  const detection = new Map<string, Search>();
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(attributes.detection)) {
    if (name === 'condition') continue;
    const search = parseSearch(value, ['detection', name]);
    if (search === undefined) {
      problems.push(
        problemAtPath(document, ['detection', name], `${name} looks for nothing`, {
          expected: 'a map, or a list of maps or keywords',
        }),
      );
    } else detection.set(name, search);
  }
  const condition = parseConditions(document, attributes.detection.condition, detection, problems);
  if (condition === undefined || problems.length > 0) return problems;
  const { title, level, tags, logsource, status, description } = attributes;
  const { category, product, service } = logsource;
  return {
    id: attributes.id ?? attributes.name ?? title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    title,
    level,
    tags,
    logsource: {
      ...(category ? { category } : {}),
      ...(product ? { product } : {}),
      ...(service ? { service } : {}),
    },
    ...(status ? { status } : {}),
    ...(description ? { description } : {}),
    detection,
    condition,
    attributes,
    document,
  };
}

function parseSearch(value: unknown, path: Path): Search | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    const maps = value.flatMap((entry, index) => (isMap(entry) ? [{ entry, index }] : []));
    const keywords = value.filter((entry) => !isMap(entry));
    const searches: Search[] = [];
    for (const { entry, index } of maps) {
      const search = parseSearch(entry, [...path, index]);
      if (search === undefined) return undefined;
      searches.push(search);
    }
    if (keywords.length > 0) {
      searches.push({ kind: 'map', items: [{ field: '', modifiers: ['contains'], values: keywords, path }] });
    }
    return { kind: 'any', searches };
  }
  if (isMap(value)) {
    const items = Object.entries(value).map(([key, values]) => parseItem(key, values, [...path, key]));
    return items.length === 0 ? undefined : { kind: 'map', items };
  }
  return value === null || value === undefined
    ? undefined
    : { kind: 'map', items: [{ field: '', modifiers: ['contains'], values: [value], path }] };
}

function parseItem(key: string, value: unknown, path: Path): DetectionItem {
  const [field = '', ...modifiers] = key.split('|');
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return { field, modifiers: field === '' ? [...modifiers, 'contains'] : modifiers, values, path };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseConditions(
  document: YamlDocument,
  condition: string | string[],
  detection: ReadonlyMap<string, Search>,
  problems: Problem[],
): Condition | undefined {
  const identifiers = [...detection.keys()];
  const texts = Array.isArray(condition) ? condition : [condition];
  const operands: Condition[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseCondition(text, identifiers);
    if ('condition' in parsed) operands.push(parsed.condition);
    else {
      const path = Array.isArray(condition) ? ['detection', 'condition', index] : ['detection', 'condition'];
      problems.push(conditionProblem(document, path, text, parsed.fault, identifiers));
    }
  }
  return operands.length === 1 ? operands[0] : { kind: 'or', operands };
}

/** Points into the condition where the file has it as it was parsed, and at the whole of it otherwise. */
function conditionProblem(
  document: YamlDocument,
  path: Path,
  text: string,
  { start, end, message, expected, unknown }: ConditionFault,
  identifiers: readonly string[],
): Problem {
  const details = {
    expected: expected ?? (unknown === undefined ? undefined : identifiers.join(', ')),
    fix: unknown === undefined ? undefined : nearest(unknown, identifiers),
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
