import { createHash } from 'node:crypto';
import { SAMPLES_PER_FINDING } from '../detect/tally.ts';
import type { BadRecord } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import { type Incident, isEnded, type Mode, strongerMode } from '../model/incident.ts';
import type { LedgerRecord } from '../model/journal.ts';
import { type Json, toJson } from '../model/json.ts';
import type { Run, Sighting } from '../model/run.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import { type Change, ConflictError, type Position, type Store } from '../store/store.ts';
import { foundBy } from './guardrails/noisy-rule.ts';

/** What `cordon.yaml` says should happen when a rule finds something. */
export interface Binding {
  /** Absent: the finding is only recorded. */
  readonly playbook?: string;
  /** Values of the playbook's inputs. */
  readonly with?: Readonly<Record<string, Json>>;
  readonly mode: Mode;
}

export interface IntakeSettings {
  /** Milliseconds between two events of a subject that still belong to one incident. */
  readonly window: number;
  bindingOf(ruleId: string): Binding;
  /** Whatever comes after the end of a case is a new one, however soon: the way back of a change is its end. */
  readonly endsForGood?: true;
}

/** What was read from a source since its last position. */
export interface Batch {
  /** In the order in which they began. */
  readonly runs: readonly Run[];
  readonly badRecords: readonly BadRecord[];
  readonly position?: Position;
  /** Stored together with the rest. */
  readonly changes?: readonly Change[];
  /** What the engine must know again after a restart, as it is behind the position. */
  readonly memory?: { readonly name: string; readonly value: Json };
}

const TRIES = 5;

/** Stores a batch: findings, incidents and the position of the source at once, or nothing. */
export async function takeIn(
  store: Store,
  batch: Batch,
  settings: IntakeSettings,
  now: () => number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await store.commit(await changesOf(store, batch, settings, now));
      return;
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
  }
}

async function changesOf(
  store: Store,
  batch: Batch,
  settings: IntakeSettings,
  now: () => number,
): Promise<Change[]> {
  const changes: Change[] = batch.badRecords.map((record) => ({ kind: 'bad-record', record }));
  changes.push(...(await newOwners(store, batch.runs)));
  const notes: Note[] = [];
  for (const runs of Map.groupBy(batch.runs, ({ subject }) => subjectKey(subject)).values()) {
    changes.push(...(await changesOfSubject(store, runs, settings, now(), notes)));
  }
  // The ledger tells things in the order of the source, however many of its records came at once.
  notes.sort((a, b) => a.order - b.order);
  for (const { order: _, ...record } of notes) {
    changes.push({ kind: 'ledger', record: { at: now(), ...record } });
  }
  if (batch.memory !== undefined) changes.push({ kind: 'memory', ...batch.memory });
  if (batch.position !== undefined) changes.push({ kind: 'position', position: batch.position });
  changes.push(...(batch.changes ?? []));
  return changes;
}

/** An entry of the ledger, and where in the batch its cause stands. */
interface Note extends Omit<LedgerRecord, 'at'> {
  readonly order: number;
}

/** Whose the parts are: AWS forgets it when the owner is gone, and records arrive later. */
async function newOwners(store: Store, runs: readonly Run[]): Promise<Change[]> {
  const changes: Change[] = [];
  const told = new Set<string>();
  for (const { seenOn, subject: owner } of runs) {
    for (const part of seenOn) {
      const key = subjectKey(part);
      if (key === subjectKey(owner) || told.has(key)) continue;
      told.add(key);
      const known = await store.owner(part);
      if (known === undefined || subjectKey(known) !== subjectKey(owner))
        changes.push({ kind: 'owner', part, owner });
    }
  }
  return changes;
}

/** An incident while a batch is taken in. */
interface Draft {
  incident: Incident;
  readonly findings: Map<string, Finding>;
  readonly changes: Change[];
}

async function changesOfSubject(
  store: Store,
  runs: readonly Run[],
  settings: IntakeSettings,
  now: number,
  notes: Note[],
): Promise<Change[]> {
  const [first] = runs;
  if (first === undefined) return [];
  const latest = await store.latestIncident(subjectKey(first.subject));
  let draft = latest === undefined ? undefined : await draftOf(store, latest);
  const drafts = new Set<Draft>();
  for (const run of runs) {
    if (draft === undefined || isOver(draft.incident, run, settings)) {
      const incident = newIncident(run.subject, run.began, now, draft?.incident.id);
      draft = { incident, findings: new Map(), changes: [] };
      const body = toJson({ subject: incident.subject, firstSeen: run.began });
      notes.push({ kind: 'incident.opened', caseId: incident.id, body, order: run.order });
    }
    addRun(draft, run, settings, now, notes);
    drafts.add(draft);
  }
  return [...drafts].flatMap(({ incident, findings, changes }): Change[] => [
    { kind: 'incident', incident: { ...incident, version: incident.version + 1 } },
    ...[...findings.values()].map((finding): Change => ({ kind: 'finding', finding })),
    ...changes,
  ]);
}

