import type { RuleRef } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import type { Violation } from '../model/violation.ts';

/** The rules of audit that are no policies. */
export const UNAPPROVED: RuleRef = {
  id: 'unapproved-change',
  title: 'A change that came neither through CloudFormation nor from a listed principal',
  level: 'medium',
};
export const BREAK_GLASS: RuleRef = {
  id: 'break-glass-change',
  title: 'A change by a principal for emergencies',
  level: 'high',
};
export const FIGHT: RuleRef = {
  id: 'automations-fight',
  title: 'What Cordon took back comes again and again',
  level: 'high',
};

/** What a resource looks like once its changes have settled. */
export interface Settled {
  readonly changes: readonly ResourceChange[];
  /** The last state that was read before the first of the changes. */
  readonly before: ResourceState | undefined;
  /** As it is now; null when it is gone. */
  readonly properties: Json;
  readonly violations: readonly Violation[];
  /** Ids of the policies that a change breaks by what its call itself says. */
  readonly broken: (change: ResourceChange) => ReadonlySet<string>;
  /** The resource that has the tags: itself, or what it is a part of, as it was when it is gone. */
  readonly tagged: Json;
}

/**
 * The violations that the changes are to blame for: what the resource failed before is told by its
 * states, and nobody answers the next change for it.
 */
export function newViolations({ changes, before, violations }: Settled): Violation[] {
  if (before !== undefined && before.properties !== null) {
    const known = new Set(before.failing);
    return violations.filter(({ policy }) => !known.has(policy.id));
  }
  return violations.filter((violation) => changes.some((change) => mayHaveCaused(change, violation)));
}

/** Whether a change can have caused a violation, by the properties that it touched. */
export function mayHaveCaused({ change, attributes }: ResourceChange, violation: Violation): boolean {
  if (change === 'created' || attributes.length === 0) return true;
  return violation.attribute === ''
    ? attributes.some((attribute) => violation.speaksOf(attribute))
    : attributes.includes(violation.attribute);
}
