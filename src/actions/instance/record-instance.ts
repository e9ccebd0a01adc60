import type { Instance, NetworkAcl, Volume } from '@aws-sdk/client-ec2';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { attachedVolumes, describeInstance, isGone } from './instance.ts';
import { describeAcls, type RecordedAcl, recordedAcl } from './network-acl.ts';

/**
 * What the other actions need to know of the instance as it was found: what is not written down before
 * anything is changed cannot be put back.
 */
export interface RecordedInstance {
  readonly instanceId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  /** As EC2 names it, e.g. `running`. */
  readonly state: string;
  readonly volumeIds: readonly string[];
  readonly volumes: readonly RecordedVolume[];
  readonly networkInterfaces: readonly RecordedInterface[];
  /** Of the subnets that it is in. */
  readonly networkAcls: readonly RecordedAcl[];
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of its instance profile. */
  readonly instanceProfile?: string;
  readonly terminationProtected: boolean;
  readonly launch: RecordedLaunch;
}

export interface RecordedVolume {
  readonly id: string;
  readonly device: string;
  readonly availabilityZone: string;
  readonly type: string;
  readonly deleteOnTermination: boolean;
  readonly encrypted: boolean;
  /** ARN of the KMS key that encrypts it. */
  readonly kmsKeyId?: string;
}

export interface RecordedInterface {
  readonly id: string;
  readonly groupIds: readonly string[];
  readonly subnetId: string;
  readonly addresses: readonly string[];
}

/** What an instance like it is launched with. */
export interface RecordedLaunch {
  readonly instanceType: string;
  readonly architecture: string;
  readonly virtualizationType: string;
  readonly rootDeviceName: string;
  readonly subnetId: string;
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
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeInstanceAttribute',
    'ec2:GetConsoleOutput',
  ],
  about: {
    precondition: 'EC2 still knows the instance; one that is gone stops the playbook',
    effect:
      'writes what EC2 says of the instance, its volumes, groups, network ACLs, profile, user data and console into the case',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) =>
    `record ${id}: description, volumes, security groups, network ACLs, role, user data, console output`,
  async run({ aws, subject, caseFile }) {
    const instance = await describeInstance(aws, subject.id);
    if (instance === undefined || isGone(instance)) {
      return { status: 'ask', reason: `${subject.id} is gone already; there is nothing left to record` };
    }
    const volumes = await attachedVolumes(aws, subject.id);
    const interfaces = interfacesOf(instance);
    const groupIds = [...new Set(interfaces.flatMap((networkInterface) => networkInterface.groupIds))];
    const groups = await aws.ec2.describeSecurityGroups({ GroupIds: groupIds });
    const acls = await describeAcls(
      aws,
      interfaces.map(({ subnetId }) => subnetId),
    );
    const InstanceId = subject.id;
    const userData = await aws.ec2.describeInstanceAttribute({ InstanceId, Attribute: 'userData' });
    const protection = await aws.ec2.describeInstanceAttribute({
      InstanceId,
      Attribute: 'disableApiTermination',
    });
    const console = await aws.ec2.getConsoleOutput({ InstanceId });

    caseFile.writeJson('instance.json', toJson(instance));
    caseFile.writeJson('volumes.json', toJson(volumes));
    caseFile.writeJson('security-groups.json', toJson(groups.SecurityGroups));
    caseFile.writeJson('network-acls.json', toJson(acls));
    caseFile.writeJson('instance-profile.json', toJson(instance.IamInstanceProfile));
    caseFile.write('user-data', Buffer.from(userData.UserData?.Value ?? '', 'base64'));
    caseFile.write('console-output.txt', Buffer.from(console.Output ?? '', 'base64'));

    const recorded = recordOf(instance, { volumes, acls, interfaces });
    const terminationProtected = protection.DisableApiTermination?.Value ?? false;
    return done(
      toJson({ ...recorded, terminationProtected } satisfies RecordedInstance),
      `${subject.id}: ${[...recorded.volumeIds, ...interfaces.map(({ id }) => id), ...groupIds].join(', ')}`,
    );
  },
});

function interfacesOf({ NetworkInterfaces = [] }: Instance): RecordedInterface[] {
  return NetworkInterfaces.map(
    ({ NetworkInterfaceId, Groups, SubnetId, PrivateIpAddresses, Ipv6Addresses }) => ({
      id: NetworkInterfaceId ?? '',
      groupIds: (Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
      subnetId: SubnetId ?? '',
      addresses: [
        ...(PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress ?? ''),
        ...(Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address ?? ''),
      ],
    }),
  );
}

function recordOf(
  instance: Instance,
  found: {
    readonly volumes: readonly Volume[];
    readonly acls: readonly NetworkAcl[];
    readonly interfaces: readonly RecordedInterface[];
  },
): Omit<RecordedInstance, 'terminationProtected'> {
  const instanceId = instance.InstanceId ?? '';
  const profile = instance.IamInstanceProfile?.Arn;
  return {
    instanceId,
    vpcId: instance.VpcId ?? '',
    availabilityZone: instance.Placement?.AvailabilityZone ?? '',
    state: instance.State?.Name ?? '',
    volumeIds: found.volumes.map(({ VolumeId }) => VolumeId ?? ''),
    volumes: found.volumes.map((volume) => recordedVolume(volume, instanceId)),
    networkInterfaces: found.interfaces,
    networkAcls: found.acls.map(recordedAcl),
    tags: Object.fromEntries((instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(profile === undefined ? {} : { instanceProfile: profile }),
    launch: {
      instanceType: instance.InstanceType ?? '',
      architecture: instance.Architecture ?? 'x86_64',
      virtualizationType: instance.VirtualizationType ?? 'hvm',
      rootDeviceName: instance.RootDeviceName ?? '',
      subnetId: instance.SubnetId ?? '',
    },
  };
}

function recordedVolume(volume: Volume, instanceId: string): RecordedVolume {
  const attachment = volume.Attachments?.find(({ InstanceId }) => InstanceId === instanceId);
  return {
    id: volume.VolumeId ?? '',
    device: attachment?.Device ?? '',
    availabilityZone: volume.AvailabilityZone ?? '',
    type: volume.VolumeType ?? '',
    deleteOnTermination: attachment?.DeleteOnTermination ?? false,
    encrypted: volume.Encrypted ?? false,
    ...(volume.KmsKeyId === undefined ? {} : { kmsKeyId: volume.KmsKeyId }),
  };
}

/** The instance as {@link recordInstance} found it. */
export function recordedInstance(output: unknown): RecordedInstance {
  if (output === undefined) throw new Error('record-instance must come first in the playbook');
  return output as RecordedInstance;
}
