import { createHash } from 'node:crypto';
import type { BadRecord } from '../model/event.ts';
import type { Detection, Finding } from '../model/finding.ts';
import { type Incident, isEnded, type Mode, strongerMode } from '../model/incident.ts';
import { toJson } from '../model/json.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import { type Change, ConflictError, type Position, type Store } from '../store/store.ts';

/** What `cordon.yaml` says should happen when a rule finds something. */
export interface Binding {
  /** Absent: the finding is only recorded. */
  readonly playbook?: string;
  readonly mode: Mode;
}

export interface IntakeSettings {
  /** Milliseconds between two events of a subject that still belong to one incident. */
  readonly window: number;
  bindingOf(ruleId: string): Binding;
}

/** What was read from a source since its last position. */
export interface Batch {
  readonly detections: readonly Detection[];
  readonly badRecords: readonly BadRecord[];
  readonly position?: Position;
  /** Stored together with the rest. */
  readonly changes?: readonly Change[];
}

/** Raw records that are kept of each finding; all are counted. */
const SAMPLES_PER_FINDING = 200;
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
  const detections = await ownersOf(store, batch.detections, changes);
  for (const ofSubject of groupBy(detections, ({ subject }) => subjectKey(subject)).values()) {
    changes.push(...(await changesOfSubject(store, ofSubject, settings, now)));
  }
  if (batch.position !== undefined) changes.push({ kind: 'position', position: batch.position });
  changes.push(...(batch.changes ?? []));
  return changes;
}

/**
 * Records of an interface arrive minutes after its instance is gone, when AWS no longer says whose
 * it was: they still belong to the instance.
 */
async function ownersOf(
  store: Store,
  detections: readonly Detection[],
  changes: Change[],
): Promise<Detection[]> {
  const owners = new Map<string, Subject>();
  for (const { seenOn: part, subject } of detections) {
    if (part === undefined || owners.has(subjectKey(part))) continue;
    const known = await store.owner(part);
    if (subjectKey(part) === subjectKey(subject)) owners.set(subjectKey(part), known ?? subject);
    else {
      owners.set(subjectKey(part), subject);
      if (known === undefined || subjectKey(known) !== subjectKey(subject))
        changes.push({ kind: 'owner', part, owner: subject });
    }
  }
  return detections.map((detection) => {
    const { seenOn: part, subject } = detection;
    return { ...detection, subject: (part && owners.get(subjectKey(part))) ?? subject };
  });
}

async function changesOfSubject(
  store: Store,
  detections: readonly Detection[],
  settings: IntakeSettings,
  now: () => number,
): Promise<Change[]> {
  const [first] = detections;
  if (first === undefined) return [];
  const firstSeen = detections.reduce(
    (earliest, { event }) => Math.min(earliest, event.time),
    Number.POSITIVE_INFINITY,
  );
  const lastSeen = detections.reduce((latest, { event }) => Math.max(latest, event.time), 0);
  const latest = await store.latestIncident(subjectKey(first.subject));
  const known =
    latest !== undefined && (!isQuiet(latest) || firstSeen <= latest.lastSeen + settings.window)
      ? latest
      : undefined;

  const ledger: Change[] = [];
  const tell = (
    kind: 'incident.opened' | 'incident.escalated' | 'finding.first',
    body: unknown,
    caseId: string,
  ): void => {
    ledger.push({ kind: 'ledger', record: { at: now(), kind, caseId, body: toJson(body) } });
  };
  let incident: Incident = known ?? newIncident(first.subject, firstSeen, lastSeen, now());
  if (known === undefined) tell('incident.opened', { subject: incident.subject, firstSeen }, incident.id);

  const stored = new Map((await store.findings(incident.id)).map((finding) => [finding.rule.id, finding]));
  const changes: Change[] = [];
  for (const [ruleId, matches] of groupBy(detections, ({ rule }) => rule.id)) {
    const before = stored.get(ruleId);
    const [example] = matches;
    if (example === undefined) continue;
    const binding = settings.bindingOf(ruleId);
    const finding = addMatches(before, matches, incident.id);
    changes.push({ kind: 'finding', finding });
    for (const { event } of matches.slice(0, Math.max(0, SAMPLES_PER_FINDING - (before?.count ?? 0)))) {
      changes.push({
        kind: 'sample',
        sample: { findingId: finding.id, origin: event.origin, raw: event.raw },
      });
    }
    if (before === undefined) {
      const { raw, origin } = example.event;
      tell(
        'finding.first',
        { rule: example.rule, mode: binding.mode, branch: example.branch, raw, origin },
        incident.id,
      );
    }
    const escalated = escalate(incident, binding);
    if (escalated !== incident && known !== undefined)
      tell('incident.escalated', { mode: binding.mode, rule: example.rule }, incident.id);
    incident = escalated;
  }
  incident = {
    ...incident,
    firstSeen: Math.min(incident.firstSeen, firstSeen),
    lastSeen: Math.max(incident.lastSeen, lastSeen),
    version: incident.version + 1,
  };
  return [{ kind: 'incident', incident }, ...changes, ...ledger];
}

/** Nothing runs and nobody is asked: a much later event opens a new case. */
function isQuiet({ state }: Incident): boolean {
  return state === 'recorded' || state === 'observed' || isEnded(state);
}

function newIncident(subject: Subject, firstSeen: number, lastSeen: number, openedAt: number): Incident {
  const digest = createHash('sha256')
    .update(`${subjectKey(subject)}\n${firstSeen}`)
    .digest('hex');
  const day = new Date(firstSeen).toISOString().slice(0, 10);
  return {
    id: `case-${day}-${digest.slice(0, 8)}`,
    subject,
    state: 'new',
    mode: 'record',
    openedAt,
    firstSeen,
    lastSeen,
    version: 0,
  };
}

/** A stronger binding takes over as long as no response has begun or been refused. */
function escalate(incident: Incident, { mode, playbook }: Binding): Incident {
  if (playbook === undefined || !strongerMode(mode, incident.mode)) return incident;
  if (incident.respondedAt !== undefined || incident.approval !== undefined || isEnded(incident.state))
    return incident;
  return { ...incident, mode, playbook, state: 'new' };
}

function addMatches(before: Finding | undefined, matches: readonly Detection[], caseId: string): Finding {
  const [first] = matches;
  if (first === undefined) throw new Error('a finding needs a match');
  const finding = before ?? {
    id: `${caseId}/${first.rule.id}`,
    caseId,
    rule: first.rule,
    count: 0,
    firstSeen: first.event.time,
    lastSeen: first.event.time,
    branch: first.branch,
  };
  return {
    ...finding,
    count: finding.count + matches.length,
    firstSeen: matches.reduce((earliest, { event }) => Math.min(earliest, event.time), finding.firstSeen),
    lastSeen: matches.reduce((latest, { event }) => Math.max(latest, event.time), finding.lastSeen),
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key);
}
