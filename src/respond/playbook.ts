import { z } from 'zod';
import type { Action } from '../actions/action.ts';
import { failed, ok, type Problem, problemOfFile, type Result, type SourceText } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { readYaml } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';

const schema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens'),
  title: z.string().min(1),
  description: z.string().optional(),
  steps: z
    .array(
      z.strictObject({
        action: z.string(),
        /** How long the step may wait for AWS, in minutes. */
        timeout: z.number().positive().max(1440).optional(),
      }),
    )
    .min(1),
});

/** What is done to a subject, step by step. */
export interface Playbook {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly PlaybookStep[];
}

export interface PlaybookStep {
  readonly action: Action;
  /** Milliseconds until a step that waits stops and asks. */
  readonly timeout: number;
}

const DEFAULT_TIMEOUT_MINUTES = 60;

/**
 * Reads a playbook. One whose irreversible action has no sealed evidence before it is refused:
 * what destroys evidence may only follow what has kept it.
 */
export function parsePlaybook(source: SourceText, actions: ReadonlyMap<string, Action>): Result<Playbook> {
  const read = readYaml(source);
  if (!read.ok) return read;
  const [document] = read.value;
  if (document === undefined || read.value.length !== 1) {
    return failed([problemOfFile(source.file, 'a playbook is one YAML document')]);
  }
  const checked = validate(document, schema);
  if (!checked.ok) return checked;
  const problems: Problem[] = [];
  const steps: PlaybookStep[] = [];
  for (const [index, { action: name, timeout }] of checked.value.steps.entries()) {
    const action = actions.get(name);
    const path = ['steps', index, 'action'];
    if (action === undefined) {
      problems.push(
        problemAtPath(document, path, `there is no action ${name}`, {
          expected: [...actions.keys()].join(', '),
          fix: nearest(name, actions.keys()),
        }),
      );
      continue;
    }
    if (steps.some((step) => step.action.name === name)) {
      problems.push(problemAtPath(document, path, `${name} is in the playbook already`));
    }
    if (action.effect === 'irreversible' && !steps.some((step) => step.action.name === 'seal-evidence')) {
      problems.push(
        problemAtPath(document, path, `${name} cannot be undone and no evidence is sealed before it`, {
          fix: 'put a step "- action: seal-evidence" before it',
        }),
      );
    }
    steps.push({ action, timeout: (timeout ?? DEFAULT_TIMEOUT_MINUTES) * 60_000 });
  }
  const { name, title } = checked.value;
  return problems.length > 0 ? failed(problems) : ok({ name, title, steps });
}
