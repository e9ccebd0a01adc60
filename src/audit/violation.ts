import type { RuleRef } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import type { Subject } from '../model/subject.ts';

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
