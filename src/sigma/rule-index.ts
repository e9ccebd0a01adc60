import type { Problem } from '../model/problem.ts';
import { type CompiledRule, type CompileOptions, compileWith } from './compile.ts';
import { type EventView, type FieldPool, fieldPool } from './event-view.ts';
import { type FieldIndex, fieldIndex } from './field-index.ts';
import { necessityOf, type Sign } from './necessity.ts';
import type { SigmaRule } from './rule.ts';
import { type Choice, chooseSigns, rarityOf } from './sign-choice.ts';

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
  const first = new Map<string, NumberedSign[]>();
  const second = new Map<string, NumberedSign[]>();
  for (const [number, necessity] of necessities.entries()) {
    const choice = chooseSigns(necessity, rarity);
    if (choice === undefined) always.push(number);
    else {
      enter(first, choice.first, number);
      if (choice.second !== undefined) enter(second, choice.second, number);
    }
  }
  const fields = [...first].map(([field, signs]) => fieldIndex(pool.slot(field), signs));
  const byField = [...first].map(([field, signs]) => [field, rulesIn(signs).size] as const);
  return {
    rules,
    problems,
    match: matcher(rules, fields, gatesOf(second, rules.length, pool), always, pool),
    statistics: { byField: new Map(byField), always: always.length },
  };
}

type NumberedSign = readonly [Sign, number];

function enter(byField: Map<string, NumberedSign[]>, { signs }: Choice, rule: number): void {
  for (const sign of signs) {
    const known = byField.get(sign.field) ?? [];
    byField.set(sign.field, known);
    known.push([sign, rule]);
  }
}

function rulesIn(signs: readonly NumberedSign[]): ReadonlySet<number> {
  return new Set(signs.map(([, rule]) => rule));
}

/** Says of the rules of one field whether their second sign is there. */
interface Gate {
  lets(rule: number, event: EventView, turn: number): boolean;
}

function gatesOf(
  second: ReadonlyMap<string, readonly NumberedSign[]>,
  count: number,
  pool: FieldPool,
): readonly (Gate | undefined)[] {
  const gates = new Array<Gate | undefined>(count).fill(undefined);
  for (const [field, signs] of second) {
    const one = gate(fieldIndex(pool.slot(field), signs));
    for (const rule of rulesIn(signs)) gates[rule] = one;
  }
  return gates;
}

function gate(index: FieldIndex): Gate {
  /** The index gives the same list for the same value. */
  const sets = new WeakMap<readonly number[], ReadonlySet<number>>();
  let askedIn = 0;
  let admitted: ReadonlySet<number> = new Set();
  return {
    lets(rule, event, turn) {
      if (askedIn !== turn) {
        askedIn = turn;
        const rules = index.rules(event);
        admitted = sets.get(rules) ?? new Set(rules);
        sets.set(rules, admitted);
      }
      return admitted.has(rule);
    },
  };
}

const NO_RULES: readonly CompiledRule[] = [];

function matcher(
  rules: readonly CompiledRule[],
  fields: readonly FieldIndex[],
  gates: readonly (Gate | undefined)[],
  always: readonly number[],
  pool: FieldPool,
): RuleIndex['match'] {
  /** The turn in which each rule was last found, so that none is asked twice. */
  const foundIn = new Float64Array(rules.length);
  let turn = 0;
  const matching = (event: EventView): readonly CompiledRule[] => {
    let found: number[] | undefined;
    for (const field of fields) {
      const numbers = field.rules(event);
      for (let at = 0; at < numbers.length; at++) {
        const number = numbers[at] as number;
        if (foundIn[number] === turn) continue;
        foundIn[number] = turn;
        if (gates[number]?.lets(number, event, turn) === false) continue;
        if ((rules[number] as CompiledRule).matches(event)) found = added(found, number);
      }
    }
    for (const number of always) {
      if ((rules[number] as CompiledRule).matches(event)) found = added(found, number);
    }
    return found === undefined
      ? NO_RULES
      : found.sort((a, b) => a - b).map((number) => rules[number] as CompiledRule);
  };
  return (event) => {
    turn++;
    pool.begin(event);
    try {
      return matching(event);
    } finally {
      pool.end();
    }
  };
}

function added(numbers: number[] | undefined, number: number): number[] {
  if (numbers === undefined) return [number];
  numbers.push(number);
  return numbers;
}
