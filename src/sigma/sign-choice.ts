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
    if (sign.kind === 'text' && sign.at === 'whole') return rare;
    return rare * (sign.text.length < SHORT ? SHORT_COST : SEARCH_COST);
  };
}

const PRESENT = 0.95;
const SHORT = 4;
/** A few letters are found in much; a text that is looked for costs more than one that is looked up. */
const SHORT_COST = 4;
const SEARCH_COST = 1.5;
/** With more signs than this, none of them is looked for. */
const SIGNS_LIMIT = 5000;

export interface Choice {
  readonly signs: readonly Sign[];
  /** How often one of them is likely seen. */
  readonly cost: number;
}

/** The signs by which a rule is found with the least to look at; nothing when it must always be asked. */
export function chooseSigns(necessity: Necessity | undefined, rarity: Rarity): Choice | undefined {
  if (necessity === undefined) return undefined;
  if (necessity.kind === 'one of') {
    const { signs } = necessity;
    return { signs, cost: signs.reduce((sum, sign) => sum + rarity(sign), 0) };
  }
  const choices = necessity.parts.map((part) => chooseSigns(part, rarity));
  if (necessity.kind === 'all') {
    return choices.reduce<Choice | undefined>(
      (best, choice) =>
        choice !== undefined && (best === undefined || choice.cost < best.cost) ? choice : best,
      undefined,
    );
  }
  const signs: Sign[] = [];
  let cost = 0;
  for (const choice of choices) {
    if (choice === undefined) return undefined;
    cost += choice.cost;
    for (const sign of choice.signs) signs.push(sign);
  }
  return signs.length === 0 || signs.length > SIGNS_LIMIT ? undefined : { signs, cost };
}

function allSigns(necessity: Necessity | undefined): readonly Sign[] {
  if (necessity === undefined) return [];
  return necessity.kind === 'one of' ? necessity.signs : necessity.parts.flatMap(allSigns);
}
