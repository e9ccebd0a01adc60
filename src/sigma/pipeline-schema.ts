import { RE2JS } from 're2js';
import { z } from 'zod';
import { failed, ok, type Problem, type Result, type SourceText } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { readYamlDocuments } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import { parseSearch } from './detection.ts';
import { placedIn } from './filter.ts';
import { LOGSOURCE, logsourceOf } from './header.ts';

import type { Logsource, Search } from './rule.ts';

/** What turns rules into rules for the logs that are there. */
export interface Pipeline {
  readonly name: string;
  /** Lower ones come first. */
  readonly priority: number;
  /** Values of placeholders, by their names. */
  readonly vars: ReadonlyMap<string, readonly (string | number)[]>;
  readonly transformations: readonly Transformation[];
}

export type Transformation = Conditions & TransformationKind;

interface Conditions {
  readonly ruleConditions: readonly RuleCondition[];
  /** Whether one condition is enough. */
  readonly ruleConditionsAny: boolean;
  readonly ruleConditionsNot: boolean;
  /** The fields that it is for; all when there are none. */
  readonly fields: readonly string[];
  readonly exceptFields: readonly string[];
}

export type RuleCondition =
  | ({ readonly type: 'logsource' } & Logsource)
  | { readonly type: 'tag'; readonly tag: string }
  | { readonly type: 'rule_attribute'; readonly attribute: string; readonly value: string }
  | { readonly type: 'contains_field'; readonly field: string };

export type FieldTransformation =
  | { readonly type: 'field_name_mapping'; readonly mapping: Readonly<Record<string, readonly string[]>> }
  | {
      readonly type: 'field_name_prefix_mapping';
      readonly mapping: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly type: 'field_name_prefix'; readonly prefix: string }
  | { readonly type: 'field_name_suffix'; readonly suffix: string }
  | { readonly type: 'drop_detection_item' };

export type ValueTransformation =
  | { readonly type: 'map_string'; readonly mapping: Readonly<Record<string, readonly string[]>> }
  | { readonly type: 'replace_string'; readonly regex: string; readonly replacement: string };

export type TransformationKind =
  | FieldTransformation
  | ValueTransformation
  | { readonly type: 'change_logsource'; readonly logsource: Logsource }
  | { readonly type: 'add_condition'; readonly search: Search; readonly negated: boolean }
  | { readonly type: 'rule_failure'; readonly message: string }
  | { readonly type: 'detection_item_failure'; readonly message: string };

const texts = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((one) => (Array.isArray(one) ? one : [one]));
const mapping = z.record(z.string(), texts);
const ruleCondition = z.union([
  z.strictObject({ type: z.literal('logsource'), ...LOGSOURCE.shape }),
  z.strictObject({ type: z.literal('tag'), tag: z.string() }),
  z.strictObject({ type: z.literal('rule_attribute'), attribute: z.string(), value: z.coerce.string() }),
  z.strictObject({ type: z.literal('contains_field'), field: z.string() }),
]);
const fieldCondition = z.strictObject({ type: z.enum(['include_fields', 'exclude_fields']), fields: texts });

const common = {
  id: z.string().optional(),
  type: z.string(),
  rule_conditions: z.array(ruleCondition).default([]),
  rule_cond_op: z.enum(['and', 'or']).default('and'),
  rule_cond_not: z.boolean().default(false),
  field_name_conditions: z.array(fieldCondition).default([]),
};

/** By type, what it takes beside conditions. */
const SCHEMAS = {
  field_name_mapping: z.strictObject({ ...common, mapping }),
  field_name_prefix_mapping: z.strictObject({ ...common, mapping }),
  field_name_prefix: z.strictObject({ ...common, prefix: z.string() }),
  field_name_suffix: z.strictObject({ ...common, suffix: z.string() }),
  drop_detection_item: z.strictObject(common),
  map_string: z.strictObject({ ...common, mapping }),
  replace_string: z.strictObject({ ...common, regex: z.string(), replacement: z.string() }),
  change_logsource: z.strictObject({ ...common, ...LOGSOURCE.shape }),
  add_condition: z.strictObject({
    ...common,
    conditions: z.record(z.string(), z.unknown()),
    negated: z.boolean().default(false),
  }),
  rule_failure: z.strictObject({ ...common, message: z.string() }),
  detection_item_failure: z.strictObject({ ...common, message: z.string() }),
} as const;
type TransformationType = keyof typeof SCHEMAS;

