import type { Branch, Reason } from '../model/finding.ts';
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
  readonly rule?: { readonly title: string; readonly level: string; readonly id: string };
  readonly mode?: string;
  readonly branch?: Branch;
  readonly raw?: string;
  readonly origin?: { readonly source: string; readonly line: number };
  readonly answers?: readonly {
    readonly guardrail: string;
    readonly allowed: boolean;
    readonly reason: string;
  }[];
  readonly playbook?: string;
  readonly would?: readonly string[];
  readonly reason?: string;
  readonly by?: string;
  readonly title?: string;
  readonly step?: string;
  readonly proof?: string;
  readonly progress?: string;
  readonly calls?: readonly ApiCall[];
  readonly attempt?: number;
  readonly tryAgain?: boolean;
  readonly manifest?: string | null;
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
      ...(branch === undefined ? [] : [`because ${because(branch)}`]),
      ...(origin === undefined ? [] : [`${pathOf(origin.source)}:${origin.line}`]),
    ],
  }),
  'guardrail.asked': ({ answers = [] }) => ({
    label: 'guardrails',
    tone: answers.every(({ allowed }) => allowed) ? 'plain' : 'warning',
    text: answers.every(({ allowed }) => allowed) ? 'allow it' : 'say no',
    details: answers.map(
      ({ guardrail, allowed, reason }) => `${allowed ? 'yes' : 'no '} ${guardrail}: ${reason}`,
    ),
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
    text: `${playbook} waits for a person: ${reason}; it would`,
    details: would.map((plan) => `· ${plan}`),
  }),
  'response.approved': ({ by, reason }) => ({
    label: 'approved',
    tone: 'plain',
    text: `by ${by}: ${reason}`,
    details: [],
  }),
  'response.denied': ({ by, reason }) => ({
    label: 'denied',
    tone: 'plain',
    text: `by ${by}: ${reason}`,
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
  'incident.closed': ({ playbook, manifest }) => ({
    label: 'closed',
    tone: 'good',
    text: `${playbook} is done`,
    details: manifest ? [`evidence manifest SHA-256 ${manifest}`] : [],
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
  return pattern === value ? `${field} = ${value}` : `${field} = ${value} (${pattern})`;
}

export function callLine({ service, operation, status, error, requestId }: ApiCall): string {
  const result = error === undefined ? String(status ?? '') : `${status ?? ''} ${error}`.trim();
  return `${service}:${operation} ${result}${requestId === undefined ? '' : `  request ${requestId}`}`;
}
