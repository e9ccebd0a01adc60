import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceStateName,
  RunInstancesRequest,
  StateReason,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedInstance, tagsOf } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { keyArn } from './encryption.ts';
import { associateProfile, profileOf } from './instance-profiles.ts';
import { createInterface } from './network-interfaces.ts';
import { filtered, NO_INSTANCE, named, one, page } from './query.ts';
import { createVolume } from './volumes.ts';

export const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};
/** How long EC2 still shows an instance after its end, milliseconds. */
const VISIBLE_AFTER_END = 3_600_000;

export function stateOf(account: Account, { ending, startedAt }: SimulatedInstance): InstanceStateName {
  if (ending === undefined) {
    const since = account.clock.now() - (startedAt ?? Number.NEGATIVE_INFINITY);
    return since < account.settings.stateChangeDuration ? 'pending' : 'running';
  }
  if (account.clock.now() - ending.at >= account.settings.stateChangeDuration) return ending.to;
  return ending.to === 'terminated' ? 'shutting-down' : 'stopping';
}

/** What only time brings about: volumes and interfaces of a terminated instance go. */
export function settleInstances(account: Account): void {
  for (const [id, simulated] of account.instances) {
    if (stateOf(account, simulated) !== 'terminated') continue;
    for (const volume of account.volumes.values()) {
      const attachment = volume.Attachments?.find(({ InstanceId }) => InstanceId === id);
      if (attachment === undefined) continue;
      if (attachment.DeleteOnTermination) account.volumes.delete(volume.VolumeId ?? '');
      else Object.assign(volume, { Attachments: [], State: 'available' });
    }
    for (const [interfaceId, { Attachment }] of account.networkInterfaces) {
      if (Attachment?.InstanceId === id) account.networkInterfaces.delete(interfaceId);
    }
    if (account.clock.now() - (simulated.ending?.at ?? 0) > VISIBLE_AFTER_END) account.instances.delete(id);
  }
}

export function shownInstance(account: Account, simulated: SimulatedInstance): Instance {
  const { instance } = simulated;
  const id = instance.InstanceId ?? '';
  const name = stateOf(account, simulated);
  const interfaces = [...account.networkInterfaces.values()].filter(
    ({ Attachment }) => Attachment?.InstanceId === id,
  );
  const volumes = [...account.volumes.values()].filter(
    ({ Attachments }) => Attachments?.[0]?.InstanceId === id,
  );
  return {
    ...instance,
    ...profileOf(account, id),
    State: { Name: name, Code: STATE_CODES[name] },
    ...(simulated.ending === undefined ? {} : { StateReason: reasonOf(simulated.ending) }),
    NetworkInterfaces: interfaces.map(({ Attachment, ...networkInterface }) => ({
      ...networkInterface,
      Attachment: { AttachmentId: Attachment?.AttachmentId, DeviceIndex: 0, Status: 'attached' },
    })) as Instance['NetworkInterfaces'],
    SecurityGroups: interfaces[0]?.Groups ?? [],
    BlockDeviceMappings: volumes.map(({ VolumeId, Attachments }) => ({
      DeviceName: Attachments?.[0]?.Device,
      Ebs: { VolumeId, DeleteOnTermination: Attachments?.[0]?.DeleteOnTermination, Status: 'attached' },
    })),
    Tags: tagsOf(account, id),
  };
}

function reasonOf({ to, hibernates }: NonNullable<SimulatedInstance['ending']>): StateReason {
  const Code = hibernates ? 'Client.UserInitiatedHibernate' : 'Client.UserInitiatedShutdown';
  return {
    Code,
    Message: `${Code}: User initiated ${to === 'stopped' && hibernates ? 'hibernate' : 'shutdown'}`,
  };
}

