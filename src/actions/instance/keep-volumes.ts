import type { AwsClients } from '../../aws/clients.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { attachedVolumes } from './instance.ts';
import { recordedInstance } from './record-instance.ts';

/** A volume that would go with the instance. */
interface Going {
  readonly volumeId: string;
  readonly device: string;
}

export const keepVolumes = defineAction({
  name: 'keep-volumes',
  title: 'Keep the volumes',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: ['ec2:DescribeVolumes', 'ec2:ModifyInstanceAttribute'],
  about: {
    precondition: 'none',
    effect: 'turns DeleteOnTermination off for every volume that is attached',
    proof: 'EC2 shows it off for each',
    idempotency: 'a volume for which it is off is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'turn DeleteOnTermination on again for the volumes that were recorded with it, if they are still attached where they were',
    permissions: ['ec2:DescribeVolumes', 'ec2:ModifyInstanceAttribute'],
    run: letGo,
  },
  plan: ({ id }) => `keep every volume of ${id} when it is terminated (DeleteOnTermination off)`,
  async run({ aws, subject, output }) {
    const recorded = recordedInstance(output('record-instance'))
      .volumes.filter(({ deleteOnTermination }) => deleteOnTermination)
      .map(({ id, device }) => ({ volumeId: id, device }));
    const before = await going(aws, subject.id, true);
    if (before.length > 0) await setDeletion(aws, subject.id, before, false);
    const left = await going(aws, subject.id, true);
    if (left.length > 0)
      return {
        status: 'waiting',
        progress: `${left.map(({ volumeId }) => volumeId).join(', ')} would still go`,
      };
    const known = new Set(recorded.map(({ volumeId }) => volumeId));
    const kept = [...recorded, ...before.filter(({ volumeId }) => !known.has(volumeId))];
    return done(
      toJson(kept),
      kept.length === 0
        ? 'no volume would have gone'
        : `${kept.map(({ volumeId }) => volumeId).join(', ')} stay when the instance goes`,
    );
  },
});

/** The attached volumes for which DeleteOnTermination is on, or off. */
async function going(aws: AwsClients, instanceId: string, on: boolean): Promise<Going[]> {
  return (await attachedVolumes(aws, instanceId)).flatMap(({ VolumeId = '', Attachments }) => {
    const attachment = Attachments?.find(({ InstanceId }) => InstanceId === instanceId);
    const { Device: device, DeleteOnTermination = false } = attachment ?? {};
    return device !== undefined && DeleteOnTermination === on ? [{ volumeId: VolumeId, device }] : [];
  });
}

async function setDeletion(
  aws: AwsClients,
  InstanceId: string,
  volumes: readonly Going[],
  DeleteOnTermination: boolean,
): Promise<void> {
  await aws.ec2.modifyInstanceAttribute({
    InstanceId,
    BlockDeviceMappings: volumes.map(({ device }) => ({ DeviceName: device, Ebs: { DeleteOnTermination } })),
  });
}

async function letGo({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const kept = undone as unknown as readonly Going[];
  const staying = await going(aws, subject.id, false);
  const back = kept.filter(({ volumeId, device }) =>
    staying.some((one) => one.volumeId === volumeId && one.device === device),
  );
  if (back.length > 0) await setDeletion(aws, subject.id, back, true);
  const ids = back.map(({ volumeId }) => volumeId);
  return done(
    ids,
    ids.length === 0 ? 'no volume is kept any more' : `${ids.join(', ')} go with the instance again`,
  );
}
