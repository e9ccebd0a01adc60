import type { Action } from '../actions/action.ts';
import type { EvidenceVerdict } from '../evidence/verify-evidence.ts';
import type { Finding, Sample } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { ApiCall, LedgerEntry } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { type CaseChange, changeOf } from './case-change.ts';
import { type CaseStep, stepsOf } from './case-steps.ts';
import { ledgerLine, type Tone } from './ledger-line.ts';
import { type NextStep, nextSteps } from './next-steps.ts';

/** Everything that is known of a case. */
export interface CaseFacts {
  readonly incident: Incident;
  readonly findings: readonly Finding[];
  readonly samples: readonly Sample[];
  readonly ledger: readonly LedgerEntry[];
  /** Nothing where the case has no folder. */
  readonly evidence: EvidenceVerdict | undefined;
  /** The content of a JSON file of the case folder. */
  readonly file: (name: string) => Json | undefined;
  readonly actions: ReadonlyMap<string, Action>;
  /** Milliseconds since the epoch: when the report is written. */
  readonly now: number;
}

/** What a report tells; times are milliseconds since the epoch. */
export interface CaseReport {
  readonly writtenAt: number;
  readonly incident: Incident;
  /** One sentence each. */
  readonly summary: {
    readonly headline: string;
    readonly happened: string;
    readonly done: string;
    readonly notDone: string;
    readonly evidence: string;
  };
  /** Milliseconds from the opening of the case. */
  readonly timeToDecide?: number;
  readonly timeToContain?: number;
  readonly timeToEnd?: number;
  /** Of a case that is about a change of a resource. */
  readonly change?: CaseChange;
  readonly findings: readonly (Finding & { readonly records: readonly Omit<Sample, 'findingId'>[] })[];
  readonly timeline: readonly TimelineEntry[];
  readonly decisions: readonly Decision[];
  readonly steps: readonly CaseStep[];
  readonly calls: number;
  /** Records that matched. */
  readonly matched: number;
  /** What could not be done, or cannot be undone, each with its reason. */
  readonly limits: readonly Limit[];
  readonly evidence?: EvidenceVerdict;
  readonly next: readonly NextStep[];
}

export interface TimelineEntry {
  readonly at: number;
  readonly seq: number;
  readonly label: string;
  readonly tone: Tone;
  readonly text: string;
  readonly details: readonly string[];
}

/** A guardrail's answer, or what a person or a binding decided. */
export interface Decision {
  readonly at: number;
  readonly by: string;
  readonly answer: 'yes' | 'no' | 'noted';
  readonly reason: string;
}

export interface Limit {
  readonly kind: 'not-done' | 'not-undoable' | 'undoable';
  readonly what: string;
  readonly why: string;
  /** What a person can type instead. */
  readonly commands: readonly string[];
}

export function caseReport(facts: CaseFacts): CaseReport {
  const { incident, findings, samples, ledger, evidence, now } = facts;
  const steps = stepsOf(facts);
  const change = changeOf(facts, steps);
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.max(0, at - incident.openedAt);
  const decided = ledger.find(({ kind }) => kind === 'response.started' || kind === 'response.approved');
  const done = steps.filter(({ state }) => state === 'done');
  const times = {
    timeToDecide: since(decided?.at),
    timeToContain: since(
      done.find(({ effect, group }) => effect === 'reversible' && group !== 'evidence')?.endedAt,
    ),
    timeToEnd: since(done.find(({ effect }) => effect === 'irreversible')?.endedAt),
  };
  const limits = limitsOf(incident, steps, ledger);
  return {
    writtenAt: now,
    incident,
    summary: summaryOf(facts, steps, limits, change),
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    ...(change === undefined ? {} : { change }),
    findings: findings.map((finding) => ({
      ...finding,
      records: samples
        .filter(({ findingId }) => findingId === finding.id)
        .map(({ origin, raw }) => ({ origin, raw })),
    })),
    // That a step was begun says nothing more once it is told how it ended.
    timeline: ledger
      .filter(({ kind }, at) => kind !== 'step.started' || at === ledger.length - 1)
      .map((entry) => {
        const { label, tone, text, details, calls } = ledgerLine(entry);
        // The calls and the findings have tables of their own.
        return {
          at: entry.at,
          seq: entry.seq,
          label,
          tone,
          text,
          details: calls === undefined && entry.kind !== 'finding.first' ? details : [],
        };
      }),
    decisions: ledger.flatMap(decisionsOf),
    steps,
    calls: steps.reduce((sum, { calls }) => sum + calls.length, 0),
    matched: recordsOf(findings, samples),
    limits,
    ...(evidence === undefined ? {} : { evidence }),
    next: nextSteps(facts, steps, change),
  };
}

interface Body {
  readonly answers?: readonly {
    readonly guardrail: string;
    readonly allowed: boolean;
    readonly reason: string;
  }[];
  readonly by?: string;
  readonly reason?: string;
  readonly playbook?: string;
  readonly mode?: string;
  readonly would?: readonly string[];
  readonly calls?: readonly ApiCall[];
}

