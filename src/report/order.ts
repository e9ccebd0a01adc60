import { LEVELS, type RuleRef } from '../model/finding.ts';

/** The same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The highest level first. */
export function byLevel(a: RuleRef, b: RuleRef): number {
  return LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level);
}
