import type { Problem } from '../model/problem.ts';
import { type CompiledRule, type CompileOptions, compileWith } from './compile.ts';
import { type EventView, type FieldPool, fieldPool } from './event-view.ts';
import { type FieldIndex, fieldIndex } from './field-index.ts';
import { necessityOf, type Sign } from './necessity.ts';
import type { SigmaRule } from './rule.ts';
import { chooseSigns, rarityOf } from './sign-choice.ts';

/** Rules that are asked together: a thousand cost little more than ten. */
export interface RuleIndex {
  readonly rules: readonly CompiledRule[];
  /** Of rules that could not be compiled; they are left out. */
  readonly problems: readonly Problem[];
  /** The rules that match, in the order in which they were given. */
  match(event: EventView): readonly CompiledRule[];
  /** How the rules are found: by which fields, and how many are asked for every event. */
  readonly statistics: IndexStatistics;
}

export interface IndexStatistics {
  /** Rules by the field whose values lead to them; a rule may be found by several. */
  readonly byField: ReadonlyMap<string, number>;
  readonly always: number;
}

/** Compiles rules for one log format; one that is wrong never stops the others. */
export function compileRules(rules: readonly SigmaRule[], options: CompileOptions = {}): RuleIndex {
  const pool = fieldPool();
  const compiled: CompiledRule[] = [];
  const problems: Problem[] = [];
  for (const rule of rules) {
    const one = compileWith(rule, options, pool);
    if (one.ok) compiled.push(one.value);
    else problems.push(...one.problems);
  }
  return indexOf(compiled, problems, pool);
}

function indexOf(rules: readonly CompiledRule[], problems: readonly Problem[], pool: FieldPool): RuleIndex {
  const necessities = rules.map(necessityOf);
  const rarity = rarityOf(necessities);
  const always: number[] = [];
  const byField = new Map<string, (readonly [Sign, number])[]>();
  for (const [number, necessity] of necessities.entries()) {
    const choice = chooseSigns(necessity, rarity);
    if (choice === undefined) {
      always.push(number);
      continue;
    }
    for (const sign of choice.signs) {
      const signs = byField.get(sign.field) ?? [];
      byField.set(sign.field, signs);
      signs.push([sign, number]);
    }
  }
  const fields: FieldIndex[] = [...byField].map(([field, signs]) => fieldIndex(pool.slot(field), signs));
  const counts = [...byField].map(
    ([field, signs]) => [field, new Set(signs.map(([, rule]) => rule)).size] as const,
  );
  return {
    rules,
    problems,
    match: matcher(rules, fields, always, pool),
    statistics: { byField: new Map(counts), always: always.length },
  };
}

const NO_RULES: readonly CompiledRule[] = [];

function matcher(
  rules: readonly CompiledRule[],
  fields: readonly FieldIndex[],
  always: readonly number[],
  pool: FieldPool,
): RuleIndex['match'] {
  /** The turn in which each rule was last found, so that none is asked twice. */
  const foundIn = new Uint32Array(rules.length);
  let turn = 0;
  const candidates: number[] = [];
  const found = (rule: number): void => {
    if (foundIn[rule] === turn) return;
    foundIn[rule] = turn;
    candidates.push(rule);
  };
  return (event) => {
    turn = (turn + 1) >>> 0;
    if (turn === 0) {
      foundIn.fill(0);
      turn = 1;
    }
    candidates.length = 0;
    pool.begin(event);
    try {
      for (const field of fields) field.visit(event, found);
      if (candidates.length + always.length === 0) return NO_RULES;
      for (const rule of always) found(rule);
      return ask(rules, candidates, event);
    } finally {
      pool.end();
    }
  };
}

function ask(
  rules: readonly CompiledRule[],
  candidates: readonly number[],
  event: EventView,
): readonly CompiledRule[] {
  let matching: number[] | undefined;
  for (const candidate of candidates) {
    if (!(rules[candidate] as CompiledRule).matches(event)) continue;
    if (matching === undefined) matching = [candidate];
    else matching.push(candidate);
  }
  return matching === undefined
    ? NO_RULES
    : matching.sort((a, b) => a - b).map((rule) => rules[rule] as CompiledRule);
}
