import { evaluate, type FailedCheck, type RuleVerdict } from '../guard/evaluate.ts';
import { LEVELS } from '../model/finding.ts';
import { canonicalJson, type Json } from '../model/json.ts';
import type { GateFinding } from './finding.ts';
import { type LineIndex, lineIndex } from './line-index.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { entry, follow, map, member, type Node, type Path, textOf, toJson } from './template/node.ts';
import type { MetUnknown, ResolvedResource, World } from './template/worlds.ts';
import { hasShape, relevantUnknowns, speaksOfType, trials } from './unknowns.ts';

/** Evaluations that settle what hinges on unknown values, for one subject; beyond it they stay undecided. */
const MAX_TRIALS = 20_000;

/** A failing check in one world. */
interface Failure {
  readonly policy: Policy;
  readonly rule: string;
  readonly verdict: GateFinding['verdict'];
  readonly resource: ResolvedResource | undefined;
  readonly check: FailedCheck | undefined;
  readonly dependsOn: readonly MetUnknown[];
}

export function judge(subject: Subject, policies: readonly Policy[]): GateFinding[] {
  const lines = lineIndex(subject.source.text);
  const inWorlds = new Map<string, { first: GateFinding; worlds: World[] }>();
  const budget = { trials: MAX_TRIALS };
  for (const world of subject.worlds) {
    for (const failure of judgeWorld(subject, world, policies, budget)) {
      const finding = findingOf(failure, subject, lines);
      const key = canonicalJson([
        finding.policy.id,
        finding.rule,
        finding.resource?.logicalId ?? '',
        finding.path,
        finding.verdict,
      ]);
      const known = inWorlds.get(key);
      if (known === undefined) inWorlds.set(key, { first: finding, worlds: [world] });
      else known.worlds.push(world);
    }
  }
  const findings = [...inWorlds.values()].map(({ first, worlds }) => ({
    ...first,
    when: whenOf(worlds, subject.worlds),
  }));
  return withoutWeaker(findings).sort(byPlace);
}

/** A finding that is sure in one world says more than that it is open in another. */
function withoutWeaker(findings: readonly GateFinding[]): GateFinding[] {
  const key = ({ policy, rule, resource }: GateFinding): string =>
    `${policy.id} ${rule} ${resource?.logicalId}`;
  const sure = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(key));
  return findings.filter((finding) => finding.verdict !== 'undecided' || !sure.has(key(finding)));
}

function byPlace(a: GateFinding, b: GateFinding): number {
  const severity = LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity);
  const place = a.place.line - b.place.line || a.place.column - b.place.column;
  return place || severity || (a.policy.id < b.policy.id ? -1 : 1);
}

/** What all worlds with the finding have in common, and not all worlds have. */
function whenOf(worlds: readonly World[], all: readonly World[]): string[] {
  if (worlds.length === all.length) return [];
  const [first] = worlds;
  return [...(first?.choices ?? [])]
    .filter(
      ([name, text]) =>
        worlds.every(({ choices }) => choices.get(name) === text) &&
        !all.every(({ choices }) => choices.get(name) === text),
    )
    .map(([, text]) => text);
}

