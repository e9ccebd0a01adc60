/** Tactics in the order of ATT&CK's enterprise matrix, as Sigma's tags write them. */
export const TACTICS = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] as const;
export type Tactic = (typeof TACTICS)[number];

/** What rules say of ATT&CK. */
export interface AttackCoverage {
  readonly tactics: readonly { readonly tactic: Tactic; readonly rules: number }[];
  /** Techniques and subtechniques as ATT&CK writes them (`T1562.008`), most rules first. */
  readonly techniques: readonly { readonly technique: string; readonly rules: number }[];
  /** Ids of rules that name no technique. */
  readonly without: readonly string[];
}

interface Tagged {
  readonly id: string;
  readonly tags: readonly string[];
}

/** Source: Sigma tags appendix, "Namespace: attack"; older rules write tactics with `_`. */
export function attackCoverage(rules: readonly Tagged[]): AttackCoverage {
  const byTactic = new Map<string, number>();
  const byTechnique = new Map<string, number>();
  const without: string[] = [];
  for (const { id, tags } of rules) {
    const techniques = techniquesOf(tags);
    if (techniques.length === 0) without.push(id);
    for (const technique of techniques) count(byTechnique, technique);
    for (const tactic of tacticsOf(tags)) count(byTactic, tactic);
  }
  return {
    tactics: TACTICS.map((tactic) => ({ tactic, rules: byTactic.get(tactic) ?? 0 })),
    techniques: [...byTechnique]
      .map(([technique, rules]) => ({ technique, rules }))
      .sort((a, b) => b.rules - a.rules || (a.technique < b.technique ? -1 : 1)),
    without,
  };
}

/** `attack.t1562.008` as `T1562.008`, once each. */
export function techniquesOf(tags: readonly string[]): string[] {
  const found = tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag.toLowerCase())?.[1] ?? []);
  return [...new Set(found.map((technique) => technique.toUpperCase()))];
}

export function tacticsOf(tags: readonly string[]): Tactic[] {
  const named = new Set(tags.map((tag) => tag.toLowerCase().replaceAll('_', '-')));
  return TACTICS.filter((tactic) => named.has(`attack.${tactic}`));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
