import { type ActionContext, defineAction, done } from '../../actions/action.ts';
import { NO_INPUT } from '../../actions/no-input.ts';
import { liveResource } from '../../aws/resources/live-resource.ts';
import { type Json, toJson } from '../../model/json.ts';
import type { ResourceChange } from '../../model/resource.ts';
import { subjectKey } from '../../model/subject.ts';
import { inverseOf } from '../inverses/inverse-of.ts';
import { callOf } from '../note.ts';
import { membersOf } from '../patch.ts';
import { planWayBack } from '../plan.ts';
import type { BackCall } from '../way-back.ts';

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
}

export const recordChange = defineAction({
  name: 'record-change',
  title: 'Record the change',
  group: 'resource',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['cloudformation:GetResource'],
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
    const before = await propertiesBefore(context, changes);
    const compliant =
      changes[0] === undefined ? undefined : await resources.lastCompliantState(key, changes[0].at);
    const after = live.kind === 'gone' ? null : live.properties;
    caseFile.writeJson('before.json', before ?? null);
    caseFile.writeJson('after.json', after);
    caseFile.write('calls.jsonl', changes.map(({ raw }) => `${raw}\n`).join(''));
    caseFile.writeJson(
      'callers.json',
      toJson(changes.map(({ call, by, from, at }) => ({ call, by, from, at }))),
    );
    if (changes.length === 0)
      return { status: 'ask', reason: 'no change of this case is known that could be taken back' };
    const calls = changes.flatMap((change) => {
      const call = callOf(change);
      return call === undefined ? [] : [{ change, call }];
    });
    const plan = planWayBack(
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
    const attributes = [...new Set(changes.flatMap((change) => change.attributes))].sort();
    const recorded: RecordedChange = {
      changes: changes.map(({ id }) => id),
      attributes,
      before: before === undefined ? null : only(before, attributes),
      after: only(after, attributes),
      calls: plan.calls,
      does: plan.does,
    };
    const by = [...new Set(changes.map((change) => `${change.call} by ${change.by}`))].join(', ');
    return done(toJson(recorded), `${by}; the way back: ${plan.does}`);
  },
});

/** The changes of the case that a rule or a policy is against, oldest first. */
async function changesToUndo({ resources, subject, incident }: ActionContext): Promise<ResourceChange[]> {
  const judged = await resources.resourceChanges(subjectKey(subject), 'judged');
  return judged.filter(
    ({ at, against }) => against.length > 0 && at >= incident.firstSeen && at <= incident.lastSeen,
  );
}

/** Null when it is known that there was none; undefined when nothing is known. */
async function propertiesBefore(
  { resources, subject }: ActionContext,
  changes: readonly ResourceChange[],
): Promise<Json | undefined> {
  const [first] = changes;
  if (first === undefined) return undefined;
  const states = await resources.resourceStates(subjectKey(subject));
  const state = states.findLast(({ at }) => at <= first.at);
  if (state !== undefined) return state.properties;
  return (await resources.wasListed(subject, first.at)) ? null : undefined;
}

function reasonOf(plan: { kind: 'none' | 'unknown'; why: string; instead?: readonly string[] }): string {
  return plan.kind === 'none'
    ? `it cannot be taken back: ${[plan.why, ...(plan.instead ?? [])].join('; ')}`
    : `how to take it back is not known: ${plan.why}`;
}

/** Only what the changes touched: the rest is in the case, and need not be in the ledger. */
export function only(properties: Json, attributes: readonly string[]): Json {
  if (properties === null || attributes.length === 0) return properties;
  const members = membersOf(properties);
  return Object.fromEntries(
    attributes.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
  );
}

/** The change as {@link recordChange} found it. */
export function recordedChange(context: Pick<ActionContext, 'output'>): RecordedChange {
  const output = context.output('record-change');
  if (output === undefined) throw new Error('record-change must come first in the playbook');
  return output as unknown as RecordedChange;
}
