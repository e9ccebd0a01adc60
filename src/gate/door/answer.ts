import { printable } from '../../model/printable.ts';
import type { Judgement } from '../enforce/judgement.ts';
import { findingText } from '../enforce/words.ts';
import type { GateFinding } from '../finding.ts';
import type { Progress } from './events.ts';
import type { Loss } from './losses.ts';

/**
 * - `deployed`: it is done. `unchanged`: there was nothing to do.
 * - `in-progress`: it goes on; the same request with the same token asks again.
 * - `refused`: by the gate, or because data would be lost; nothing was changed.
 * - `invalid`: the request, the template or its parameters are not such that they could be deployed.
 * - `busy`: another operation is under way on the stack.
 * - `rolled-back`: a resource failed, and all is as before. `failed`: somebody has to look at the stack.
 */
export type Outcome =
  | 'deployed'
  | 'unchanged'
  | 'in-progress'
  | 'refused'
  | 'invalid'
  | 'busy'
  | 'rolled-back'
  | 'failed';

export interface DoorAnswer {
  readonly outcome: Outcome;
  /** One sentence. */
  readonly message: string;
  readonly token: string;
  readonly stackName: string;
  readonly stackId?: string;
  readonly stackStatus?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly findings: readonly ToldFinding[];
  readonly remarks: readonly ToldFinding[];
  readonly losses: readonly Loss[];
  /** What could not be judged. */
  readonly gaps: readonly string[];
  readonly changes: readonly ToldChange[];
  /** Of this deployment, the oldest first. */
  readonly events: readonly Progress[];
  /** The first thing that failed, and why. */
  readonly failure?: Progress;
}

export interface ToldFinding {
  readonly policy: string;
  readonly severity: string;
  readonly resource: string;
  readonly line: number;
  readonly text: string;
  readonly fix: string;
}

export interface ToldChange {
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  readonly replacement: string | undefined;
}

/** A synchronous answer of Lambda has 6 MB; nobody reads so much. */
const MAX_TOLD = 200;

export function toldOf({ refusals, remarks, gaps }: Judgement) {
  return {
    findings: refusals.slice(0, MAX_TOLD).map(told),
    remarks: remarks.slice(0, MAX_TOLD).map(told),
    gaps: gaps.slice(0, MAX_TOLD).map((gap) => printable(gap, 500)),
  };
}

function told(finding: GateFinding): ToldFinding {
  const { policy, severity, resource, place } = finding;
  return {
    policy: policy.id,
    severity,
    resource: printable(resource?.logicalId ?? '', 255),
    line: place.line,
    text: findingText(finding),
    fix: policy.fix,
  };
}
