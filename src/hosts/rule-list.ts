import { tacticsOf, techniquesOf } from '../detect/rule-cases-coverage.ts';
import { findingRules, servingRules } from '../detect/rule-cases-run.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import type { Level } from '../model/finding.ts';

/** What a list of rules says of each. */
export interface ListedRule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  /** Services of the log sources, also of the rules that a correlation names. */
  readonly services: readonly string[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly file: string;
}

/** The rules that make findings, by their files. */
export function listRules(set: RuleSet): ListedRule[] {
  const listed = findingRules(set).map(({ id, level, title, tags, document }) => ({
    id,
    level,
    title,
    services: [...new Set(servicesOf(set, id))],
    tactics: tacticsOf(tags),
    techniques: techniquesOf(tags),
    file: document.source.file,
  }));
  return listed.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

function servicesOf(set: RuleSet, id: string): string[] {
  return [...servingRules(set, id)].flatMap(({ logsource }) => logsource.service ?? []);
}
