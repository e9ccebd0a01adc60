import type {
  DescribeInstanceAttributeCommandOutput,
  DescribeInstanceAttributeRequest,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  Instance,
  InstanceStateChange,
  InstanceStateName,
  ModifyInstanceAttributeRequest,
  RunInstancesRequest,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedInstance, tagsOf } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { keyArn } from './encryption.ts';
import { createInterface, groupIdentifiers } from './network-interfaces.ts';
import { filtered, NO_INSTANCE, named, one, page } from './query.ts';
import { createVolume } from './volumes.ts';

const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};
/** How long EC2 still shows an instance after its end, milliseconds. */
const VISIBLE_AFTER_END = 3_600_000;

function stateOf(account: Account, { ending }: SimulatedInstance): InstanceStateName {
  if (ending === undefined) return 'running';
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

function shown(account: Account, simulated: SimulatedInstance): Instance {
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
    State: { Name: name, Code: STATE_CODES[name] },
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
      ...(input.IamInstanceProfile
        ? {
            IamInstanceProfile: {
              Arn: profileArn(account, input.IamInstanceProfile.Name),
              Id: account.newId('AIPA'),
            },
          }
        : {}),
    };
    account.instances.set(InstanceId, {
      instance,
      userData: input.UserData ?? '',
      consoleOutput: '',
      terminationProtected: input.DisableApiTermination ?? false,
    });
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
    return shown(account, account.instances.get(InstanceId) as SimulatedInstance);
  });
  return { ReservationId, OwnerId: account.id, Instances: instances };
}

function profileArn(account: Account, name: string | undefined): string {
  return `arn:aws:iam::${account.id}:instance-profile/${name ?? ''}`;
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
    shown(account, simulated),
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

export function describeInstanceAttribute(
  account: Account,
  { InstanceId, Attribute }: DescribeInstanceAttributeRequest,
): Omit<DescribeInstanceAttributeCommandOutput, '$metadata'> {
  const simulated = one(account.instances, InstanceId, NO_INSTANCE);
  switch (Attribute) {
    case 'userData':
      return { InstanceId, UserData: simulated.userData === '' ? {} : { Value: simulated.userData } };
    case 'disableApiTermination':
      return { InstanceId, DisableApiTermination: { Value: simulated.terminationProtected } };
    case 'groupSet':
      return { InstanceId, Groups: shown(account, simulated).SecurityGroups ?? [] };
    default:
      throw badParameter(`Value (${Attribute}) for parameter attribute is not simulated`);
  }
}

export function modifyInstanceAttribute(
  account: Account,
  input: ModifyInstanceAttributeRequest,
): Record<string, never> {
  const simulated = one(account.instances, input.InstanceId, NO_INSTANCE);
  if (input.DisableApiTermination?.Value !== undefined)
    simulated.terminationProtected = input.DisableApiTermination.Value;
  if (input.Groups !== undefined) {
    const [primary] = [...account.networkInterfaces.values()].filter(
      ({ Attachment }) => Attachment?.InstanceId === input.InstanceId,
    );
    if (primary !== undefined) primary.Groups = groupIdentifiers(account, input.Groups);
  }
  return {};
}

export function getConsoleOutput(
  account: Account,
  { InstanceId }: GetConsoleOutputRequest,
): GetConsoleOutputResult {
  const { consoleOutput } = one(account.instances, InstanceId, NO_INSTANCE);
  return {
    InstanceId,
    Timestamp: new Date(account.clock.now()),
    Output: Buffer.from(consoleOutput).toString('base64'),
  };
}

export function terminateInstances(
  account: Account,
  { InstanceIds }: TerminateInstancesRequest,
): TerminateInstancesResult {
  const wanted = named(account.instances, InstanceIds, NO_INSTANCE);
  for (const { instance, terminationProtected } of wanted) {
    if (terminationProtected) {
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${instance.InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
  }
  return { TerminatingInstances: wanted.map((simulated) => end(account, simulated, 'terminated')) };
}

export function stopInstances(account: Account, { InstanceIds }: StopInstancesRequest): StopInstancesResult {
  const wanted = named(account.instances, InstanceIds, NO_INSTANCE);
  for (const simulated of wanted) {
    if (simulated.ending?.to === 'terminated') {
      throw new AwsError(
        'IncorrectInstanceState',
        `This instance '${simulated.instance.InstanceId}' is not in a state from which it can be stopped.`,
      );
    }
  }
  return { StoppingInstances: wanted.map((simulated) => end(account, simulated, 'stopped')) };
}

function end(
  account: Account,
  simulated: SimulatedInstance,
  to: 'terminated' | 'stopped',
): InstanceStateChange {
  const before = stateOf(account, simulated);
  if (simulated.ending?.to !== to) simulated.ending = { to, at: account.clock.now() };
  const after = stateOf(account, simulated);
  return {
    InstanceId: simulated.instance.InstanceId,
    PreviousState: { Name: before, Code: STATE_CODES[before] },
    CurrentState: { Name: after, Code: STATE_CODES[after] },
  };
}
