import type { FieldValue } from '../../model/event.ts';
import { canonicalJson, type Json, toJson } from '../../model/json.ts';
import { failed, ok, type Result } from '../../model/problem.ts';
import { parseSelection } from '../../sigma/selection.ts';
import { type Path, problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import { type Names, referenceFault } from './names.ts';
import { referenceOf } from './reference.ts';

/** When a step is done: a Sigma selection over `{incident, subject, inputs, steps}`. */
export interface Condition {
  matches(record: Readonly<Record<string, FieldValue>>): boolean;
  /** `steps.isolate.state|contains`: what it looks at. */
  readonly fields: readonly string[];
  /** The same for conditions that say the same. */
  readonly key: string;
  /** As a person writes it. */
  readonly text: string;
}

export function parseCondition(
  document: YamlDocument,
  path: Path,
  value: unknown,
  names: Names,
): Result<Condition> {
  const selection = parseSelection(document, path, value);
  if (!selection.ok) return selection;
  const problems = selection.value.items.flatMap(({ field, path: at }) => {
    const fault = referenceFault(referenceOf(field), names);
    return fault === undefined
      ? []
      : [problemAtPath(document, at, fault.message, { ...fault, at: 'key' as const })];
  });
  if (problems.length > 0) return failed(problems);
  const json = toJson(value);
  return ok({
    matches: selection.value.matches,
    fields: selection.value.items.map(({ field }) => field),
    key: canonicalJson(json),
    text: textOf(json),
  });
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(textOf).join(' or ');
  return Object.entries(value as Readonly<Record<string, Json>>)
    .map(([field, wanted]) => `${field}: ${wantedText(wanted, field.includes('|all') ? ' and ' : ' or ')}`)
    .join(' and ');
}

function wantedText(wanted: Json, between: string): string {
  if (Array.isArray(wanted))
    return (wanted as readonly Json[]).map((one) => wantedText(one, between)).join(between);
  return typeof wanted === 'string' && wanted !== '' ? wanted : JSON.stringify(wanted);
}
