import type { z } from 'zod';
import type { Problem, Result } from '../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from './document.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks a document, or the part of it at a path, against a schema; every fault is reported where it
 * stands in the text.
 */
export function validate<T extends z.ZodType>(
  document: YamlDocument,
  schema: T,
  at: Path = [],
): Result<z.output<T>> {
  let value = document.value;
  for (const part of at) value = Object(value)[part];
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.flatMap((issue) => issueProblems(document, issue, schema, at)),
  };
}

/** One fault that a schema found in the part of a document at a path. */
export function issueProblems(document: YamlDocument, issue: Issue, schema: z.ZodType, at: Path): Problem[] {
  const inside = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const path = [...at, ...inside];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, inside);
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
      const deeper = { ...deepest, path: [...issue.path, ...deepest.path] } as Issue;
      return issueProblems(document, deeper, schema, at);
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
  /** Of a schema with a transformation: before it, and after it. */
  readonly in?: unknown;
  readonly out?: unknown;
  readonly type?: string;
}

/** The schema that knows the keys: what comes before a transformation, or after a preprocessing. */
function innerOf(definition: Definition | undefined): unknown {
  const { innerType, in: before, out: after } = definition ?? {};
  const transforms = (after as { def?: Definition } | undefined)?.def?.type === 'transform';
  return innerType ?? (transforms ? before : after);
}

function unwrap(schema: unknown): Definition | undefined {
  let definition = (schema as { def?: Definition } | undefined)?.def;
  for (let inner = innerOf(definition); inner !== undefined; inner = innerOf(definition))
    definition = (inner as { def?: Definition }).def;
  return definition;
}