export function runInstances(account: Account, input: RunInstancesRequest) {
  const count = input.MaxCount ?? 1;
  if (count < 1 || (input.MinCount ?? 1) > count) throw badParameter('MinCount and MaxCount do not fit');
  const subnet = one(account.subnets, input.SubnetId ?? [...account.subnets.keys()][0], {
    code: 'InvalidSubnetID.NotFound',
    what: 'subnet',
  });
  const ReservationId = account.newId('r');
  const instances = Array.from({ length: count }, () => {
    const InstanceId = account.newId('i');
    const networkInterface = createInterface(
      account,
      subnet,
      InstanceId,
      input.SecurityGroupIds ?? [],
      input.PrivateIpAddress,
    );
    const instance: Instance = {
      InstanceId,
      ImageId: input.ImageId ?? 'ami-0c101f26f147fa7fd',
      InstanceType: input.InstanceType ?? 't3.micro',
      LaunchTime: new Date(account.clock.now()),
      PrivateIpAddress: networkInterface.PrivateIpAddress,
      VpcId: subnet.vpcId,
      SubnetId: subnet.id,
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      Placement: { AvailabilityZone: input.Placement?.AvailabilityZone ?? `${account.region}a` },
      ...(input.HibernationOptions?.Configured ? { HibernationOptions: { Configured: true } } : {}),
    };
    account.instances.set(InstanceId, {
      instance,
      userData: input.UserData ?? '',
      consoleOutput: '',
      terminationProtected: input.DisableApiTermination ?? false,
      stopProtected: input.DisableApiStop ?? false,
    });
    if (input.IamInstanceProfile !== undefined)
      associateProfile(account, InstanceId, input.IamInstanceProfile);
    const mappings = input.BlockDeviceMappings?.length
      ? input.BlockDeviceMappings
      : [{ DeviceName: '/dev/xvda', Ebs: {} }];
    for (const { DeviceName, Ebs } of mappings) {
      createVolume(account, {
        Size: Ebs?.VolumeSize ?? 8,
        attach: {
          InstanceId,
          Device: DeviceName ?? '/dev/xvda',
          DeleteOnTermination: Ebs?.DeleteOnTermination ?? true,
        },
        tags: requestedTags(input.TagSpecifications, 'volume'),
        ...(Ebs?.Encrypted ? { key: keyArn(account, Ebs.KmsKeyId) } : {}),
        ...(input.Placement?.AvailabilityZone ? { zone: input.Placement.AvailabilityZone } : {}),
      });
    }
    putTags(account, InstanceId, requestedTags(input.TagSpecifications, 'instance'));
    return shownInstance(account, account.instances.get(InstanceId) as SimulatedInstance);
  });
  return { ReservationId, OwnerId: account.id, Instances: instances };
}

export function describeInstances(
  account: Account,
  input: DescribeInstancesRequest,
): DescribeInstancesResult {
  if (input.MaxResults !== undefined && input.InstanceIds?.length) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  for (const id of input.InstanceIds ?? []) {
    if (!/^i-[0-9a-f]{8,17}$/.test(id))
      throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
  }
  const all = named(account.instances, input.InstanceIds, NO_INSTANCE).map((simulated) =>
    shownInstance(account, simulated),
  );
  const found = filtered(
    all,
    input.Filters,
    {
      'instance-id': ({ InstanceId }) => [InstanceId],
      'instance-state-name': ({ State }) => [State?.Name],
      'private-ip-address': ({ NetworkInterfaces }) =>
        (NetworkInterfaces ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
      'network-interface.network-interface-id': ({ NetworkInterfaces }) =>
        (NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
      'vpc-id': ({ VpcId }) => [VpcId],
      'subnet-id': ({ SubnetId }) => [SubnetId],
    },
    ({ Tags }) => Tags ?? [],
  );
  const { items, NextToken } = page(found, input);
  const Reservations = items.map((instance) => ({
    ReservationId: `r-${instance.InstanceId?.slice(2)}`,
    OwnerId: account.id,
    Instances: [instance],
  }));
  return { Reservations, ...(NextToken ? { NextToken } : {}) };
}
