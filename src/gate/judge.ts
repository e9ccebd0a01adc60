import { evaluate } from '../guard/evaluate.ts';
import { LEVELS } from '../model/finding.ts';
import { canonicalJson } from '../model/json.ts';
import { documentOf, type Failure, failuresOf } from './failures.ts';
import type { GateFinding } from './finding.ts';
import { type LineIndex, lineIndex } from './line-index.ts';
import type { Policy } from './policy.ts';
import { hinges, isFunction, type OpenResource, settle, undecided } from './settle.ts';
import type { Subject } from './subject.ts';
import { entry, follow, map, member, type Path, textOf } from './template/node.ts';
import type { World } from './template/worlds.ts';
import { relevantUnknowns, speaksOfType } from './unknowns.ts';

/** Evaluations that settle what hinges on unknown values, for one subject; beyond it they stay undecided. */
const MAX_TRIALS = 20_000;

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
      for (const error of own.filter(({ verdict }) => verdict === 'error')) {
        const open = error.check !== undefined && relevant.length > 0 && hinges(resource, error.check);
        yield open ? undecided(error, relevant) : error;
      }
      if (unknowns.length === 0) yield* fails;
      else open.push({ resource, fails, unknowns });
    }
    if (open.length > 0) yield* settle(subject, world, policy, open, budget);
  }
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
    message: (verdict === 'error' ? check?.reason : oneLine(check?.message)) ?? title,
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
