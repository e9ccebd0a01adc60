import type { RuleRef } from './finding.ts';
import type { Json } from './json.ts';
import type { Subject } from './subject.ts';

/** What a policy says of a live resource. */
export interface Violation {
  readonly policy: RuleRef;
  /** The rule inside the policy's file. */
  readonly rule: string;
  readonly message: string;
  /** How to do it right. */
  readonly fix: string;
  /** The property of the schema that is wrong, e.g. `SecurityGroupIngress`; empty when it is the whole. */
  readonly attribute: string;
  /** Whether the policy speaks of a property of the schema by name. */
  speaksOf(attribute: string): boolean;
  /** Where in the resource, e.g. `Properties.SecurityGroupIngress[0].CidrIp`. */
  readonly path: string;
  readonly found?: Json;
  readonly expected?: Json;
}

/** Judges a resource as it is, by the policies of the gate. Never throws for what stands in the resource. */
export type JudgeResource = (subject: Subject, properties: Json) => readonly Violation[];

/** The policies that a resource fails, each once, in the order of their ids. */
export function failingPolicies(violations: readonly Pick<Violation, 'policy'>[]): string[] {
  return [...new Set(violations.map(({ policy }) => policy.id))].sort();
}
