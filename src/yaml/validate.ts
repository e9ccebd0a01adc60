import type { z } from 'zod';
import type { Problem, Result } from '../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from './document.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** Checks a document against a schema; every fault is reported where it stands in the text. */
export function validate<T extends z.ZodType>(document: YamlDocument, schema: T): Result<z.output<T>> {
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(document, issue, schema)) };
}

function problemsOf(document: YamlDocument, issue: Issue, schema: z.ZodType): Problem[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      return problemAtPath(document, [...path, key], `unknown key ${key}`, {
        at: 'key',
        ...(known.length === 0 ? {} : { expected: known.join(', ') }),
        ...(near === undefined ? {} : { fix: near }),
      });
    });
  }
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors
      .flat()
      .sort((a, b) => b.path.length - a.path.length)
      .at(0);
    if (deepest !== undefined && deepest.path.length > 0) {
      return problemsOf(document, { ...deepest, path: [...issue.path, ...deepest.path] } as Issue, schema);
    }
  }
  return [problemAtPath(document, path, messageOf(issue, path))];
}

function messageOf(issue: Issue, path: Path): string {
  const name = path.length === 0 ? 'the document' : path.join('.');
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && /undefined/.test(issue.message);
  return missing ? `${name} is missing` : `${name}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** The keys that the object schema at a path knows, or none where it is no plain object. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let current: unknown = schema;
  for (const part of path) {
    const definition = unwrap(current);
    if (definition?.shape !== undefined) current = definition.shape[part];
    else current = definition?.element ?? definition?.valueType;
  }
  return Object.keys(unwrap(current)?.shape ?? {});
}

interface Definition {
  readonly shape?: Record<string | number, unknown>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly innerType?: unknown;
  /** What a schema with a transformation takes. */
  readonly in?: unknown;
}

function innerOf(definition: Definition | undefined): unknown {
  return definition?.innerType ?? definition?.in;
}

function unwrap(schema: unknown): Definition | undefined {
  let definition = (schema as { def?: Definition } | undefined)?.def;
  for (let inner = innerOf(definition); inner !== undefined; inner = innerOf(definition))
    definition = (inner as { def?: Definition }).def;
  return definition;
}
