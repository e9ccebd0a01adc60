import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { attachedVolumes, describeInstance, isGone } from './instance.ts';

/** What the other actions need to know of the instance as it was found. */
export interface RecordedInstance {
  readonly instanceId: string;
  readonly vpcId: string;
  readonly volumeIds: readonly string[];
  readonly networkInterfaces: readonly { readonly id: string; readonly groupIds: readonly string[] }[];
}

export const recordInstance = defineAction({
  name: 'record-instance',
  title: 'Record the instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: [],
  permissions: [
    'ec2:DescribeInstances',
    'ec2:DescribeVolumes',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeInstanceAttribute',
    'ec2:GetConsoleOutput',
  ],
  about: {
    precondition: 'EC2 still knows the instance; one that is gone stops the playbook',
    effect:
      'writes what EC2 says of the instance, its volumes, groups, profile, user data and console into the case',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id}: description, volumes, security groups, role, user data, console output`,
  async run({ aws, subject, caseFile }) {
    const instance = await describeInstance(aws, subject.id);
    if (instance === undefined || isGone(instance)) {
      return { status: 'ask', reason: `${subject.id} is gone already; there is nothing left to record` };
    }
    const volumes = await attachedVolumes(aws, subject.id);
    const networkInterfaces = (instance.NetworkInterfaces ?? []).map(({ NetworkInterfaceId, Groups }) => ({
      id: NetworkInterfaceId ?? '',
      groupIds: (Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
    }));
    const groupIds = [...new Set(networkInterfaces.flatMap((networkInterface) => networkInterface.groupIds))];
    const groups = await aws.ec2.describeSecurityGroups({ GroupIds: groupIds });
    const userData = await aws.ec2.describeInstanceAttribute({
      InstanceId: subject.id,
      Attribute: 'userData',
    });
    const console = await aws.ec2.getConsoleOutput({ InstanceId: subject.id });

    caseFile.writeJson('instance.json', toJson(instance));
    caseFile.writeJson('volumes.json', toJson(volumes));
    caseFile.writeJson('security-groups.json', toJson(groups.SecurityGroups));
    caseFile.writeJson('instance-profile.json', toJson(instance.IamInstanceProfile));
    caseFile.write('user-data', Buffer.from(userData.UserData?.Value ?? '', 'base64'));
    caseFile.write('console-output.txt', Buffer.from(console.Output ?? '', 'base64'));

    const recorded: RecordedInstance = {
      instanceId: subject.id,
      vpcId: instance.VpcId ?? '',
      volumeIds: volumes.map(({ VolumeId }) => VolumeId ?? ''),
      networkInterfaces,
    };
    return done(
      toJson(recorded),
      `${subject.id}: ${[...volumes.map(({ VolumeId }) => VolumeId), ...networkInterfaces.map(({ id }) => id), ...groupIds].join(', ')}`,
    );
  },
});

/** The instance as {@link recordInstance} found it. */
export function recordedInstance(output: unknown): RecordedInstance {
  if (output === undefined) throw new Error('record-instance must come first in the playbook');
  return output as RecordedInstance;
}