function* judgeWorld(
  subject: Subject,
  world: World,
  policies: readonly Policy[],
  budget: { trials: number },
): Generator<Failure> {
  const document = documentOf(subject, world.resources);
  const byType = Map.groupBy(world.resources, ({ value }) => textOf(member(value, 'Type')) ?? '');
  for (const policy of policies) {
    const { resources: types } = policy.header;
    if (types.length > 0 && !types.some((type) => byType.has(type))) continue;
    const verdicts = evaluate(policy.guard, document);
    const failures = verdicts.flatMap((verdict) => failuresOf(policy, verdict, world));
    const failing = Map.groupBy(failures, ({ resource }) => resource?.key);
    for (const failure of failing.get(undefined) ?? []) yield failure;
    const open: OpenResource[] = [];
    for (const resource of world.resources) {
      const own = failing.get(resource.key) ?? [];
      const type = textOf(member(resource.value, 'Type')) ?? '';
      const relevant = own.length > 0 || speaksOfType(policy, type) ? relevantUnknowns(policy, resource) : [];
      const fails = own.filter(({ verdict }) => verdict === 'fail');
      const unknowns = fails.length > 0 ? relevant : relevant.filter(({ kind }) => kind === 'value');
      if (unknowns.length === 0) yield* own;
      else {
        yield* own.filter(({ verdict }) => verdict !== 'fail');
        open.push({ resource, fails, unknowns });
      }
    }
    if (open.length > 0) yield* settle(subject, world, policy, open, budget);
  }
}

function documentOf(subject: Subject, resources: readonly { key: string; value: Node }[]): Json {
  const sections = toJson(subject.sections) as Readonly<Record<string, Json>>;
  return {
    ...sections,
    Resources: Object.fromEntries(resources.map(({ key, value }) => [key, toJson(value)])),
  };
}

function failuresOf(policy: Policy, verdict: RuleVerdict, world: World): Failure[] {
  if (verdict.status !== 'FAIL' && verdict.status !== 'ERROR') return [];
  const { rule } = verdict;
  const kindOf = (check?: FailedCheck): Failure['verdict'] => {
    if (check === undefined) return verdict.status === 'FAIL' ? 'fail' : 'error';
    return check.error === true ? 'error' : 'fail';
  };
  if (verdict.checks.length === 0) {
    return [{ policy, rule, verdict: kindOf(), resource: undefined, check: undefined, dependsOn: [] }];
  }
  const resourceAt = resourcesByName(world.resources);
  const withPlace = verdict.checks.map((check) => ({ check, resource: resourceAt(check.path) }));
  const failures: Failure[] = [];
  for (const [resource, group] of Map.groupBy(withPlace, (one) => one.resource)) {
    for (const check of tellingChecks(group.map((one) => one.check))) {
      failures.push({ policy, rule, verdict: kindOf(check), resource, check, dependsOn: [] });
    }
  }
  return failures;
}

const byName = new WeakMap<readonly ResolvedResource[], ReadonlyMap<string, ResolvedResource>>();

function resourcesByName(
  resources: readonly ResolvedResource[],
): (path: Path) => ResolvedResource | undefined {
  let names = byName.get(resources);
  if (names === undefined) {
    names = new Map(resources.map((resource) => [resource.key, resource]));
    byName.set(resources, names);
  }
  const known = names;
  return ([section, name]) => (section === 'Resources' ? known.get(String(name)) : undefined);
}

/**
 * Of the alternatives of a line that all failed, those with a message say what is wrong; and of
 * several checks of one value the first is enough.
 */
function tellingChecks(checks: readonly FailedCheck[]): FailedCheck[] {
  const worded = checks.filter(({ message, error }) => message !== undefined || error === true);
  const byPath = new Map<string, FailedCheck>();
  for (const check of worded.length > 0 ? worded : checks.slice(0, 1)) {
    const key = `${check.message} ${check.path.join('.')}`;
    if (!byPath.has(key)) byPath.set(key, check);
  }
  return [...byPath.values()];
}

/** A resource with unknown values that may matter to a policy. */
interface OpenResource {
  readonly resource: ResolvedResource;
  readonly fails: readonly Failure[];
  readonly unknowns: readonly MetUnknown[];
}

/**
 * Puts values into the place of what is unknown and asks again. A verdict that stays the same
 * whatever the value is sure; one that changes is open. A policy that fails for every value it
 * could have, but not for the reference, asks for a reference and has one.
 */
