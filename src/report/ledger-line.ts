import type { Branch, Reason, RuleRef } from '../model/finding.ts';
import { WHOLE_RESPONSE } from '../model/incident.ts';
import type { ApiCall, LedgerEntry, LedgerKind } from '../model/journal.ts';

export type Tone = 'plain' | 'quiet' | 'alarm' | 'warning' | 'good';

/** A ledger entry in words: a label, a sentence, and lines under it. Not made safe for a terminal or a page. */
export interface LedgerLine {
  readonly label: string;
  readonly tone: Tone;
  readonly text: string;
  readonly details: readonly string[];
  /** The calls to AWS that `details` tells of. */
  readonly calls?: readonly ApiCall[];
}

/** What the bodies of ledger entries may hold; every member depends on the kind. */
interface Body {
  readonly subject?: { readonly type: string; readonly id: string };
  readonly rule?: RuleRef;
  readonly mode?: string;
  readonly branch?: Branch;
  readonly raw?: string;
  readonly origin?: { readonly source: string; readonly line: number };
  readonly answers?: readonly {
    readonly guardrail: string;
    readonly allowed: boolean;
    readonly unknown?: true;
    readonly reason: string;
  }[];
  readonly playbook?: string;
  readonly would?: readonly string[];
  readonly reason?: string;
  readonly why?: string;
  readonly by?: string;
  readonly title?: string;
  readonly step?: string;
  readonly proof?: string;
  readonly progress?: string;
  readonly calls?: readonly ApiCall[];
  readonly attempt?: number;
  readonly tryAgain?: boolean;
  readonly manifest?: string | null;
  readonly before?: string;
  readonly approvedBy?: string;
  readonly approvers?: readonly string[];
  readonly of?: number;
  readonly ruleId?: string;
  readonly found?: string;
  readonly restore?: readonly string[];
}

const WORDS: Readonly<
  Record<
    LedgerKind,
    (body: Body, pathOf: (path: string) => string) => Omit<LedgerLine, 'label'> & { label?: string }
  >
