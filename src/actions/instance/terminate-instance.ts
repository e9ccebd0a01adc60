import { shellWord } from '../../model/shell-word.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, defineAction, done, type UndoContext } from '../action.ts';
import { brokenSeal } from '../evidence/seal.ts';
import { NO_INPUT } from '../no-input.ts';
import { attachedVolumes, describeInstance, isGone } from './instance.ts';
import { recordedInstance } from './record-instance.ts';
import { type CaseSnapshot, describeCaseSnapshots } from './snapshot-volumes.ts';

export const terminateInstance = defineAction({
  name: 'terminate-instance',
  title: 'Terminate the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'irreversible',
  needs: ['seal-evidence'],
  permissions: [
    'ec2:TerminateInstances',
    'ec2:DescribeInstances',
    'ec2:DescribeVolumes',
    'ec2:DescribeSnapshots',
  ],
  about: {
    precondition:
      'the evidence is as it was sealed, and every volume that is attached now has a completed snapshot of this case',
    effect: 'terminates the instance',
    proof: 'what EC2 answered; verify-terminated waits for the end',
    idempotency: 'an instance that is shutting down or terminated is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'none',
    why: 'an instance does not come back; its volumes can be restored from the snapshots of the case',
    restore: restoreFromSnapshots,
  },
  plan: ({ id }) =>
    `terminate ${id}, once its evidence is sealed and every volume it has then is in a completed snapshot`,
  async run(context) {
    const { aws, subject } = context;
    const instance = await describeInstance(aws, subject.id);
    if (isGone(instance) || instance?.State?.Name === 'shutting-down') {
      return done(
        { state: instance?.State?.Name ?? 'gone' },
        `${subject.id} is ${instance?.State?.Name ?? 'gone'} already`,
      );
    }
    const missing = await missingEvidence(context);
    if (missing !== undefined) return { status: 'ask', reason: missing };
    const answer = await aws.ec2.terminateInstances({ InstanceIds: [subject.id] });
    const state = answer.TerminatingInstances?.[0]?.CurrentState?.Name ?? 'unknown';
    return done({ state }, `EC2 answered ${state}`);
  },
});

/** What would be lost for ever; asked of the disk and of AWS just before, whatever was found earlier. */
async function missingEvidence(context: ActionContext): Promise<string | undefined> {
  const { aws, subject, incident } = context;
  const broken = brokenSeal(context);
  if (broken !== undefined) return broken;
  const completed = new Set(
    (await describeCaseSnapshots(aws, incident.id))
      .filter(({ State }) => State === 'completed')
      .map(({ VolumeId }) => VolumeId),
  );
  const volumes = await attachedVolumes(aws, subject.id);
  const unsaved = volumes.filter(({ VolumeId }) => !completed.has(VolumeId)).map(({ VolumeId }) => VolumeId);
  return unsaved.length === 0 ? undefined : `no completed snapshot of ${unsaved.join(', ')}`;
}

/** Each disk by itself, and an instance as it was: its disks, type, place, groups and profile. */
function restoreFromSnapshots({ output, aws, incident }: UndoContext): string[] {
  const snapshots = (output('snapshot-volumes') ?? []) as unknown as readonly CaseSnapshot[];
  if (snapshots.length === 0) return [];
  const recorded = recordedInstance(output('record-instance'));
  const { launch, networkInterfaces, instanceProfile } = recorded;
  const command = (...words: readonly string[]): string =>
    ['aws', 'ec2', ...words, '--region', aws.region].map(shellWord).join(' ');
  const disks = recorded.volumes.flatMap((volume) => {
    const snapshot = snapshots.find(({ volumeId }) => volumeId === volume.id);
    return snapshot === undefined ? [] : [{ ...volume, ...snapshot }];
  });
  const image = command(
    'register-image',
    ...['--name', `cordon-${incident.id}`, '--architecture', launch.architecture],
    ...['--virtualization-type', launch.virtualizationType, '--ena-support'],
    ...['--root-device-name', launch.rootDeviceName, '--block-device-mappings'],
    ...disks.map(({ device, snapshotId }) => `DeviceName=${device},Ebs={SnapshotId=${snapshotId}}`),
    ...['--query', 'ImageId', '--output', 'text'],
  );
  const groupIds = [...new Set(networkInterfaces.flatMap((one) => one.groupIds))];
  const instance = command(
    'run-instances',
    ...['--instance-type', launch.instanceType, '--subnet-id', launch.subnetId],
    ...(groupIds.length === 0 ? [] : ['--security-group-ids', ...groupIds]),
    ...(instanceProfile === undefined ? [] : ['--iam-instance-profile', `Arn=${instanceProfile}`]),
  );
  return [
    ...disks.map(({ snapshotId, availabilityZone, type }) =>
      command(
        'create-volume',
        ...['--snapshot-id', snapshotId, '--availability-zone', availabilityZone, '--volume-type', type],
      ),
    ),
    ...(disks.some(({ device }) => device === launch.rootDeviceName)
      ? [`${instance} --image-id "$(${image})"`]
      : []),
  ];
}
