/** Everything that is random in a world comes from one of these; the same seed gives the same numbers everywhere. */
export interface Random {
  /** A whole number from 0 to below `below`. */
  below(below: number): number;
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One by weight; those of weight 0 never. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
}

const UINT32 = 2 ** 32;

/** SplitMix32 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators"). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (most: number): number => Math.floor((next() / UINT32) * most);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() / UINT32 < probability,
    pick(from) {
      const found = from[below(from.length)];
      if (found === undefined) throw new Error('there is nothing to pick from');
      return found;
    },
    weighted(from) {
      let left = below(from.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of from) {
        if (left < weight) return value;
        left -= weight;
      }
      throw new Error('there is nothing to pick from');
    },
  };
}