> = {
  'incident.opened': ({ subject }) => ({
    label: 'case',
    tone: 'alarm',
    text: `opened for ${subject?.id}`,
    details: [],
  }),
  'audit.not-judged': ({ subject, why }) => ({
    label: 'not judged',
    tone: 'warning',
    text: `${subject?.type} ${subject?.id}: ${why}`,
    details: [],
  }),
  'incident.escalated': ({ rule, mode }) => ({
    label: 'case',
    tone: 'alarm',
    text: `${rule?.title} raises it to mode ${mode}`,
    details: [],
  }),
  'finding.first': ({ rule, branch, raw, origin }, pathOf) => ({
    label: 'finding',
    tone: 'alarm',
    text: `${rule?.title} (${rule?.level})`,
    details: [
      ...(raw === undefined ? [] : [raw]),
      ...(branch?.advice ?? []),
      ...(branch === undefined || branch.because.length === 0 ? [] : [`because ${because(branch)}`]),
      ...(origin === undefined ? [] : [`${pathOf(origin.source)}:${origin.line}`]),
    ],
  }),
  'guardrail.asked': ({ answers = [], before, approvedBy }) => ({
    label: 'guardrails',
    tone: answers.every(({ allowed }) => allowed) ? 'plain' : 'warning',
    text: `${answers.every(({ allowed }) => allowed) ? 'allow' : 'forbid'} ${before ?? 'it'}${approvedBy === undefined ? '' : `; ${approvedBy} has approved`}`,
    details: answers.map(
      ({ guardrail, allowed, unknown, reason }) =>
        `${unknown ? '?  ' : allowed ? 'yes' : 'no '} ${guardrail}: ${reason}`,
    ),
  }),
  'guardrail.rule-demoted': ({ ruleId, found }) => ({
    label: 'demoted',
    tone: 'alarm',
    text: `rule ${ruleId} only asks from now on: it found ${found}`,
    details: [`cordon rules rearm ${ruleId} --reason …`],
  }),
  'guardrail.rule-rearmed': ({ ruleId, by, reason }) => ({
    label: 'rearmed',
    tone: 'plain',
    text: `rule ${ruleId} by ${by}: ${reason}`,
    details: [],
  }),
  'stop.set': ({ by, reason }) => ({
    label: 'STOP',
    tone: 'alarm',
    text: `nothing is changed any more, by ${by}: ${reason}`,
    details: [],
  }),
  'stop.lifted': ({ by, reason }) => ({
    label: 'stop over',
    tone: 'plain',
    text: `lifted by ${by}: ${reason}`,
    details: [],
  }),
  'response.observed': ({ playbook, would = [], reason }) => ({
    label: 'decision',
    tone: 'warning',
    text: `nothing is done (${reason}); ${playbook} would`,
    details: would.map((plan) => `· ${plan}`),
  }),
  'response.awaiting-approval': ({ playbook, would = [], reason }) => ({
    label: 'decision',
    tone: 'warning',
    text: `${playbook} waits for a person: ${reason}${would.length === 0 ? '' : '; it would'}`,
    details: would.map((plan) => `· ${plan}`),
  }),
  'response.approved': ({ by, reason, step, approvers = [], of = 1 }) => ({
    label: 'approved',
    tone: 'plain',
    text: `${step === undefined || step === WHOLE_RESPONSE ? '' : `${step} `}by ${by}: ${reason}${of > 1 ? ` (${approvers.length} of ${of} people)` : ''}`,
    details: [],
  }),
  'response.resumed': ({ by, reason }) => ({
    label: 'resumed',
    tone: 'plain',
    text: `by ${by}: ${reason}`,
    details: [],
  }),
  'response.expired': ({ reason }) => ({
    label: 'expired',
    tone: 'warning',
    text: reason ?? '',
    details: [],
  }),
  'response.denied': ({ by, step, reason }) => ({
    label: 'denied',
    tone: 'plain',
    text: by === undefined ? `at ${step}: ${reason}` : `by ${by}: ${reason}`,
    details: [],
  }),
  'response.started': ({ playbook, mode }) => ({
    label: 'decision',
    tone: 'plain',
    text: `${playbook} (mode ${mode})`,
    details: [],
  }),
  'response.needs-decision': ({ step, reason }) => ({
    label: 'stopped',
    tone: 'alarm',
    text: `at ${step}, and asks a person: ${reason}`,
    details: [],
  }),
  'step.started': ({ title, attempt = 1 }) => ({
    label: 'step',
    tone: 'quiet',
    text: `${title}${attempt > 1 ? `, attempt ${attempt}` : ''} …`,
    details: [],
  }),
  'step.waiting': ({ progress }) => ({ label: 'waiting', tone: 'quiet', text: progress ?? '', details: [] }),
  'step.failed': ({ reason, tryAgain, calls = [] }) => ({
    label: 'failed',
    tone: 'warning',
    text: `${reason}${tryAgain ? '; it is tried again' : ''}`,
    details: calls.map(callLine),
    calls,
  }),
  'step.done': ({ title, proof, calls = [] }) => ({
    label: 'done',
    tone: 'good',
    text: `${title}: ${proof}`,
    details: calls.map(callLine),
    calls,
  }),
  'step.skipped': ({ step, reason }) => ({
    label: 'left out',
    tone: 'quiet',
    text: `${step}: ${reason}`,
    details: [],
  }),
  'incident.closed': ({ playbook, manifest }) => ({
    label: 'closed',
    tone: 'good',
    text: `${playbook} is done`,
    details: manifest ? [`evidence manifest SHA-256 ${manifest}`] : [],
  }),
  'undo.started': ({ by, reason }) => ({
    label: 'undo',
    tone: 'plain',
    text: `by ${by}: ${reason}`,
    details: [],
  }),
  'undo.step-started': ({ title, attempt = 1 }) => ({
    label: 'undo',
    tone: 'quiet',
    text: `${title}${attempt > 1 ? `, attempt ${attempt}` : ''} …`,
    details: [],
  }),
  'undo.step-waiting': ({ progress }) => ({
    label: 'waiting',
    tone: 'quiet',
    text: progress ?? '',
    details: [],
  }),
  'undo.step-failed': ({ title, reason, tryAgain, calls = [] }) => ({
    label: 'failed',
    tone: 'warning',
    text: `${title}: ${reason}${tryAgain ? '; it is tried again' : ''}`,
    details: calls.map(callLine),
    calls,
  }),
  'undo.step-done': ({ title, proof, calls = [] }) => ({
    label: 'undone',
    tone: 'good',
    text: `${title}: ${proof}`,
    details: calls.map(callLine),
    calls,
  }),
  'undo.stopped': ({ step, reason }) => ({
    label: 'stopped',
    tone: 'alarm',
    text: `the undo, at ${step}: ${reason}`,
    details: [],
  }),
  'undo.done': ({ reason, restore = [] }) => ({
    label: 'undone',
    tone: 'good',
    text: reason ?? '',
    details: restore,
  }),
};

/** `pathOf` shortens a path where it is shown. */
export function ledgerLine(
  { kind, body }: LedgerEntry,
  pathOf: (path: string) => string = (path) => path,
): LedgerLine {
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined;
  if (words === undefined) return { label: kind, tone: 'plain', text: JSON.stringify(body), details: [] };
  return { label: kind, ...words(body as Body, pathOf) };
}

/** `action = REJECT, dst_ip = 198.51.100.66 (on the list as 198.51.100.0/24)`. */
export function because({ because: reasons }: Branch): string {
  return reasons.map(reasonText).join(', ');
}

function reasonText({ field, pattern, value, entry }: Reason): string {
  if (entry !== undefined) return `${field} ${value} is on ${pattern} as ${entry}`;
  return pattern === value || pattern === '' ? `${field} = ${value}` : `${field} = ${value} (${pattern})`;
}

function callLine({ service, operation, status, error, requestId }: ApiCall): string {
  const result = error === undefined ? String(status ?? '') : `${status ?? ''} ${error}`.trim();
  return `${service}:${operation} ${result}${requestId === undefined ? '' : `  request ${requestId}`}`;
}