const schema = z.strictObject({
  name: z.string().default('pipeline'),
  priority: z.number().default(0),
  vars: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]))
    .default({}),
  transformations: z.array(z.looseObject({ type: z.string() })).default([]),
});

/** Reads a pipeline; what it cannot do is a problem where it stands. */
export function parsePipeline(source: SourceText): Result<Pipeline> {
  const { documents, problems } = readYamlDocuments(source);
  const [document] = documents;
  if (problems.length > 0 || document === undefined) return failed(problems);
  const checked = validate(document, schema);
  if (!checked.ok) return checked;
  const faults: Problem[] = [];
  const transformations = checked.value.transformations.flatMap((_, index) =>
    parseTransformation(document, index, faults),
  );
  if (faults.length > 0) return failed(faults);
  const { name, priority, vars } = checked.value;
  const values = Object.entries(vars).map(
    ([variable, value]) => [variable, Array.isArray(value) ? value : [value]] as const,
  );
  return ok({ name, priority, vars: new Map(values), transformations });
}

function parseTransformation(document: YamlDocument, index: number, faults: Problem[]): Transformation[] {
  const path = ['transformations', index];
  const given = (document.value as { transformations: { type: string }[] }).transformations[index];
  const types = Object.keys(SCHEMAS);
  const type = types.find((known) => known === given?.type) as TransformationType | undefined;
  if (type === undefined) {
    faults.push(
      problemAtPath(document, [...path, 'type'], `unknown transformation ${given?.type}`, {
        expected: types.join(', '),
        fix: nearest(given?.type ?? '', types),
      }),
    );
    return [];
  }
  const checked = validate(document, SCHEMAS[type], path);
  if (!checked.ok) {
    faults.push(...checked.problems);
    return [];
  }
  const { value } = checked;
  const kind = kindOf(type, value as Readonly<Record<string, unknown>>, document, path, faults);
  const fieldsOf = (wanted: string): string[] =>
    value.field_name_conditions.flatMap(({ type: one, fields }) => (one === wanted ? fields : []));
  return kind === undefined
    ? []
    : [
        {
          ...kind,
          ruleConditions: value.rule_conditions as readonly RuleCondition[],
          ruleConditionsAny: value.rule_cond_op === 'or',
          ruleConditionsNot: value.rule_cond_not,
          fields: fieldsOf('include_fields'),
          exceptFields: fieldsOf('exclude_fields'),
        },
      ];
}

function regexFault(regex: string): string | undefined {
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    return `the regular expression is refused: ${(error as Error).message}`;
  }
}

function kindOf(
  type: TransformationType,
  value: Readonly<Record<string, unknown>>,
  document: YamlDocument,
  path: readonly (string | number)[],
  faults: Problem[],
): TransformationKind | undefined {
  if (type === 'change_logsource') return { type, logsource: logsourceOf(value) };
  if (type !== 'add_condition') {
    const { regex } = value;
    const fault = typeof regex === 'string' ? regexFault(regex) : undefined;
    if (fault !== undefined) faults.push(problemAtPath(document, [...path, 'regex'], fault));
    const own = Object.entries(value).filter(([key]) => !Object.hasOwn(common, key));
    return { type, ...Object.fromEntries(own) } as TransformationKind;
  }
  const search = parseSearch(value.conditions, [...path, 'conditions'], document, faults);
  if (search !== undefined)
    return { type, search: placedIn(search, document), negated: value.negated === true };
  faults.push(
    problemAtPath(document, [...path, 'conditions'], 'the conditions look for nothing', { at: 'key' }),
  );
  return undefined;
}
