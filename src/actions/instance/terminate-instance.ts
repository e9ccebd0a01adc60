import { verifyCase } from '../../evidence/case-file.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { attachedVolumes, describeInstance, isGone } from './instance.ts';
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
async function missingEvidence({
  aws,
  subject,
  caseFile,
  incident,
  output,
}: ActionContext): Promise<string | undefined> {
  const sealed = output('seal-evidence') as { readonly manifest?: string } | undefined;
  if (sealed?.manifest === undefined || caseFile.manifest()?.hash !== sealed.manifest) {
    return 'the manifest of the evidence is not the one that was sealed';
  }
  const faults = verifyCase(caseFile);
  if (faults.length > 0) return `the evidence is not as it was sealed: ${faults.slice(0, 3).join(', ')}`;
  const completed = new Set(
    (await describeCaseSnapshots(aws, incident.id))
      .filter(({ State }) => State === 'completed')
      .map(({ VolumeId }) => VolumeId),
  );
  const volumes = await attachedVolumes(aws, subject.id);
  const unsaved = volumes.filter(({ VolumeId }) => !completed.has(VolumeId)).map(({ VolumeId }) => VolumeId);
  return unsaved.length === 0 ? undefined : `no completed snapshot of ${unsaved.join(', ')}`;
}

function restoreFromSnapshots({ output, aws }: UndoContext): string[] {
  const snapshots = (output('snapshot-volumes') ?? []) as unknown as readonly CaseSnapshot[];
  return snapshots.map(
    ({ snapshotId }) =>
      `aws ec2 create-volume --region ${aws.region} --snapshot-id ${snapshotId} --availability-zone ${aws.region}a`,
  );
}
