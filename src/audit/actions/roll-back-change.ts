import {
  type ActionContext,
  type ActionOutcome,
  defineAction,
  done,
  type UndoContext,
} from '../../actions/action.ts';
import { NO_INPUT } from '../../actions/no-input.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { liveResource } from '../../aws/resources/live-resource.ts';
import { READ_PERMISSIONS } from '../../aws/resources/permissions.ts';
import { canonicalJson, type Json, toJson } from '../../model/json.ts';
import { BACK_PERMISSIONS } from '../inverses/permissions.ts';
import { isAlike, membersOf, only, patchOf } from '../patch.ts';
import type { BackCall } from '../way-back.ts';
import { type RecordedChange, recordedChange } from './record-change.ts';

export const rollBackChange = defineAction({
  name: 'roll-back-change',
  title: 'Take the change back',
  group: 'resource',
  subjects: [],
  effect: 'reversible',
  needs: ['record-change', 'seal-evidence'],
  permissions: BACK_PERMISSIONS,
  about: {
    precondition:
      'what the change touched is as it was recorded: when somebody changed it since, a person is asked',
    effect: 'makes the calls that take back exactly what the change did',
    proof: 'verify-way-back reads the resource again and judges it',
    idempotency: 'each call is made only while its effect is missing, and says so when it was made already',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'set what the change had touched to what it was after the change, through Cloud Control',
    permissions: [...READ_PERMISSIONS, 'cloudformation:UpdateResource'],
    run: bringBack,
  },
  plan: ({ id }) => `take back what the change did to ${id}, unless somebody has changed it since`,
  async run(context) {
    const recorded = recordedChange(context);
    const foreign = await changedMeanwhile(context, recorded);
    if (foreign !== undefined) return { status: 'ask', reason: foreign, redo: 'record-change' };
    const made: string[] = [];
    for (const call of recorded.calls) {
      if (await make(context.aws, call)) made.push(`${call.service}:${call.operation}`);
    }
    return done(toJson({ made }), recorded.does);
  },
});

/** What somebody else changed since the change was recorded; our own earlier tries are none. */
async function changedMeanwhile(
  { aws, subject, earlierTry }: ActionContext,
  { attributes, before, after, calls }: RecordedChange,
): Promise<string | undefined> {
  const live = await liveResource(aws, subject);
  if (live.kind === 'unreadable') return live.why;
  const now = live.kind === 'gone' ? null : only(live.properties, attributes);
  if (isAlike(now, after)) return undefined;
  // AWS may have refused or lost the second of several calls.
  if ((earlierTry !== 'none' || calls.length > 1) && isBetween(now, before, after)) return undefined;
  return `${subject.id} was changed after the change that is to be taken back: nothing is overwritten`;
}

/** Whether everything in a state comes from one of two others: an earlier try may have got so far. */
function isBetween(now: Json, before: Json, after: Json): boolean {
  const [members, old, changed] = [membersOf(now), membersOf(before), membersOf(after)];
  return Object.entries(members).every(([name, value]) => {
    const sources = [old[name], changed[name]].filter((one) => one !== undefined);
    if (sources.some((source) => isAlike(value, source))) return true;
    if (!Array.isArray(value)) return false;
    const known = new Set(
      sources.flatMap((source) => (Array.isArray(source) ? source.map((item) => canonicalJson(item)) : [])),
    );
    return value.every((item) => known.has(canonicalJson(item as Json)));
  });
}

/** Answers whether the call was made: it may say that it was made before. */
async function make(
  aws: AwsClients,
  { service, operation, input, already = [] }: BackCall,
): Promise<boolean> {
  const client = (await aws.use(service)) as unknown as Record<string, (input: Json) => Promise<unknown>>;
  const method = client[operation.charAt(0).toLowerCase() + operation.slice(1)];
  if (method === undefined) throw new Error(`${service} has no operation ${operation}`);
  try {
    await method.call(client, input);
    return true;
  } catch (error) {
    if (already.includes(awsErrorCode(error))) return false;
    throw error;
  }
}

async function bringBack(context: UndoContext): Promise<ActionOutcome> {
  const { aws, subject, incident } = context;
  const { attributes, before, after } = recordedChange(context);
  if (after === null)
    return {
      status: 'ask',
      reason: `the change had deleted ${subject.id}: delete it again, if that is wanted`,
    };
  const live = await liveResource(aws, subject);
  if (live.kind !== 'found') return { status: 'ask', reason: `${subject.id} cannot be read` };
  const now = only(live.properties, attributes);
  if (isAlike(now, after)) return done([], `${subject.id} is as it was after the change already`);
  // What the way back made of it, as it was verified; less is known where nobody could read it then.
  const { touched = before } = membersOf(context.output('verify-way-back') ?? null);
  if (!isAlike(now, touched))
    return {
      status: 'ask',
      reason: `${subject.id} was changed since it was taken back: nothing is overwritten`,
    };
  const patch = patchOf(now, after, attributes);
  const cloudcontrol = await aws.use('cloudcontrol');
  await cloudcontrol.updateResource({
    TypeName: subject.type,
    Identifier: subject.id,
    ClientToken: `undo-${incident.id}`,
    PatchDocument: JSON.stringify(patch),
  });
  return done(
    toJson(patch),
    `${attributes.join(', ')} of ${subject.id} are being set to what they were after the change`,
  );
}
