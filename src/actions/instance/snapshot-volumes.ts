import type { Snapshot } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { CASE_TAG } from './instance.ts';
import { recordedInstance } from './record-instance.ts';

/** A snapshot of a volume, made for a case. */
export interface CaseSnapshot {
  readonly snapshotId: string;
  readonly volumeId: string;
  /** ARN of the KMS key that it is encrypted with: without that key nobody can read it. */
  readonly kmsKeyId?: string;
}

const SETTLE_POLLS = 5;

export const snapshotVolumes = defineAction({
  name: 'snapshot-volumes',
  title: 'Snapshot every volume',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: ['ec2:CreateSnapshots', 'ec2:CreateTags', 'ec2:DescribeSnapshots'],
  about: {
    precondition: 'the instance has at least one EBS volume',
    effect:
      'one CreateSnapshots of every volume at one instant, tagged with the case; of an encrypted volume under the same KMS key, which must stay as long as the snapshot',
    proof: 'a snapshot of each recorded volume',
    idempotency: 'the tag of the case is the token: snapshots that carry it are taken as they are',
  },
  input: NO_INPUT,
  undo: {
    kind: 'nothing',
    why: 'snapshots are evidence: delete them when the case is closed and nobody needs them',
  },
  plan: ({ id }) =>
    `snapshot every EBS volume of ${id} at one instant (CreateSnapshots), tagged with the case`,
  async run(context) {
    const { volumeIds, volumes } = recordedInstance(context.output('record-instance'));
    if (volumeIds.length === 0)
      return { status: 'ask', reason: 'the instance has no EBS volume to snapshot' };
    const snapshots = await existingSnapshots(context, volumeIds);
    const made = snapshots ?? (await createSnapshots(context));
    // A snapshot has the key of its volume; CreateSnapshots does not say which.
    const keys = new Map(volumes.map(({ id, kmsKeyId }) => [id, kmsKeyId]));
    const complete = made.map((one) => withKey(one, keys.get(one.volumeId)));
    const missing = volumeIds.filter((id) => !complete.some(({ volumeId }) => volumeId === id));
    if (missing.length > 0) return { status: 'ask', reason: `no snapshot was made of ${missing.join(', ')}` };
    return done(toJson(complete), complete.map(described).join(', '));
  },
});

/**
 * CreateSnapshots has no client token. So the case's tag is the token, and after a try that may
 * have worked AWS is given time to show what it made.
 */
async function existingSnapshots(
  context: ActionContext,
  volumeIds: readonly string[],
): Promise<CaseSnapshot[] | undefined> {
  const polls = context.earlierTry === 'unknown' ? SETTLE_POLLS : 1;
  let newest: Snapshot[] = [];
  for (let poll = 0; poll < polls; poll++) {
    if (poll > 0) await context.sleep(context.settleTime / (SETTLE_POLLS - 1));
    newest = newestSet(await describeCaseSnapshots(context.aws, context.incident.id));
    const isWhole = volumeIds.every((id) => newest.some(({ VolumeId }) => VolumeId === id));
    if (isWhole && !newest.some(hasErred)) return newest.map(caseSnapshot);
  }
  // Once one of a set has erred only a new set is of one instant. What else the newest set has not, its
  // CreateSnapshots has not made: it makes all or none.
  return newest.length === 0 || newest.some(hasErred) ? undefined : newest.map(caseSnapshot);
}

function hasErred({ State }: Snapshot): boolean {
  return State === 'error';
}

/** Which CreateSnapshots of the case made a snapshot. */
const SET_TAG = 'cordon:set';

/** Those that the last CreateSnapshots of a case made, as far as AWS shows them. */
function newestSet(snapshots: readonly Snapshot[]): Snapshot[] {
  const setOf = ({ Tags = [] }: Snapshot): string => Tags.find(({ Key }) => Key === SET_TAG)?.Value ?? '';
  const begun = ({ StartTime }: Snapshot): number => StartTime?.getTime() ?? 0;
  const [last] = snapshots.toSorted((one, other) => begun(other) - begun(one));
  return last === undefined ? [] : snapshots.filter((one) => setOf(one) === setOf(last));
}

async function createSnapshots({ aws, subject, incident, now }: ActionContext): Promise<CaseSnapshot[]> {
  const tags = [
    { Key: CASE_TAG, Value: incident.id },
    { Key: SET_TAG, Value: String(now()) },
  ];
  const answer = await aws.ec2Once.createSnapshots({
    InstanceSpecification: { InstanceId: subject.id, ExcludeBootVolume: false },
    Description: `Cordon evidence of ${incident.id}`,
    CopyTagsFromSource: 'volume',
    TagSpecifications: [{ ResourceType: 'snapshot', Tags: tags }],
  });
  return (answer.Snapshots ?? []).map(caseSnapshot);
}

/** Every snapshot that carries the tag of a case. */
export async function describeCaseSnapshots(aws: AwsClients, caseId: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  const filters = [{ Name: `tag:${CASE_TAG}`, Values: [caseId] }];
  for await (const page of aws.ec2.paginateDescribeSnapshots({ OwnerIds: ['self'], Filters: filters })) {
    snapshots.push(...(page.Snapshots ?? []));
  }
  return snapshots;
}

function caseSnapshot({ SnapshotId, VolumeId }: Snapshot): CaseSnapshot {
  return { snapshotId: SnapshotId ?? '', volumeId: VolumeId ?? '' };
}

function withKey(snapshot: CaseSnapshot, kmsKeyId: string | undefined): CaseSnapshot {
  return kmsKeyId === undefined ? snapshot : { ...snapshot, kmsKeyId };
}

function described({ snapshotId, volumeId, kmsKeyId }: CaseSnapshot): string {
  const key = kmsKeyId === undefined ? '' : ` (keep its key ${kmsKeyId})`;
  return `${snapshotId} of ${volumeId}${key}`;
}
