import type { z } from 'zod';
import type { Action } from '../../actions/action.ts';
import type { Json } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import { issueProblems } from '../../yaml/validate.ts';
import { referencesIn, textsIn } from './reference.ts';

/**
 * What is wrong with what a playbook says under `with`, as far as it can be known before the references
 * in it have their values.
 */
export function inputProblems(document: YamlDocument, at: Path, action: Action, input: Json): Problem[] {
  const parsed = action.input.safeParse(input);
  if (parsed.success) return [];
  const open = [...textsIn(input)].filter(({ text }) => referencesIn(text).length > 0);
  const issues = parsed.error.issues.filter(
    (issue) =>
      !dependsOn(
        issue,
        open.map(({ path }) => path),
      ),
  );
  const said = Object.keys(Object(input)).length > 0;
  return issues.flatMap((issue) =>
    said
      ? issueProblems(document, issue, action.input, [...at, 'with'])
      : [
          problemAtPath(document, [...at, 'action'], `${action.name} needs with: ${issue.path.join('.')}`, {
            expected: issue.message.replace(/^Invalid input: /, ''),
          }),
        ],
  );
}

/** Whether a fault may be gone once a reference has its value. */
function dependsOn(issue: z.core.$ZodIssue, open: readonly Path[]): boolean {
  if (issue.code === 'unrecognized_keys') return false;
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return open.some((path) => {
    const inside = path.every((part, index) => issue.path[index] === part);
    const around = issue.path.every((part, index) => path[index] === part);
    return inside || (around && !missing);
  });
}

/** What an action is given once every reference has its value; a text says what is wrong with it. */
export function checkedInput({ input }: Action, value: Json): { readonly value: unknown } | string {
  const parsed = input.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return `with.${issue?.path.join('.')}: ${issue?.message}`;
}
