import type { AwsClients } from '../aws/clients.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import type { Finding, Sample } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { Subject } from '../model/subject.ts';

/** What is known of an earlier try of the same action for the same case. */
export type EarlierTry =
  | 'none'
  /** It was refused or throttled: nothing was changed. */
  | 'no-effect'
  /** The process died or the answer was lost: it may have had its effect. */
  | 'unknown';

export interface ActionContext {
  readonly incident: Incident;
  readonly subject: Subject;
  readonly aws: AwsClients;
  readonly caseFile: CaseFile;
  readonly earlierTry: EarlierTry;
  /** What an earlier action of this case returned, by the action's name. */
  output(action: string): Json | undefined;
  /** Everything that was found, for the evidence. */
  findings(): Promise<{ findings: Finding[]; samples: Sample[] }>;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** How long AWS may take until a describe call shows what a create call made, milliseconds. */
  readonly settleTime: number;
}

export type ActionOutcome =
  /** `proof` is one sentence that says what was verified. */
  | { readonly status: 'done'; readonly output: Json; readonly proof: string }
  /** AWS is not there yet; ask again later. */
  | { readonly status: 'waiting'; readonly progress: string }
  /** It must not go on without a person; `redo` is the earlier action to do again once one says yes. */
  | { readonly status: 'ask'; readonly reason: string; readonly redo?: string };

/**
 * One thing Cordon can do. `run` is idempotent: it looks before it acts, so that running it again
 * after a crash at any instant changes nothing that it has already changed.
 */
export interface Action {
  readonly name: string;
  readonly title: string;
  readonly effect: 'read' | 'reversible' | 'irreversible';
  /** IAM actions that it needs. */
  readonly permissions: readonly string[];
  /** How its effect is taken back, or why it cannot be. */
  readonly undo: string;
  /** What it would do, for a person. */
  plan(subject: Subject): string;
  run(context: ActionContext): Promise<ActionOutcome>;
}

export function done(output: Json, proof: string): ActionOutcome {
  return { status: 'done', output, proof };
}
