import { createHash } from 'node:crypto';
import type { Action } from '../../actions/action.ts';
import {
  failed,
  ok,
  type Problem,
  problemOfFile,
  type Result,
  type SourceText,
} from '../../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import { readYaml } from '../../yaml/read.ts';
import { validate } from '../../yaml/validate.ts';
import { type ActionStep, allSteps, type Playbook, type Step } from './playbook.ts';
import { readSteps } from './read-steps.ts';
import { safetyProblems } from './safety.ts';
import { PLAYBOOK } from './schema.ts';

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
  const checked = validate(document, PLAYBOOK);
  if (!checked.ok) return checked;
  const { name, title, description, inputs } = checked.value;
  const problems: Problem[] = [];
  const { steps, places } = readSteps(document, checked.value.steps, {
    actions,
    inputs: Object.keys(inputs),
    problems,
  });
  // What follows would only repeat the faults of the steps.
  if (problems.length > 0) return failed(problems);
  const subjects = subjectsOf(document, [...allSteps(steps)], checked.value.subjects, problems);
  problems.push(...safetyProblems(document, steps, places));
  if (problems.length > 0) return failed(problems);
  const version = createHash('sha256').update(source.text).digest('hex');
  return ok({
    name,
    title,
    ...(description === undefined ? {} : { description }),
    subjects,
    inputs,
    steps,
    source,
    version,
  });
}

/** What every action of a playbook can be done to, or is not done to because of its condition. */
function subjectsOf(
  document: YamlDocument,
  steps: readonly Step[],
  declared: readonly string[] | undefined,
  problems: Problem[],
): readonly string[] {
  const particular = steps.filter(
    (step): step is ActionStep => step.kind === 'action' && step.action.subjects.length > 0,
  );
  if (declared !== undefined) {
    for (const [index, type] of declared.entries()) {
      const action = particular.find((step) => !suits(step, type))?.action;
      if (action === undefined) continue;
      const message = `${action.name} cannot be done to ${type}`;
      const expected = action.subjects.join(', ');
      problems.push(problemAtPath(document, ['subjects', index], message, { expected }));
    }
    return declared;
  }
  let shared = [...new Set(particular.flatMap(({ action }) => action.subjects))];
  for (const step of particular) {
    const both = shared.filter((type) => suits(step, type));
    if (both.length === 0) {
      const { name, subjects } = step.action;
      const message = `there is nothing that all actions can be done to: ${name} is for ${subjects.join(', ')}, those before it for ${shared.join(', ')}`;
      problems.push(problemAtPath(document, ['steps'], message, { at: 'key' }));
      break;
    }
    shared = both;
  }
  return shared;
}

/** A condition that asks for nothing but the type of the subject is known beforehand. */
function suits({ action, condition }: ActionStep, type: string): boolean {
  if (action.subjects.includes(type)) return true;
  return condition?.fields.every((field) => field === 'subject.type') === true
    ? !condition.matches({ subject: { type } })
    : false;
}