function* settle(
  subject: Subject,
  world: World,
  policy: Policy,
  open: readonly OpenResource[],
  budget: { trials: number },
): Generator<Failure> {
  const outcomes = tryValues(subject, world, policy, open, budget);
  for (const { resource, fails, unknowns } of open) {
    const { passes, failed } = outcomes.get(resource.key) ?? { passes: 0, failed: undefined };
    // No value that is tried may be one that the expression is about.
    const mayEscape = policy.speaksOf().comparesWithRegex && !unknowns.every(hasShape);
    if (fails.length === 0) {
      if (failed !== undefined && passes > 0) yield undecided(failed, unknowns);
      continue;
    }
    const atUnknown = fails.some(({ check }) => check !== undefined && hinges(resource, check));
    if (passes === 0 && !(atUnknown && mayEscape)) yield* fails;
    else if (failed !== undefined || mayEscape) yield* fails.map((one) => undecided(one, unknowns));
  }
}

function undecided(failure: Failure, dependsOn: readonly MetUnknown[]): Failure {
  return { ...failure, verdict: 'undecided', dependsOn };
}

interface Outcome {
  passes: number;
  failed: Failure | undefined;
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
    open.map(({ resource }) => [resource.key, { passes: 0, failed: undefined }]),
  );
  const { types } = policy.speaksOf();
  const around = world.resources.filter(
    ({ key, value }) =>
      !outcomes.has(key) && (types.size === 0 || types.has(textOf(member(value, 'Type')) ?? '')),
  );
  const unknowns = open.flatMap((one) => one.unknowns);
  for (const values of trials(policy, subject, unknowns)) {
    if (budget.trials-- <= 0) break;
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
        .flatMap((verdict) => failuresOf(policy, verdict, { ...world, resources: changed })),
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
function hinges(resource: ResolvedResource, { path, missing }: FailedCheck): boolean {
  const { node } = follow(resource.value, path.slice(2));
  return missing === true ? node.kind === 'map' && node.entries.some(isFunction) : isOpen(node);
}

function isFunction({ key }: { readonly key: string }): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function isOpen(node: Node): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.includes('{{resolve:');
  if (node.kind === 'list') return node.items.some(isOpen);
  return node.entries.some((one) => isFunction(one) || isOpen(one.value));
}

function findingOf(failure: Failure, subject: Subject, lines: LineIndex): GateFinding {
  const { policy, rule, verdict, resource, check, dependsOn } = failure;
  const { id, title, severity, why, fix, references } = policy.header;
  const path = check?.path ?? [];
  const below = resource === undefined ? path : path.slice(2);
  const { node, key } =
    resource === undefined
      ? follow(subject.sections, below)
      : follow(map([entry(resource.key, resource.value, resource.keySpan)], subject.sections), [
          resource.key,
          ...below,
        ]);
  const whole = node.kind === 'scalar' || (node.kind === 'map' && node.entries.some(isFunction));
  const at = whole || key === undefined ? node : key;
  const name = resource === undefined ? undefined : subject.names.get(resource.key);
  return {
    policy: { id, title, why, fix, references },
    rule,
    verdict,
    severity,
    message:
      oneLine(check?.message) ??
      (verdict === 'error' ? (check?.reason ?? 'the rule cannot be judged') : title),
    file: subject.source.file,
    place: lines.placeOf(at),
    resource:
      resource === undefined
        ? undefined
        : { logicalId: resource.key, type: textOf(member(resource.value, 'Type')) ?? '', ...name },
    path: pathText(below),
    ...(check?.found === undefined || check.missing === true || verdict === 'undecided'
      ? {}
      : { found: check.found }),
    ...(check?.expected === undefined ? {} : { expected: check.expected }),
    when: [],
    dependsOn: [...new Set(dependsOn.map(({ name: unknown }) => unknown))],
  };
}

function oneLine(text: string | undefined): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim();
  return line === '' ? undefined : line;
}

function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' || /^\d+$/.test(part) ? `[${part}]` : part))
    .join('.')
    .replaceAll('.[', '[');
}
