import { evaluate, type FailedCheck } from '../guard/evaluate.ts';
import { documentOf, type Failure, failuresOf } from './failures.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { follow, member, type Node, textOf } from './template/node.ts';
import type { MetUnknown, ResolvedResource, World } from './template/worlds.ts';
import { hasShape, trials } from './unknowns.ts';

/** A resource with unknown values that may matter to a policy. */
export interface OpenResource {
  readonly resource: ResolvedResource;
  readonly fails: readonly Failure[];
  readonly unknowns: readonly MetUnknown[];
}

/**
 * Puts values into the place of what is unknown and asks again. A verdict that stays the same
 * whatever the value is sure; one that changes is open. A policy that fails for every value it
 * could have, but not for the reference, asks for a reference and has one.
 */
export function* settle(
  subject: Subject,
  world: World,
  policy: Policy,
  open: readonly OpenResource[],
  budget: { trials: number },
): Generator<Failure> {
  const outcomes = tryValues(subject, world, policy, open, budget);
  for (const { resource, fails, unknowns } of open) {
    const outcome = outcomes.get(resource.key);
    if (outcome === undefined) continue;
    const { passes, failed, cutOff } = outcome;
    // No value that is tried may be one that the expression is about.
    const mayEscape = policy.speaksOf().comparesWithRegex && !unknowns.every(hasShape);
    if (fails.length === 0) {
      if (failed !== undefined && passes > 0) yield undecided(failed, unknowns);
      continue;
    }
    const atUnknown = fails.some(({ check }) => check !== undefined && hinges(resource, check));
    if (passes === 0 && !cutOff && !(atUnknown && mayEscape)) yield* fails;
    else if (failed !== undefined || cutOff || mayEscape) yield* fails.map((one) => undecided(one, unknowns));
  }
}

export function undecided(failure: Failure, dependsOn: readonly MetUnknown[]): Failure {
  return { ...failure, verdict: 'undecided', dependsOn };
}

interface Outcome {
  passes: number;
  failed: Failure | undefined;
  /** The limit of trials was reached before anything could be said. */
  cutOff: boolean;
}

/** What a policy says of each resource when its unknowns have this and that value; all of them are tried at once. */
function tryValues(
  subject: Subject,
  world: World,
  policy: Policy,
  open: readonly OpenResource[],
  budget: { trials: number },
): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>(
    open.map(({ resource }) => [resource.key, { passes: 0, failed: undefined, cutOff: false }]),
  );
  const { types } = policy.speaksOf();
  const around = world.resources.filter(
    ({ key, value }) =>
      !outcomes.has(key) && (types.size === 0 || types.has(textOf(member(value, 'Type')) ?? '')),
  );
  const unknowns = open.flatMap((one) => one.unknowns);
  for (const values of trials(policy, subject, unknowns)) {
    if (budget.trials-- <= 0) {
      for (const outcome of outcomes.values()) outcome.cutOff = true;
      break;
    }
    const unsettled = open.filter(({ resource }) => {
      const outcome = outcomes.get(resource.key);
      return outcome === undefined || outcome.passes === 0 || outcome.failed === undefined;
    });
    if (unsettled.length === 0) break;
    const changed = unsettled.map(({ resource, unknowns: own }) =>
      own.some(({ name }) => values.has(name))
        ? { ...resource, value: subject.resolveWith(world, resource, values) }
        : resource,
    );
    const failing = Map.groupBy(
      evaluate(policy.guard, documentOf(subject, [...around, ...changed]))
        .filter(({ status }) => status === 'FAIL')
        .flatMap((verdict) => failuresOf(policy, verdict, { resources: changed })),
      ({ resource }) => resource?.key,
    );
    for (const [index, { resource }] of unsettled.entries()) {
      const outcome = outcomes.get(resource.key);
      if (outcome === undefined || changed[index] === resource) continue;
      const [first] = failing.get(resource.key) ?? [];
      if (first === undefined) outcome.passes++;
      else outcome.failed ??= first;
    }
  }
  return outcomes;
}

/** Whether the value that a check looked at is not known, or not wholly. */
export function hinges(resource: ResolvedResource, { path, missing }: FailedCheck): boolean {
  const { node } = follow(resource.value, path.slice(2));
  return missing === true ? node.kind === 'map' && node.entries.some(isFunction) : isOpen(node);
}

export function isFunction({ key }: { readonly key: string }): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function isOpen(node: Node): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.includes('{{resolve:');
  if (node.kind === 'list') return node.items.some(isOpen);
  return node.entries.some((one) => isFunction(one) || isOpen(one.value));
}
