import type { Branch, Reason, RuleRef } from '../model/finding.ts';
import { failed, ok, type Problem, type Result } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import { type CompiledItem, compileItem } from './compile-item.ts';
import type { Condition } from './condition.ts';
import { type Diagnosis, diagnoseCondition } from './diagnosis.ts';
import { type EventView, type FieldPool, fieldPool } from './event-view.ts';
import type { Placeholders } from './placeholder.ts';
import type { Search, SigmaRule } from './rule.ts';

export type { EventView } from './event-view.ts';

export interface CompiledRule {
  readonly rule: SigmaRule;
  readonly ref: RuleRef;
  matches(event: EventView): boolean;
  /** The branch that matched; nothing when the rule does not match. */
  explain(event: EventView): Branch | undefined;
  /** Every part of the condition: whether it matched, and what was found where it looked. */
  diagnose(event: EventView): Diagnosis;
  /** What the rule is made of, for an index. */
  readonly searches: ReadonlyMap<string, CompiledSearch>;
}

export interface CompileOptions {
  readonly placeholders?: Placeholders;
  /** Other names of fields, by the name that a rule may use. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export type CompiledSearch =
  | { readonly kind: 'item'; readonly item: CompiledItem; readonly test: Test }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly CompiledSearch[]; readonly test: Test };

export type Test = (event: EventView) => boolean;

/** Turns a rule into closures, once; what cannot be compiled is reported where it stands. */
export function compileRule(rule: SigmaRule, options: CompileOptions = {}): Result<CompiledRule> {
  return compileWith(rule, options, fieldPool());
}

/** The same with fields that rules share. */
export function compileWith(rule: SigmaRule, options: CompileOptions, pool: FieldPool): Result<CompiledRule> {
  const problems: Problem[] = [];
  const searches = new Map<string, CompiledSearch>();
  for (const [name, search] of rule.detection) {
    searches.set(name, compileSearch(search, rule, options, pool, problems));
  }
  if (problems.length > 0) return failed(problems);
  const { id, title, level } = rule;
  return ok({
    rule,
    ref: { id, title, level },
    searches,
    matches: compileCondition(rule.condition, searches),
    explain: (event) => explain(rule.condition, searches, event),
    diagnose: (event) => diagnoseCondition(rule.condition, searches, event),
  });
}

function compileSearch(
  search: Search,
  rule: SigmaRule,
  options: CompileOptions,
  pool: FieldPool,
  problems: Problem[],
): CompiledSearch {
  if (search.kind === 'map') {
    const parts = search.items.map((item): CompiledSearch => {
      const compiled = compileItem(item, options, pool);
      if (!('fault' in compiled)) return { kind: 'item', item: compiled, test: compiled.test };
      const { path, fault, expected, fix, at } = compiled;
      const document = item.document ?? rule.document;
      problems.push(
        problemAtPath(document, path, fault, { expected, fix, ...(at === undefined ? {} : { at }) }),
      );
      return { kind: 'any', parts: [], test: () => false };
    });
    return joined('all', parts);
  }
  return joined(
    'any',
    search.searches.map((inner) => compileSearch(inner, rule, options, pool, problems)),
  );
}

function joined(kind: 'all' | 'any', parts: readonly CompiledSearch[]): CompiledSearch {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return {
    kind,
    parts,
    test: combine(
      kind === 'all',
      parts.map(({ test }) => test),
    ),
  };
}

function compileCondition(condition: Condition, searches: ReadonlyMap<string, CompiledSearch>): Test {
  const testOf = (name: string): Test => searches.get(name)?.test ?? (() => false);
  switch (condition.kind) {
    case 'identifier':
      return testOf(condition.name);
    case 'quantified':
      return combine(condition.quantifier === 'all', condition.names.map(testOf));
    case 'not': {
      const operand = compileCondition(condition.operand, searches);
      return (event) => !operand(event);
    }
    default:
      return combine(
        condition.kind === 'and',
        condition.operands.map((operand) => compileCondition(operand, searches)),
      );
  }
}

function combine(all: boolean, tests: readonly Test[]): Test {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return all
    ? (event) => {
        for (const test of tests) if (!test(event)) return false;
        return true;
      }
    : (event) => {
        for (const test of tests) if (test(event)) return true;
        return false;
      };
}

function explain(
  condition: Condition,
  searches: ReadonlyMap<string, CompiledSearch>,
  event: EventView,
): Branch | undefined {
  const names = contributing(condition, searches, event);
  if (names === undefined) return undefined;
  const selections = [...new Set(names)];
  const because = selections.flatMap((selection) => {
    const search = searches.get(selection);
    return search === undefined
      ? []
      : reasonsOf(search, event).map((reason): Reason => ({ selection, ...reason }));
  });
  return { selections, because };
}

/** The identifiers that made a condition true, or nothing when it is not; what a `not` keeps out is no reason. */
function contributing(
  condition: Condition,
  searches: ReadonlyMap<string, CompiledSearch>,
  event: EventView,
): string[] | undefined {
  const holds = (name: string): boolean => searches.get(name)?.test(event) ?? false;
  switch (condition.kind) {
    case 'identifier':
      return holds(condition.name) ? [condition.name] : undefined;
    case 'quantified': {
      const names = condition.names.filter(holds);
      const wanted = condition.quantifier === 'all' ? condition.names.length : 1;
      return names.length < wanted ? undefined : names;
    }
    case 'not':
      return contributing(condition.operand, searches, event) === undefined ? [] : undefined;
    default: {
      const found = condition.operands
        .map((operand) => contributing(operand, searches, event))
        .filter((names) => names !== undefined);
      const wanted = condition.kind === 'and' ? condition.operands.length : 1;
      return found.length < wanted ? undefined : found.flat();
    }
  }
}

function reasonsOf(search: CompiledSearch, event: EventView): Omit<Reason, 'selection'>[] {
  if (search.kind === 'item') return search.item.reasons(event);
  return search.parts.filter(({ test }) => test(event)).flatMap((part) => reasonsOf(part, event));
}
