import type { Records } from '../model/records.ts';
import { type CostedFilter, type Filter, itemFilter } from './column-filter.ts';
import type { CompiledRule, CompiledSearch } from './compile.ts';
import type { CompiledItem } from './compile-item.ts';
import type { Condition } from './condition.ts';

/** The fields that rules ask for; '' stands for the whole record. */
export function columnFields(rules: readonly CompiledRule[]): Set<string> {
  return new Set(rules.flatMap((rule) => columnItems(rule).map(({ slot }) => slot.field)));
}

/** All that a rule asks of a record. */
export function columnItems({ searches }: CompiledRule): CompiledItem[] {
  const itemsOf = (search: CompiledSearch): CompiledItem[] =>
    search.kind === 'item' ? [search.item] : search.parts.flatMap(itemsOf);
  return [...searches.values()].flatMap(itemsOf);
}

/** Rules over columns: they answer with rows, and make nothing for a row that does not match. */
export interface ColumnRules {
  /** What matches among the given rows, in order of rows and then of rules: row × rules + rule. */
  match(rows: Int32Array, count: number): readonly number[];
}

/**
 * Compiles rules to filters over the columns of `records`, of which at most `capacity` rows are
 * loaded at a time.
 */
export function columnRules(rules: readonly CompiledRule[], records: Records, capacity: number): ColumnRules {
  const filters = rules.map(
    (rule) => filterOf(expressionOf(rule.rule.condition, rule.searches), { records, capacity }).filter,
  );
  const out = new Int32Array(capacity);
  return {
    match(rows, count) {
      const found: number[] = [];
      for (const [index, filter] of filters.entries()) {
        const matched = filter(rows, count, out);
        for (let at = 0; at < matched; at++) found.push((out[at] as number) * rules.length + index);
      }
      return filters.length === 1 ? found : found.sort((a, b) => a - b);
    },
  };
}

type Expression =
  | { readonly kind: 'item'; readonly item: CompiledItem }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression };

function expressionOf(condition: Condition, searches: CompiledRule['searches']): Expression {
  const named = (name: string): Expression => {
    const search = searches.get(name);
    return search === undefined ? NEVER : searchExpression(search);
  };
  switch (condition.kind) {
    case 'identifier':
      return named(condition.name);
    case 'quantified':
      return chain(condition.quantifier === 'all' ? 'and' : 'or', condition.names.map(named));
    case 'not':
      return { kind: 'not', operand: expressionOf(condition.operand, searches) };
    default:
      return chain(
        condition.kind,
        condition.operands.map((operand) => expressionOf(operand, searches)),
      );
  }
}

const NEVER: Expression = { kind: 'or', operands: [] };

function searchExpression(search: CompiledSearch): Expression {
  return search.kind === 'item'
    ? search
    : chain(search.kind === 'all' ? 'and' : 'or', search.parts.map(searchExpression));
}

/** Nested chains of one kind become one, so that the cheapest of all its filters goes first. */
function chain(kind: 'and' | 'or', operands: readonly Expression[]): Expression {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, operands: flat };
}

interface Scene {
  readonly records: Records;
  readonly capacity: number;
}

function filterOf(expression: Expression, scene: Scene): CostedFilter {
  switch (expression.kind) {
    case 'item':
      return itemFilter(expression.item, scene.records);
    case 'not': {
      const operand = filterOf(expression.operand, scene);
      return { filter: without(operand.filter, scene.capacity), cost: operand.cost };
    }
    default: {
      const operands = expression.operands
        .map((operand) => filterOf(operand, scene))
        .sort((a, b) => a.cost - b.cost);
      const filters = operands.map(({ filter }) => filter);
      return {
        filter: expression.kind === 'and' ? every(filters, scene.capacity) : some(filters, scene.capacity),
        cost: operands.reduce((sum, { cost }) => sum + cost, 1),
      };
    }
  }
}

/** Each filter sees only what the one before it let through. */
function every(filters: readonly Filter[], capacity: number): Filter {
  const between = [new Int32Array(capacity), new Int32Array(capacity)] as const;
  return (rows, count, out) => {
    let from = rows;
    let left = count;
    for (let index = 0; index < filters.length && left > 0; index++) {
      const into = index === filters.length - 1 ? out : between[index & 1 ? 1 : 0];
      left = (filters[index] as Filter)(from, left, into);
      from = into;
    }
    if (filters.length === 0) out.set(rows.subarray(0, count));
    return left;
  };
}

/** Each filter sees only what no one before it let through. */
function some(filters: readonly Filter[], capacity: number): Filter {
  const open = [new Int32Array(capacity), new Int32Array(capacity)] as const;
  const matched = new Int32Array(capacity);
  const merged = new Int32Array(capacity);
  return (rows, count, out) => {
    let rest = rows;
    let left = count;
    let kept = 0;
    for (let index = 0; index < filters.length && left > 0; index++) {
      const found = (filters[index] as Filter)(rest, left, matched);
      if (found === 0) continue;
      const remaining = open[index & 1 ? 1 : 0];
      left = difference(rest, left, matched, found, remaining);
      rest = remaining;
      if (kept === 0) out.set(matched.subarray(0, found));
      else {
        merge(out, kept, matched, found, merged);
        out.set(merged.subarray(0, kept + found));
      }
      kept += found;
    }
    return kept;
  };
}

function without(filter: Filter, capacity: number): Filter {
  const matched = new Int32Array(capacity);
  return (rows, count, out) => difference(rows, count, matched, filter(rows, count, matched), out);
}

/** The rows that are not among the taken ones, which are a part of them. */
function difference(
  rows: Int32Array,
  count: number,
  taken: Int32Array,
  takenCount: number,
  out: Int32Array,
): number {
  let next = 0;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    if (next < takenCount && taken[next] === row) next++;
    else out[kept++] = row;
  }
  return kept;
}

function merge(a: Int32Array, aCount: number, b: Int32Array, bCount: number, out: Int32Array): void {
  let i = 0;
  let j = 0;
  for (let at = 0; at < aCount + bCount; at++) {
    const takeA = j >= bCount || (i < aCount && (a[i] as number) < (b[j] as number));
    out[at] = (takeA ? a[i++] : b[j++]) as number;
  }
}
