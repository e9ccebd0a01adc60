import { LEVELS, type Level } from '../model/finding.ts';

/** Policies and rules of behaviour say how bad it is in the same words. */
export type Severity = Level;

export function isSeverity(text: string): text is Severity {
  return (LEVELS as readonly string[]).includes(text);
}

export function atLeast(severity: Severity, limit: Severity): boolean {
  return LEVELS.indexOf(severity) >= LEVELS.indexOf(limit);
}