async function draftOf(store: Store, incident: Incident): Promise<Draft> {
  const findings = await store.findings(incident.id);
  return { incident, findings: new Map(findings.map((finding) => [finding.rule.id, finding])), changes: [] };
}

/**
 * Nothing runs and nobody is asked any more, and much time went by: what follows is a new case. So is
 * whatever follows a question that nobody answered: somebody must be asked again.
 */
function isOver(incident: Incident, { began }: Run, { window, endsForGood }: IntakeSettings): boolean {
  if (incident.state === 'expired') return began > incident.lastSeen;
  if (endsForGood === true && isEnded(incident.state)) return true;
  return isQuiet(incident) && began > incident.lastSeen + window;
}

function addRun(draft: Draft, run: Run, settings: IntakeSettings, now: number, notes: Note[]): void {
  const caseId = draft.incident.id;
  for (const sighting of run.sightings) {
    const { rule, branch, samples, order } = sighting;
    const before = draft.findings.get(rule.id);
    const isFirst = draft.findings.size === 0;
    const finding = addSighting(before, sighting, caseId);
    draft.findings.set(rule.id, finding);
    for (const { origin, raw } of samples.slice(0, Math.max(0, SAMPLES_PER_FINDING - (before?.count ?? 0)))) {
      draft.changes.push({ kind: 'sample', sample: { findingId: finding.id, origin, raw } });
    }
    const binding = settings.bindingOf(rule.id);
    const { mode, playbook } = binding;
    const [example] = samples;
    if (before === undefined && example !== undefined) {
      const body = toJson({ rule, mode, branch, raw: example.raw, origin: example.origin });
      notes.push({ kind: 'finding.first', caseId, body, order });
    }
    if (before === undefined && playbook !== undefined) draft.changes.push(foundBy(rule.id, caseId, now));
    const escalated = escalate(draft.incident, binding);
    if (escalated !== draft.incident && !isFirst)
      notes.push({ kind: 'incident.escalated', caseId, body: toJson({ mode, rule }), order });
    draft.incident = escalated;
  }
  draft.incident = {
    ...draft.incident,
    firstSeen: Math.min(draft.incident.firstSeen, run.firstSeen),
    lastSeen: Math.max(draft.incident.lastSeen, run.lastSeen),
  };
}

/** Nothing runs and nobody is asked: a much later event opens a new case. */
function isQuiet({ state }: Incident): boolean {
  return state === 'recorded' || state === 'observed' || isEnded(state);
}

/** The name of the case of a subject that begins at a time (milliseconds since the epoch). */
export function caseIdOf(subject: Subject, began: number): string {
  const digest = createHash('sha256')
    .update(`${subjectKey(subject)}\n${began}`)
    .digest('hex');
  const day = new Date(began).toISOString().slice(0, 10);
  return `case-${day}-${digest.slice(0, 8)}`;
}

/** Times of events may be whole seconds: two cases of a subject can begin in one. */
function unlike(id: string, previous: string | undefined): string {
  if (previous === undefined || !previous.startsWith(id)) return id;
  return `${id}-${Number(previous.slice(id.length + 1) || 1) + 1}`;
}

function newIncident(
  subject: Subject,
  began: number,
  openedAt: number,
  previous: string | undefined,
): Incident {
  return {
    id: unlike(caseIdOf(subject, began), previous),
    subject,
    state: 'new',
    mode: 'record',
    openedAt,
    firstSeen: began,
    lastSeen: began,
    version: 0,
  };
}

/** The rules whose binding is why a case is answered as it is. */
export function boundRules(
  { mode, playbook }: Incident,
  findings: readonly Pick<Finding, 'rule'>[],
  bindingOf: IntakeSettings['bindingOf'],
): string[] {
  return findings
    .map(({ rule }) => rule.id)
    .filter((id) => {
      const binding = bindingOf(id);
      return binding.mode === mode && binding.playbook === playbook;
    });
}

/** A stronger binding takes over as long as no response has begun or been refused. */
export function escalate(incident: Incident, { mode, playbook, with: given }: Binding): Incident {
  if (playbook === undefined || !strongerMode(mode, incident.mode)) return incident;
  if (incident.respondedAt !== undefined || incident.approval !== undefined || isEnded(incident.state))
    return incident;
  const { inputs: _, playbookVersion: __, ...rest } = incident;
  return { ...rest, mode, playbook, state: 'new', ...(given === undefined ? {} : { inputs: given }) };
}

function addSighting(before: Finding | undefined, sighting: Sighting, caseId: string): Finding {
  const { rule, branch, count, firstSeen, lastSeen } = sighting;
  if (before === undefined) {
    return { id: `${caseId}/${rule.id}`, caseId, rule, count, firstSeen, lastSeen, branch };
  }
  return {
    ...before,
    count: before.count + count,
    firstSeen: Math.min(before.firstSeen, firstSeen),
    lastSeen: Math.max(before.lastSeen, lastSeen),
  };
}
