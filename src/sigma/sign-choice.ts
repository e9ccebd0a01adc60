import type { Necessity, Sign } from './necessity.ts';

/**
 * How often a sign is likely seen, learnt from the rules: of a field for which they have many texts,
 * each one is rare.
 */
export type Rarity = (sign: Sign) => number;

export function rarityOf(necessities: readonly (Necessity | undefined)[]): Rarity {
  const texts = new Map<string, Set<string>>();
  for (const necessity of necessities) {
    for (const sign of allSigns(necessity)) {
      const known = texts.get(sign.field) ?? new Set();
      texts.set(sign.field, known);
      if (sign.kind !== 'present') known.add(sign.text);
    }
  }
  return (sign) => {
    if (sign.kind === 'present') return PRESENT;
    const rare = 1 / (1 + (texts.get(sign.field)?.size ?? 0));
    if (isLookedUp(sign)) return rare;
    return rare * (sign.text.length < SHORT ? SHORT_COST : SEARCH_COST);
  };
}

const PRESENT = 0.95;
const SHORT = 4;
/** A few letters are found in much; a text that is looked for costs more than one that is looked up. */
const SHORT_COST = 4;
const SEARCH_COST = 1.5;
/** With more texts to look for than this, a rule is found in another way, or always asked. */
const SEARCHED_LIMIT = 5000;

export interface Choice {
  readonly signs: readonly Sign[];
  /** How often one of them is likely seen. */
  readonly cost: number;
}

export interface SignChoice {
  /** The signs by which a rule is found with the least to look at. */
  readonly first: Choice;
  /** Signs of one other field: of the rules that were found, those with none of these are not asked. */
  readonly second?: Choice;
}

/** Nothing when a rule must always be asked. */
export function chooseSigns(necessity: Necessity | undefined, rarity: Rarity): SignChoice | undefined {
  const choices = choicesOf(necessity, rarity).sort((a, b) => a.cost - b.cost);
  const [first] = choices;
  if (first === undefined) return undefined;
  const used = new Set(first.signs.map(({ field }) => field));
  const second = choices.find(
    ({ signs, cost }) =>
      cost < WORTH_ASKING && fieldsOf(signs).size === 1 && !used.has(signs[0]?.field ?? ''),
  );
  return second === undefined ? { first } : { first, second };
}

/** A second look pays when it turns away every other rule. */
const WORTH_ASKING = 0.5;

function fieldsOf(signs: readonly Sign[]): ReadonlySet<string> {
  return new Set(signs.map(({ field }) => field));
}

/** Each of the choices is enough by itself. */
function choicesOf(necessity: Necessity | undefined, rarity: Rarity): Choice[] {
  if (necessity === undefined) return [];
  if (necessity.kind === 'one of') return choiceOf(necessity.signs, rarity);
  if (necessity.kind === 'all') return necessity.parts.flatMap((part) => choicesOf(part, rarity));
  const signs: Sign[] = [];
  for (const part of necessity.parts) {
    const cheapest = choicesOf(part, rarity).reduce<Choice | undefined>(
      (best, one) => (best === undefined || one.cost < best.cost ? one : best),
      undefined,
    );
    if (cheapest === undefined) return [];
    for (const sign of cheapest.signs) signs.push(sign);
  }
  return choiceOf(signs, rarity);
}

/** None when there is nothing to look for, or too much. */
function choiceOf(signs: readonly Sign[], rarity: Rarity): Choice[] {
  const searched = signs.filter((sign) => sign.kind !== 'present' && !isLookedUp(sign));
  if (signs.length === 0 || searched.length > SEARCHED_LIMIT) return [];
  return [{ signs, cost: signs.reduce((sum, sign) => sum + rarity(sign), 0) }];
}

function isLookedUp(sign: Sign): boolean {
  return sign.kind === 'text' && sign.at === 'whole';
}

function allSigns(necessity: Necessity | undefined): readonly Sign[] {
  if (necessity === undefined) return [];
  return necessity.kind === 'one of' ? necessity.signs : necessity.parts.flatMap(allSigns);
}
