import type { z } from 'zod';
import type { AwsClients } from '../aws/clients.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import type { Signer } from '../evidence/signing.ts';
import type { Finding, Sample } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { Subject } from '../model/subject.ts';
import type { Surroundings } from '../model/surroundings.ts';
import type { JudgeResource } from '../model/violation.ts';
import type { ResourceMemory } from '../store/resources.ts';
import type { Change } from '../store/store.ts';

/** What is known of an earlier try of the same action for the same case. */
export type EarlierTry =
  | 'none'
  /** It was refused or throttled: nothing was changed. */
  | 'no-effect'
  /** The process died or the answer was lost: it may have had its effect. */
  | 'unknown';

/** What is done for the evidence of a case; each as far as it is configured. */
export interface EvidenceServices {
  /** Signs what is sealed. */
  readonly signer?: Signer;
  /** Where a copy of what is sealed is kept that nobody can delete before its time. */
  readonly vault?: VaultSettings;
  /** What else is known of the subject near the time of the incident. */
  around?(incident: Incident): Promise<Surroundings>;
}

/** A place in a bucket with S3 Object Lock. */
export interface VaultSettings {
  readonly bucket: string;
  /** Before `CASE/FILE` in the keys; empty, or with its slash at the end. */
  readonly prefix: string;
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** How long a copy cannot be deleted. */
  readonly days: number;
}

export interface ActionContext<Input = unknown> {
  readonly incident: Incident;
  readonly subject: Subject;
  /** What the playbook says under `with`, checked by the action's own schema. */
  readonly input: Input;
  readonly aws: AwsClients;
  readonly caseFile: CaseFile;
  /** Absent where nothing is configured. */
  readonly evidence?: EvidenceServices;
  readonly earlierTry: EarlierTry;
  /** What the store knows of resources. */
  readonly resources: ResourceMemory;
  /** Judges a resource as it is, by the policies of the gate. */
  readonly judge: JudgeResource;
  /** What the newest earlier step of this case with an action returned, by the action's name. */
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
  | {
      readonly status: 'done';
      readonly output: Json;
      readonly proof: string;
      /** Stored together with the journal's entry. */
      readonly changes?: readonly Change[];
    }
  /** AWS is not there yet; ask again later. */
  | { readonly status: 'waiting'; readonly progress: string }
  /** It must not go on without a person; `redo` is the earlier action to do again once one says yes. */
  | { readonly status: 'ask'; readonly reason: string; readonly redo?: string };

/** What kind of thing an action changes; limits can be set for each. */
export type ActionGroup =
  | 'evidence'
  | 'instance'
  | 'workload'
  | 'identity'
  | 'network'
  | 'data'
  | 'trail'
  | 'resource';

/**
 * One thing Cordon can do. `run` is idempotent: it looks before it acts, so that running it again
 * after a crash at any instant changes nothing that it has already changed.
 */
export interface Action {
  /** As playbooks write it: a verb first, e.g. `isolate-instance`. */
  readonly name: string;
  readonly title: string;
  readonly group: ActionGroup;
  /** CloudFormation types of the subjects that it can be done to; empty when it is the same for all. */
  readonly subjects: readonly string[];
  readonly effect: 'read' | 'reversible' | 'irreversible';
  /** Actions whose output it needs: they come before it in the playbook. */
  readonly needs: readonly string[];
  /** IAM actions that it needs, those of its undo aside. */
  readonly permissions: readonly string[];
  /** For a person who reads about it; one sentence each. */
  readonly about: {
    /** What must be true before; what it does when it is not. */
    readonly precondition: string;
    readonly effect: string;
    /** What is asked of AWS afterwards to know that it worked. */
    readonly proof: string;
    /** What makes doing it twice the same as doing it once. */
    readonly idempotency: string;
  };
  /** What the playbook may say under `with`. */
  readonly input: z.ZodType;
  readonly undo: Undo;
  /** What it would do, for a person. */
  plan(subject: Subject, input: unknown): string;
  run(context: ActionContext): Promise<ActionOutcome>;
}

export type Undo =
  /** It only reads or keeps. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** It cannot be taken back; `restore` says what a person can do instead, with the commands. */
  | { readonly kind: 'none'; readonly why: string; restore(context: UndoContext): string[] }
  /** It is taken back exactly; `run` is idempotent, as the action is. */
  | {
      readonly kind: 'by';
      readonly how: string;
      /** IAM actions that the undo needs. */
      readonly permissions: readonly string[];
      run(context: UndoContext): Promise<ActionOutcome>;
    };

export interface UndoContext<Input = unknown> extends ActionContext<Input> {
  /** What the action that is taken back returned. */
  readonly undone: Json;
}

/** Types the input of an action by its schema. */
export function defineAction<Schema extends z.ZodType>(
  definition: {
    readonly [Key in Exclude<keyof Action, 'input' | 'run' | 'plan'>]: Action[Key];
  } & {
    readonly input: Schema;
    plan(subject: Subject, input: z.output<Schema>): string;
    run(context: ActionContext<z.output<Schema>>): Promise<ActionOutcome>;
  },
): Action {
  return definition as unknown as Action;
}

export function done(output: Json, proof: string): ActionOutcome {
  return { status: 'done', output, proof };
}
