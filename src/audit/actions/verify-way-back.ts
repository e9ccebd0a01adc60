import { defineAction, done } from '../../actions/action.ts';
import { NO_INPUT } from '../../actions/no-input.ts';
import { liveResource } from '../../aws/resources/live-resource.ts';
import { READ_PERMISSIONS } from '../../aws/resources/permissions.ts';
import { type Json, toJson } from '../../model/json.ts';
import { subjectKey } from '../../model/subject.ts';
import { failingPolicies } from '../../model/violation.ts';
import type { Change } from '../../store/store.ts';
import { isAlike, membersOf, only } from '../patch.ts';
import { type RecordedChange, recordedChange } from './record-change.ts';

export const verifyWayBack = defineAction({
  name: 'verify-way-back',
  title: 'Verify the way back',
  group: 'resource',
  subjects: [],
  effect: 'read',
  needs: ['roll-back-change'],
  permissions: READ_PERMISSIONS,
  about: {
    precondition: 'none',
    effect: 'reads the resource until it is as it was before the change, and judges it once more',
    proof: 'what the change touched is as it was, and no policy that the change broke fails any more',
    idempotency: 'it only reads',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `read ${id} until the change is gone, and judge it again`,
  async run({ aws, subject, resources, judge, output, now }) {
    const recorded = recordedChange({ output });
    const key = subjectKey(subject);
    const at = now();
    const live = await liveResource(aws, subject);
    if (live.kind === 'unreadable') return { status: 'ask', reason: live.why };
    const properties = live.kind === 'gone' ? null : live.properties;
    const touched = only(properties, recorded.attributes);
    const visible = isVisible(recorded);
    if (visible && isAlike(touched, recorded.after))
      return { status: 'waiting', progress: `${subject.id} still shows the change` };
    const failing = failingPolicies(properties === null ? [] : judge(subject, properties));
    const undone = (await resources.resourceChanges(key, 'judged')).filter(({ id }) =>
      recorded.changes.includes(id),
    );
    const broken = [...new Set(undone.flatMap(({ against }) => against))].filter((id) =>
      failing.includes(id),
    );
    if (broken.length > 0) return { status: 'ask', reason: `${subject.id} still fails ${broken.join(', ')}` };
    const worse = failing.filter((id) => !recorded.failing.includes(id));
    if (worse.length > 0) return { status: 'ask', reason: `${subject.id} fails ${worse.join(', ')} now` };
    const changes: Change[] = [
      ...undone.map(
        (change): Change => ({
          kind: 'resource-change',
          change: { ...change, state: 'rolled-back' },
        }),
      ),
      { kind: 'resource-state', state: { subject, at, properties, failing, changes: [] } },
    ];
    return { ...done(toJson({ failing, touched }), proofOf(subject.id, recorded, touched)), changes };
  },
});

/** Some properties are only written, such as a password: reading them back shows nothing, before or after. */
function isVisible({ before, after }: RecordedChange): boolean {
  return before === null
    ? Object.keys(membersOf(after)).length > 0 || after === null
    : !isAlike(before, after);
}

function proofOf(id: string, recorded: RecordedChange, touched: Json): string {
  if (recorded.calls.length === 0) return `${id} was as it was before already`;
  if (!isVisible(recorded)) return `AWS accepted the way back of ${id}; what it set cannot be read`;
  return recorded.before !== null && isAlike(touched, recorded.before)
    ? `${id} is as it was before`
    : `${id} no longer shows the change`;
}
