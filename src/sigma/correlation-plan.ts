import type { Problem } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import { LOOSE_ORDER_LIMIT, wantsAll } from './correlation-window.ts';
import type { SigmaRule } from './rule.ts';

/** A correlation whose references are found. */
export interface PlannedCorrelation {
  readonly rule: CorrelationRule;
  /** Ids of rules and correlations, in the order of `rules`. */
  readonly sources: readonly string[];
  /** By step: where its events have the fields that `groupBy` and `fields` name. */
  readonly fieldOf: (step: number, name: string) => string;
  /** Fields that correlations of this one ask for. */
  readonly carried: readonly string[];
}

export interface CorrelationPlan {
  /** Each behind the correlations that it is made of. */
  readonly correlations: readonly PlannedCorrelation[];
  /** Rules and correlations that only serve a correlation: they find nothing by themselves. */
  readonly quiet: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/**
 * Finds what correlations refer to. One that refers to nothing, or in a circle to itself, is a
 * problem and left out, and so are those made of it.
 */
export function planCorrelations(
  correlations: readonly CorrelationRule[],
  rules: readonly SigmaRule[],
): CorrelationPlan {
  const problems: Problem[] = [];
  const known = referencesOf([...rules, ...correlations]);
  const byId = new Map(correlations.map((rule) => [rule.id, rule]));
  const usable = new Map<string, boolean>();
  const ordered: Draft[] = [];
  const visit = (rule: CorrelationRule, above: readonly string[]): boolean => {
    const seen = usable.get(rule.id);
    if (seen !== undefined) return seen;
    if (above.includes(rule.id) || above.length > DEPTH_LIMIT) {
      problems.push(
        problemAtPath(
          rule.document,
          ['correlation', 'rules'],
          `the correlation is made of itself: ${[...above, rule.id].join(' → ')}`,
          { at: 'key' },
        ),
      );
      return false;
    }
    const sources = rule.rules.map((reference, index) => {
      const id = known.get(reference);
      if (id === undefined) problems.push(unknownReference(rule, reference, index, known.keys()));
      return id;
    });
    const found = sources.filter((id) => id !== undefined);
    const complete = found.every((id) => {
      const inner = byId.get(id);
      return inner === undefined || visit(inner, [...above, rule.id]);
    });
    const good = complete && found.length === sources.length;
    const unfit = good ? unfitProblem(rule, found) : undefined;
    if (unfit !== undefined) problems.push(unfit);
    usable.set(rule.id, good && unfit === undefined);
    if (good && unfit === undefined) ordered.push({ rule, sources: found });
    return usable.get(rule.id) === true;
  };
  for (const rule of correlations) visit(rule, []);
  return { correlations: planned(ordered), quiet: quietIds(ordered), problems };
}

const DEPTH_LIMIT = 32;
/** Steps of a chain are the bits of a number. */
const ORDER_LIMIT = 50;

function unfitProblem(rule: CorrelationRule, sources: readonly string[]): Problem | undefined {
  const at = ['correlation', 'rules'];
  const twice = sources.find((id, index) => sources.indexOf(id) !== index);
  if (twice !== undefined && rule.type !== 'temporal_ordered') {
    return problemAtPath(rule.document, at, `the rule ${twice} is named twice`, { at: 'key' });
  }
  const limit = wantsAll(rule) ? ORDER_LIMIT : LOOSE_ORDER_LIMIT;
  return rule.type === 'temporal_ordered' && sources.length > limit
    ? problemAtPath(rule.document, at, `an order of more than ${limit} rules`, { at: 'key' })
    : undefined;
}

interface Draft {
  readonly rule: CorrelationRule;
  readonly sources: readonly string[];
}

function referencesOf(
  rules: readonly { readonly id: string; readonly name?: string }[],
): Map<string, string> {
  const known = new Map<string, string>();
  for (const { id, name } of rules) if (name !== undefined) known.set(name, id);
  for (const { id } of rules) known.set(id, id);
  return known;
}

function unknownReference(
  rule: CorrelationRule,
  reference: string,
  index: number,
  known: Iterable<string>,
): Problem {
  return problemAtPath(rule.document, ['correlation', 'rules', index], `there is no rule ${reference}`, {
    expected: 'the id or name of a rule or a correlation that is loaded',
    fix: nearest(reference, known),
  });
}

/** A rule stays one of its own when every correlation of it says `generate`. */
function quietIds(drafts: readonly Draft[]): ReadonlySet<string> {
  return new Set(drafts.filter(({ rule }) => !rule.generate).flatMap(({ sources }) => sources));
}

function planned(drafts: readonly Draft[]): PlannedCorrelation[] {
  const carried = new Map<string, Set<string>>();
  const plan: PlannedCorrelation[] = [];
  for (const { rule, sources } of drafts.toReversed()) {
    const asked = [...(carried.get(rule.id) ?? [])].filter((name) => !rule.groupBy.includes(name));
    const fieldOf = fieldNames(rule);
    for (const [step, source] of sources.entries()) {
      const names = carried.get(source) ?? new Set();
      carried.set(source, names);
      for (const name of asked) names.add(name);
      for (const name of [...rule.groupBy, ...rule.fields]) names.add(fieldOf(step, name));
    }
    plan.push({ rule, sources, fieldOf, carried: asked });
  }
  return plan.reverse();
}

function fieldNames({ rules, aliases }: CorrelationRule): PlannedCorrelation['fieldOf'] {
  return (step, name) => aliases.get(name)?.get(rules[step] ?? '') ?? name;
}
