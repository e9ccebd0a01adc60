import { type ActionContext, defineAction, done } from '../../actions/action.ts';
import { NO_INPUT } from '../../actions/no-input.ts';
import { liveResource } from '../../aws/resources/live-resource.ts';
import { READ_PERMISSIONS } from '../../aws/resources/permissions.ts';
import { strongerMode } from '../../model/incident.ts';
import { type Json, toJson } from '../../model/json.ts';
import type { ResourceChange } from '../../model/resource.ts';
import { subjectKey } from '../../model/subject.ts';
import { failingPolicies } from '../../model/violation.ts';
import { stateBefore } from '../before.ts';
import { inverseOf } from '../inverses/inverse-of.ts';
import { callOf } from '../note.ts';
import { isAlike, membersOf, only } from '../patch.ts';

import { planWayBack } from '../plan.ts';
import type { BackCall, WayBack } from '../way-back.ts';

/** What the other actions need to know of the change as it was found. */
export interface RecordedChange {
  /** CloudTrail's ids of the calls that are to be taken back. */
  readonly changes: readonly string[];
  /** Properties of the schema that they touched. */
  readonly attributes: readonly string[];
  /** The resource before them, as far as it is known, and as it is now. */
  readonly before: Json;
  readonly after: Json;
  readonly calls: readonly BackCall[];
  readonly does: string;
  /** Ids of the policies that it failed after the change. */
  readonly failing: readonly string[];
}

export const recordChange = defineAction({
  name: 'record-change',
  title: 'Record the change',
  group: 'resource',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: READ_PERMISSIONS,
  about: {
    precondition: 'the case is about changes that a rule or a policy wants undone',
    effect:
      'writes the resource before and after, the calls and their callers into the case, and plans the way back',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id} before and after the change, who made it, and how it can be taken back`,
  async run(context) {
    const { aws, subject, caseFile, resources, incident } = context;
    const key = subjectKey(subject);
    const changes = await changesToUndo(context);
    const live = await liveResource(aws, subject);
    if (live.kind === 'unreadable') return { status: 'ask', reason: live.why };
    const compliant =
      changes[0] === undefined ? undefined : await resources.lastCompliantState(key, changes[0].at);
    const after = live.kind === 'gone' ? null : live.properties;
    const before = await propertiesBefore(context, changes, after);
    caseFile.writeJson('before.json', before ?? null);
    caseFile.writeJson('after.json', after);
    caseFile.write('calls.jsonl', changes.map(({ raw }) => `${oneLine(raw)}\n`).join(''));
    caseFile.writeJson(
      'callers.json',
      toJson(changes.map(({ call, by, from, at }) => ({ call, by, from, at }))),
    );
    if (changes.length === 0)
      return { status: 'ask', reason: 'no change of this case is known that could be taken back' };
    const standing = before === undefined ? changes : changes.filter((one) => stands(one, before, after));
    const calls = standing.flatMap((change) => {
      const call = callOf(change);
      return call === undefined ? [] : [{ change, call }];
    });
    const failing = brokenPolicies(context, after);
    const attributes = [...new Set(changes.flatMap((change) => change.attributes))].sort();
    const mended = brokenPolicies(context, before ?? null, attributes).filter((id) => !failing.includes(id));
    if (mended.length > 0)
      return { status: 'ask', reason: `${subject.id} would fail ${mended.join(', ')} again` };
    const plan: WayBack =
      standing.length === 0
        ? NOTHING_LEFT
        : planWayBack(
            subject,
            calls,
            {
              after,
              ...(before === undefined ? {} : { before }),
              ...(compliant === undefined ? {} : { compliant: compliant.properties }),
            },
            { inverseOf, token: incident.id },
          );
    caseFile.writeJson('way-back.json', toJson(plan));
    if (plan.kind !== 'calls') return { status: 'ask', reason: reasonOf(plan) };
    const recorded: RecordedChange = {
      changes: changes.map(({ id }) => id),
      attributes,
      before: before === undefined ? null : only(before, attributes),
      after: only(after, attributes),
      calls: plan.calls,
      does: plan.does,
      failing,
    };
    const by = [...new Set(changes.map((change) => `${change.call} by ${change.by}`))].join(', ');
    return done(toJson(recorded), `${by}; the way back: ${plan.does}`);
  },
});

/** A record as it came; without its line breaks where somebody has laid it out. */
function oneLine(raw: string): string {
  return /[\r\n]/.test(raw) ? JSON.stringify(JSON.parse(raw)) : raw;
}

const NOTHING_LEFT: WayBack = { kind: 'calls', calls: [], does: 'nothing: it is as it was before' };

/** Whether what a change did is still to be seen, or cannot be; later calls may have taken it back. */
function stands({ change, attributes }: ResourceChange, before: Json, after: Json): boolean {
  if (change !== 'changed' || attributes.length === 0) return true;
  const [old, now] = [only(before, attributes), only(after, attributes)];
  const isSeen = Object.keys({ ...membersOf(old), ...membersOf(now) }).length > 0;
  return !isSeen || !isAlike(old, now);
}

/** Ids of the policies that a state fails; only by some properties, where they are named. */
function brokenPolicies(
  { judge, subject }: ActionContext,
  properties: Json,
  attributes: readonly string[] = [],
): string[] {
  if (properties === null) return [];
  const violations = judge(subject, properties).filter(
    ({ attribute }) => attributes.length === 0 || attribute === '' || attributes.includes(attribute),
  );
  return failingPolicies(violations);
}

/** The changes that a rule or a policy wants undone as strongly as the case is answered, oldest first. */
async function changesToUndo({ resources, subject, incident }: ActionContext): Promise<ResourceChange[]> {
  const judged = await resources.resourceChanges(subjectKey(subject), 'judged');
  return judged.filter(
    ({ at, against, wanted = 'record' }) =>
      against.length > 0 &&
      !strongerMode(incident.mode, wanted) &&
      at >= incident.firstSeen &&
      at <= incident.lastSeen,
  );
}

/** Null when it is known that there was none; undefined when nothing is known. */
async function propertiesBefore(
  { resources, subject }: ActionContext,
  changes: readonly ResourceChange[],
  after: Json,
): Promise<Json | undefined> {
  const [first] = changes;
  if (first === undefined) return undefined;
  const states = await resources.resourceStates(subjectKey(subject));
  const state = stateBefore(states, changes, after);
  if (state !== undefined) return state.properties;
  return (await resources.wasListed(subject, first.at)) ? null : undefined;
}

function reasonOf(plan: { kind: 'none' | 'unknown'; why: string; instead?: readonly string[] }): string {
  return plan.kind === 'none'
    ? `it cannot be taken back: ${[plan.why, ...(plan.instead ?? [])].join('; ')}`
    : `how to take it back is not known: ${plan.why}`;
}

/** The change as {@link recordChange} found it. */
export function recordedChange(context: Pick<ActionContext, 'output'>): RecordedChange {
  const output = context.output('record-change');
  if (output === undefined) throw new Error('record-change must come first in the playbook');
  return output as unknown as RecordedChange;
}
