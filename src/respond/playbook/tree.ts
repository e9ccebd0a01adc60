import { durationText } from './duration.ts';
import type { Step } from './playbook.ts';

/** A step, or a branch, as a line of a tree. */
export interface TreeLine {
  /** What is drawn before it: `│  └─ `. */
  readonly branch: string;
  readonly name: string;
  /** In words; empty for a branch. */
  readonly text: string;
  readonly effect?: 'read' | 'reversible' | 'irreversible';
}

interface Twig extends Omit<TreeLine, 'branch'> {
  readonly inside: readonly Twig[];
}

/** The steps of a playbook as a tree: branches and what follows a failure stand below their step. */
export function treeOf(steps: readonly Step[]): TreeLine[] {
  return linesOf(steps.map(twigOf), '');
}

function linesOf(twigs: readonly Twig[], indent: string): TreeLine[] {
  return twigs.flatMap(({ inside, ...line }, index) => {
    const last = index === twigs.length - 1;
    return [
      { ...line, branch: `${indent}${last ? '└─ ' : '├─ '}` },
      ...linesOf(inside, `${indent}${last ? '   ' : '│  '}`),
    ];
  });
}

function twigOf(step: Step): Twig {
  const condition = step.condition === undefined ? '' : `, if ${step.condition.text}`;
  const line = { name: step.id, text: `${stepText(step)}${condition}`, inside: [] };
  if (step.kind === 'action') {
    const { steps, afterwards } = step.onFailure;
    const name = `on failure, then ${afterwards}`;
    const inside = steps.length === 0 ? [] : [{ name, text: '', inside: steps.map(twigOf) }];
    return { ...line, effect: step.action.effect, inside };
  }
  if (step.kind !== 'parallel') return line;
  const inside = step.branches.map(({ name, steps }) => ({ name, text: '', inside: steps.map(twigOf) }));
  return { ...line, inside };
}

/** A step in words, without its condition. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case 'action': {
      const { action, onFailure } = step;
      const goesOn = onFailure.steps.length === 0 && onFailure.afterwards === 'continue';
      const what = step.id === action.name ? action.title : `${action.name}: ${action.title}`;
      return goesOn ? `${what} (a failure is left behind)` : what;
    }
    case 'wait':
      return step.for === undefined ? `wait until ${String(step.until)}` : `wait ${durationText(step.for)}`;
    case 'approve': {
      const people = step.approvers === 1 ? 'a person says yes' : `${step.approvers} persons say yes`;
      return `${people} within ${durationText(step.expires)}: ${step.message}`;
    }
    case 'parallel':
      return 'at the same time';
  }
}
