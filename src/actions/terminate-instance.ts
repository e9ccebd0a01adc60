import { verifyCase } from '../evidence/case-file.ts';
import { type Action, type ActionContext, done } from './action.ts';
import { attachedVolumes, describeInstance, isGone } from './instance.ts';
import { describeCaseSnapshots } from './snapshot-volumes.ts';

export const terminateInstance: Action = {
  name: 'terminate-instance',
  title: 'Terminate the instance',
  effect: 'irreversible',
  permissions: [
    'ec2:TerminateInstances',
    'ec2:DescribeInstances',
    'ec2:DescribeVolumes',
    'ec2:DescribeSnapshots',
  ],
  undo: 'none: an instance does not come back; its volumes can be restored from the snapshots of the case',
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
};

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
