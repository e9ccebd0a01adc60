import type { Json } from '../model/json.ts';
import type { Place } from '../model/problem.ts';
import type { Severity } from './severity.ts';

/** What a policy says of a resource. */
export interface GateFinding {
  readonly policy: PolicyName;
  /** The rule inside the policy's file. */
  readonly rule: string;
  /**
   * - `fail`: it is so in at least one way the template can be deployed.
   * - `undecided`: it depends on a value that the template does not tell.
   * - `error`: the rule met a value that it cannot handle.
   */
  readonly verdict: 'fail' | 'undecided' | 'error';
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly place: Place;
  readonly resource: ResourceName | undefined;
  /** `Properties.VersioningConfiguration.Status`, below the resource. */
  readonly path: string;
  readonly found?: Json;
  readonly expected?: Json | undefined;
  /** In which of the ways it can be deployed: `Environment is prod`; empty means in all of them. */
  readonly when: readonly string[];
  /** What an undecided verdict depends on. */
  readonly dependsOn: readonly string[];
  /** A finding that the author of the template has accepted, and why. */
  readonly suppressed?: { readonly reason: string; readonly until: string; readonly by: string };
  /** It was there when the baseline was written. */
  readonly known?: true;
}

export interface PolicyName {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly references: readonly string[];
}

export interface ResourceName {
  readonly logicalId: string;
  readonly type: string;
  /** Construct path of the CDK, address of Terraform, stack of a nested template. */
  readonly address?: string;
  /** Where the construct was made: `lib/stack.ts:12:5`. */
  readonly madeAt?: string;
}

/** Something that could not be judged at all, and is not passed over in silence. */
export interface NotJudged {
  readonly file: string;
  readonly resource: string;
  readonly reason: string;
}

/** Whether it makes the check fail. */
export function counts(finding: GateFinding): boolean {
  return finding.suppressed === undefined && finding.known === undefined;
}
