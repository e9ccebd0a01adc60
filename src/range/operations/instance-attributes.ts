import type {
  DescribeInstanceAttributeCommandOutput,
  DescribeInstanceAttributeRequest,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { shownInstance } from './instances.ts';
import { groupIdentifiers } from './network-interfaces.ts';
import { NO_INSTANCE, one } from './query.ts';

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
    case 'disableApiStop':
      return { InstanceId, DisableApiStop: { Value: simulated.stopProtected ?? false } };
    case 'groupSet':
      return { InstanceId, Groups: shownInstance(account, simulated).SecurityGroups ?? [] };
    case 'blockDeviceMapping':
      return {
        InstanceId,
        BlockDeviceMappings: shownInstance(account, simulated).BlockDeviceMappings ?? [],
      };
    default:
      throw badParameter(`Value (${Attribute}) for parameter attribute is not simulated`);
  }
}

export function modifyInstanceAttribute(
  account: Account,
  input: ModifyInstanceAttributeRequest,
): Record<string, never> {
  const simulated = one(account.instances, input.InstanceId, NO_INSTANCE);
  const devices = (input.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => ({
    attachment: attachmentAt(account, input.InstanceId, DeviceName),
    goes: Ebs?.DeleteOnTermination,
  }));
  for (const { attachment, goes } of devices) if (goes !== undefined) attachment.DeleteOnTermination = goes;
  if (input.DisableApiTermination?.Value !== undefined)
    simulated.terminationProtected = input.DisableApiTermination.Value;
  if (input.DisableApiStop?.Value !== undefined) simulated.stopProtected = input.DisableApiStop.Value;
  if (input.Groups !== undefined) {
    const [primary] = [...account.networkInterfaces.values()].filter(
      ({ Attachment }) => Attachment?.InstanceId === input.InstanceId,
    );
    if (primary !== undefined) primary.Groups = groupIdentifiers(account, input.Groups);
  }
  return {};
}

function attachmentAt(account: Account, instanceId: string | undefined, device: string | undefined) {
  for (const { Attachments = [] } of account.volumes.values()) {
    const found = Attachments.find((one) => one.InstanceId === instanceId && one.Device === device);
    if (found !== undefined) return found;
  }
  throw new AwsError('InvalidInstanceAttributeValue', `No device is currently mapped at ${device}`);
}
