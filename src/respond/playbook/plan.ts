import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { durationText } from './duration.ts';
import { inputValues } from './inputs.ts';
import type { ActionStep, Playbook, Step } from './playbook.ts';
import { type Lookup, lookupIn, NoValueError, resolve } from './reference.ts';

/** What a step would do, as far as it is known before anything runs. */
export interface PlannedStep {
  readonly step: Step;
  /** For a person. */
  readonly does: string;
  readonly condition?: { readonly text: string; readonly holds: boolean | 'unknown' };
  readonly branches: readonly { readonly name: string; readonly steps: readonly PlannedStep[] }[];
  /** Done only when the step fails. */
  readonly onFailure: readonly PlannedStep[];
}

/** What a playbook would do to a subject; nothing is called. */
export function planOf(
  playbook: Playbook,
  subject: Subject,
  given: Readonly<Record<string, Json>> = {},
): PlannedStep[] {
  const known = { subject: { ...subject }, inputs: inputValues(playbook.inputs, given) };
  return planSteps(playbook.steps, { subject, known, lookup: keeping(lookupIn(known)) });
}

/** The same in lines, for the ledger and for a rehearsal. */
export function planLines(planned: readonly PlannedStep[]): string[] {
  return planned.flatMap(({ does, condition, branches }) => {
    if (condition?.holds === false) return [];
    const line = condition?.holds === 'unknown' ? `if ${condition.text}: ${does}` : does;
    return branches.length === 0 ? [line] : branches.flatMap(({ steps }) => planLines(steps));
  });
}

interface Known {
  readonly subject: Subject;
  readonly known: { readonly subject: Json; readonly inputs: Json };
  readonly lookup: Lookup;
}

/** What is not known yet stays as it is written. */
function keeping(lookup: Lookup): Lookup {
  return (text) => {
    try {
      return lookup(text);
    } catch (error) {
      if (error instanceof NoValueError) return `\${${text}}`;
      throw error;
    }
  };
}

function planSteps(steps: readonly Step[], known: Known): PlannedStep[] {
  return steps.map((step) => ({
    step,
    does: doesOf(step, known),
    ...conditionOf(step, known),
    branches:
      step.kind === 'parallel'
        ? step.branches.map(({ name, steps: inside }) => ({ name, steps: planSteps(inside, known) }))
        : [],
    onFailure: step.kind === 'action' ? planSteps(step.onFailure.steps, known) : [],
  }));
}

function conditionOf({ condition }: Step, { known }: Known): Pick<PlannedStep, 'condition'> {
  if (condition === undefined) return {};
  const { text, fields } = condition;
  const decided = fields.every((field) => /^(subject|inputs)\./.test(field));
  return { condition: { text, holds: decided ? condition.matches(known) : 'unknown' } };
}

function doesOf(step: Step, known: Known): string {
  switch (step.kind) {
    case 'action':
      return actionPlan(step, known);
    case 'wait':
      return step.for === undefined
        ? `wait until ${String(resolve(toJson(step.until), known.lookup))}`
        : `wait ${durationText(step.for)}`;
    case 'approve': {
      const people = step.approvers === 1 ? 'a person' : `${step.approvers} persons`;
      return `ask ${people}, for ${durationText(step.expires)} at most: ${String(resolve(step.message, known.lookup))}`;
    }
    case 'parallel':
      return `at the same time: ${step.branches.map(({ name }) => name).join(', ')}`;
  }
}

function actionPlan({ action, input }: ActionStep, { subject, lookup }: Known): string {
  const value = resolve(input, lookup);
  const parsed = action.input.safeParse(value);
  try {
    return action.plan(subject, parsed.success ? parsed.data : value);
  } catch {
    // A value that is not known yet was of the wrong kind for the sentence.
    return `${action.title}: ${JSON.stringify(value)}`;
  }
}
