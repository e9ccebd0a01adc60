import type { Problem } from '../../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import type { ActionStep, Step } from './playbook.ts';

const SEAL = 'seal-evidence';

/**
 * Under which conditions an action was certainly done: each set is one way; the empty set is "always".
 * By the action's name.
 */
type Certain = ReadonlyMap<string, readonly ReadonlySet<string>[]>;

interface Walk {
  readonly document: YamlDocument;
  readonly places: ReadonlyMap<Step, Path>;
  readonly problems: Problem[];
}

/** Where a step is: the conditions that hold there, and whether other branches run beside it. */
interface Here {
  readonly conditions: ReadonlySet<string>;
  readonly inBranch: boolean;
}

/**
 * What is wrong with the order of the steps: on every way through the playbook what an action needs must
 * come before it, and sealed evidence before what cannot be undone.
 */
export function safetyProblems(
  document: YamlDocument,
  steps: readonly Step[],
  places: ReadonlyMap<Step, Path>,
): Problem[] {
  const walk: Walk = { document, places, problems: [] };
  walkList(steps, new Map(), { conditions: new Set(), inBranch: false }, walk);
  return walk.problems;
}

/** What is certain behind the steps. */
function walkList(steps: readonly Step[], before: Certain, here: Here, walk: Walk): Certain {
  let certain = before;
  for (const step of steps) {
    const conditions =
      step.condition === undefined ? here.conditions : new Set([...here.conditions, step.condition.key]);
    const inside = { ...here, conditions };
    if (step.kind === 'action') {
      checkAction(step, certain, inside, walk);
      walkList(step.onFailure.steps, certain, inside, walk);
      if (step.onFailure.afterwards === 'ask') certain = withAction(certain, step.action.name, conditions);
    } else if (step.kind === 'parallel') {
      const start = certain;
      for (const branch of step.branches) {
        const after = walkList(branch.steps, start, { ...inside, inBranch: true }, walk);
        certain = union(certain, after);
      }
    }
  }
  return certain;
}

function withAction(certain: Certain, name: string, conditions: ReadonlySet<string>): Certain {
  return new Map(certain).set(name, [...(certain.get(name) ?? []), conditions]);
}

function union(one: Certain, other: Certain): Certain {
  const both = new Map(one);
  for (const [name, ways] of other) both.set(name, [...new Set([...(both.get(name) ?? []), ...ways])]);
  return both;
}

function isCertain(certain: Certain, name: string, { conditions }: Here): boolean {
  return (certain.get(name) ?? []).some((way) => [...way].every((one) => conditions.has(one)));
}

function checkAction(
  step: ActionStep,
  certain: Certain,
  here: Here,
  { document, places, problems }: Walk,
): void {
  const { name, effect, needs } = step.action;
  const at = [...(places.get(step) ?? []), 'action'];
  const report = (message: string, needed: string): void => {
    const ways = certain.get(needed);
    const fix =
      ways === undefined
        ? `put a step "- action: ${needed}" before it`
        : `do ${needed} under no other "if", and let its failure ask`;
    problems.push(problemAtPath(document, at, message, { fix }));
  };
  if (effect === 'irreversible' && !isCertain(certain, SEAL, here))
    report(`${name} cannot be undone and no evidence is sealed before it on every way`, SEAL);
  for (const needed of needs) {
    if (needed === SEAL && effect === 'irreversible') continue;
    if (!isCertain(certain, needed, here)) report(`${name} needs ${needed} before it on every way`, needed);
  }
  if (name === SEAL && here.inBranch) {
    const message = 'the evidence is sealed while other branches may still add to it';
    problems.push(problemAtPath(document, at, message, { fix: 'seal it behind the parallel step' }));
  }
}