function decisionsOf({ at, kind, body }: LedgerEntry): Decision[] {
  const { answers = [], by = '', reason = '', playbook = '', mode = '' } = (body ?? {}) as Body;
  switch (kind) {
    case 'guardrail.asked':
      return answers.map((answer) => ({
        at,
        by: `guardrail ${answer.guardrail}`,
        answer: answer.allowed ? 'yes' : 'no',
        reason: answer.reason,
      }));
    case 'response.approved':
      return [{ at, by, answer: 'yes', reason }];
    case 'response.denied':
      return [{ at, by, answer: 'no', reason }];
    case 'response.started':
      return [{ at, by: 'binding', answer: 'yes', reason: `${playbook} in mode ${mode}` }];
    case 'response.observed':
    case 'response.awaiting-approval':
    case 'response.needs-decision':
      return [
        { at, by: kind === 'response.needs-decision' ? 'playbook' : 'binding', answer: 'noted', reason },
      ];
    default:
      return [];
  }
}

function limitsOf(incident: Incident, steps: readonly CaseStep[], ledger: readonly LedgerEntry[]): Limit[] {
  const limits: Limit[] = [];
  for (const { title, state, reason } of steps) {
    if (state !== 'done' && state !== 'undone')
      limits.push({ kind: 'not-done', what: title, why: reason ?? 'it was not reached', commands: [] });
  }
  if (steps.length === 0) {
    const would = ledger.findLast(({ body }) => (body as Body | null)?.would !== undefined)?.body as
      | Body
      | undefined;
    for (const what of would?.would ?? [])
      limits.push({ kind: 'not-done', what, why: incident.reason ?? incident.state, commands: [] });
  }
  for (const { title, state, undo } of steps) {
    if (state !== 'done' || undo === undefined || undo.kind === 'nothing') continue;
    limits.push(
      undo.kind === 'by'
        ? { kind: 'undoable', what: title, why: undo.how, commands: [] }
        : { kind: 'not-undoable', what: title, why: undo.why, commands: undo.commands },
    );
  }
  return limits;
}

function summaryOf(
  facts: CaseFacts,
  steps: readonly CaseStep[],
  limits: readonly Limit[],
  change: CaseChange | undefined,
): CaseReport['summary'] {
  const { incident, evidence } = facts;
  const done = steps.filter(({ state, effect }) => state === 'done' && effect !== 'read');
  const open = limits.filter(({ kind }) => kind === 'not-done');
  const lasting = limits.filter(({ kind }) => kind === 'not-undoable');
  return {
    headline: HEADLINES[incident.state] ?? `is ${incident.state}`,
    happened: happened(facts, change),
    done:
      done.length === 0
        ? 'Nothing was changed in the account.'
        : `${done.map(({ title }) => title).join(', ')}. ${steps.filter(({ state }) => state === 'done').length} of ${steps.length} steps are done.`,
    notDone: [
      open.length === 0 ? 'Nothing was left out.' : `${open.map(({ what }) => what).join('; ')}.`,
      lasting.length === 0
        ? ''
        : `Cannot be undone: ${lasting.map(({ what }) => what.toLowerCase()).join(', ')}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
    evidence: evidenceSentence(evidence),
  };
}

function happened({ incident, findings, samples }: CaseFacts, change: CaseChange | undefined): string {
  const rules = findings.map(({ rule }) => rule.title).join('; ') || 'no rule';
  const { id } = incident.subject;
  const calls = change?.callers ?? [];
  if (calls.length > 0) {
    const who = [...new Set(calls.map(({ call, by }) => `${call} by ${by}`))].join(', ');
    return `${id} was changed: ${who}. Against it: ${rules}.`;
  }
  const records = recordsOf(findings, samples);
  return `${records.toLocaleString('en-US')} ${records === 1 ? 'record' : 'records'} on ${id} matched: ${rules}.`;
}

/** A record that several rules matched is one, as far as all of them are kept. */
function recordsOf(findings: readonly Finding[], samples: readonly Omit<Sample, 'findingId'>[]): number {
  const matches = findings.reduce((sum, { count }) => sum + count, 0);
  if (samples.length < matches) return matches;
  return new Set(samples.map(({ origin }) => `${origin.source} ${origin.offset} ${origin.line}`)).size;
}

const HEADLINES: Readonly<Record<string, string>> = {
  new: 'waits for a decision',
  recorded: 'was recorded',
  observed: 'was observed',
  'awaiting-approval': 'waits for approval',
  responding: 'is being answered',
  'needs-decision': 'stopped, and waits for a person',
  denied: 'was left alone by a person’s decision',
  closed: 'was answered, and is closed',
};

function evidenceSentence(evidence: EvidenceVerdict | undefined): string {
  if (evidence === undefined) return 'No evidence was sealed.';
  const { whole, files, faults, signatures, timestamps } = evidence;
  if (!whole)
    return `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}: ${faults[0]?.file} ${faults[0]?.fault}.`;
  const stamped = timestamps.length === 0 ? '' : ', time-stamped';
  const all = files.length === 1 ? 'The one file is as it was' : `All ${files.length} files are as they were`;
  return `${all} sealed${signatures.length === 0 ? '' : `, signed${stamped}`}.`;
}
