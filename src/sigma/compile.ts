import type { FieldValue } from '../model/event.ts';
import type { Branch, Reason, RuleRef } from '../model/finding.ts';
import { failed, ok, type Problem, type Result } from '../model/problem.ts';
import { problemAtPath } from '../yaml/document.ts';
import type { ColumnRule, ColumnSearch } from './column-rules.ts';
import type { Condition } from './condition.ts';
import { fieldReader } from './field.ts';
import { anyElement, type ItemTest, itemMatches } from './item.ts';
import { type ValueTest, valueTests } from './modifiers.ts';
import type { Placeholders } from './placeholder.ts';
import type { DetectionItem, Search, SigmaRule } from './rule.ts';

/** What a rule looks at. */
export interface EventView {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly raw: string;
}

export interface CompiledRule {
  readonly rule: SigmaRule;
  readonly ref: RuleRef;
  /** The same rule for records that are kept by column. */
  readonly columns: ColumnRule;
  matches(event: EventView): boolean;
  /** The branch that matched; nothing when the rule does not match. */
  explain(event: EventView): Branch | undefined;
}

export interface CompileOptions {
  readonly placeholders?: Placeholders;
  /** Other names of fields, by the name that a rule may use. */
  readonly aliases?: Readonly<Record<string, string>>;
}

type Test = (event: EventView) => boolean;

interface CompiledSearch {
  readonly column: ColumnSearch;
  readonly test: Test;
  readonly reasons: (event: EventView) => Omit<Reason, 'selection'>[];
}

/** Turns a rule into closures, once; what cannot be compiled is reported where it stands. */
export function compileRule(rule: SigmaRule, options: CompileOptions = {}): Result<CompiledRule> {
  const problems: Problem[] = [];
  const searches = new Map<string, CompiledSearch>();
  for (const [name, search] of rule.detection)
    searches.set(name, compileSearch(search, rule, options, problems));
  if (problems.length > 0) return failed(problems);
  const matches = compileCondition(rule.condition, searches);
  const { id, title, level } = rule;
  return ok({
    rule,
    ref: { id, title, level },
    columns: {
      condition: rule.condition,
      searches: new Map([...searches].map(([name, { column }]) => [name, column])),
    },
    matches,
    explain(event) {
      const names = contributing(rule.condition, searches, event);
      if (names === undefined) return undefined;
      const selections = [...new Set(names)];
      const because = selections.flatMap((selection) =>
        (searches.get(selection)?.reasons(event) ?? []).map((reason) => ({ selection, ...reason })),
      );
      return { selections, because };
    },
  });
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

function compileSearch(
  search: Search,
  rule: SigmaRule,
  options: CompileOptions,
  problems: Problem[],
): CompiledSearch {
  const parts =
    search.kind === 'map'
      ? search.items.map((item) => compileItem(item, rule, options, problems))
      : search.searches.map((inner) => compileSearch(inner, rule, options, problems));
  return {
    column: {
      kind: search.kind === 'map' ? 'all' : 'any',
      searches: parts.map(({ column }) => column),
    },
    test: combine(
      search.kind === 'map',
      parts.map(({ test }) => test),
    ),
    reasons: (event) => parts.filter(({ test }) => test(event)).flatMap(({ reasons }) => reasons(event)),
  };
}

function fieldOf(field: string): (event: EventView) => FieldValue | undefined {
  const read = fieldReader(field);
  return ({ fields }) => read(fields);
}

function compileItem(
  item: DetectionItem,
  rule: SigmaRule,
  options: CompileOptions,
  problems: Problem[],
): CompiledSearch {
  const { modifiers, path } = item;
  const field = Object.hasOwn(options.aliases ?? {}, item.field)
    ? (options.aliases?.[item.field] ?? item.field)
    : item.field;
  const perValue: ValueTest[][] = [];
  for (const [index, value] of item.values.entries()) {
    const tests = valueTests(value, modifiers, options.placeholders ?? new Map());
    if (Array.isArray(tests)) perValue.push(tests);
    else {
      const at = tests.fault.startsWith('unknown modifier');
      problems.push(
        problemAtPath(rule.document, item.values.length > 1 && !at ? [...path, index] : path, tests.fault, {
          expected: tests.expected,
          fix: tests.fix,
          ...(at ? { at: 'key' as const } : {}),
        }),
      );
      if (at) break;
    }
  }
  const all = modifiers.includes('all');
  const negated = modifiers.includes('neq');
  const read = field === '' ? ({ raw }: EventView) => raw : fieldOf(field);
  const test: ItemTest = {
    field,
    tests: perValue,
    all,
    negated,
    matches: itemMatches(perValue, { all, negated }),
  };
  return {
    column: { kind: 'item', item: test },
    test: (event) => test.matches(read(event)),
    reasons(event) {
      const value = read(event);
      const matched = perValue.flat().filter((candidate) => anyElement(value, candidate.matches));
      return (negated ? perValue.flat() : matched).map(({ pattern, entry }) => {
        const listed = value === undefined ? undefined : entry?.(value);
        return {
          field: item.field,
          pattern: negated ? `not ${pattern}` : pattern,
          value: value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
          ...(listed === undefined ? {} : { entry: listed }),
        };
      });
    },
  };
}
