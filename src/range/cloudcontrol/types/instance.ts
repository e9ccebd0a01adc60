import type { Instance } from '@aws-sdk/client-ec2';
import { EC2 } from '../../ec2.ts';
import { perform } from '../../perform.ts';
import { applyChanges, present, type Setter, unless } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

const GONE = ['shutting-down', 'terminated'];
const isTrue = (value: unknown): boolean => value === true || value === 'true';

const SETTERS: Readonly<Record<string, Setter>> = {
  SecurityGroupIds(account, InstanceId, after) {
    if (after !== undefined) perform(account, EC2, 'ModifyInstanceAttribute', { InstanceId, Groups: after });
  },
  DisableApiTermination(account, InstanceId, after) {
    const DisableApiTermination = { Value: isTrue(after) };
    perform(account, EC2, 'ModifyInstanceAttribute', { InstanceId, DisableApiTermination });
  },
  Tags(account, InstanceId, after, before) {
    const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
    const Resources = [InstanceId];
    if (put.length > 0) perform(account, EC2, 'CreateTags', { Resources, Tags: put });
    if (remove.length > 0)
      perform(account, EC2, 'DeleteTags', { Resources, Tags: remove.map((Key) => ({ Key })) });
  },
};

/** Source: AWS CloudFormation Template Reference, "AWS::EC2::Instance". */
export const INSTANCE: ResourceType = {
  replacement: [
    'ImageId',
    'InstanceType',
    'SubnetId',
    'PrivateIpAddress',
    'UserData',
    'BlockDeviceMappings',
    'IamInstanceProfile',
  ],
  readOnly: ['InstanceId', 'PrivateIp', 'VpcId', 'State'],
  create(account, properties) {
    const { ImageId, InstanceType, SubnetId, PrivateIpAddress, UserData, SecurityGroupIds, Tags } =
      properties;
    const { BlockDeviceMappings, IamInstanceProfile: Name, DisableApiTermination } = properties;
    const { Instances } = perform<{ Instances: Instance[] }>(account, EC2, 'RunInstances', {
      MinCount: 1,
      MaxCount: 1,
      ...present({
        ImageId,
        InstanceType,
        SubnetId,
        PrivateIpAddress,
        UserData,
        SecurityGroupIds,
        BlockDeviceMappings,
      }),
      ...(Name === undefined ? {} : { IamInstanceProfile: { Name } }),
      ...(Tags === undefined ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
      ...(DisableApiTermination === undefined
        ? {}
        : { DisableApiTermination: isTrue(DisableApiTermination) }),
    });
    const [{ InstanceId = '', PrivateIpAddress: PrivateIp, VpcId } = {}] = Instances;
    return { physicalId: InstanceId, attributes: { InstanceId, PrivateIp, VpcId } };
  },
  update(account, id, after, before) {
    applyChanges(SETTERS, account, id, { before, after });
  },
  delete(account, id) {
    perform(account, EC2, 'TerminateInstances', { InstanceIds: [id] });
  },
  read(account, id): Properties | undefined {
    const found = unless(/^InvalidInstanceID\./, () =>
      perform<{ Reservations: { Instances: Instance[] }[] }>(account, EC2, 'DescribeInstances', {
        InstanceIds: [id],
      }),
    );
    const instance = found?.Reservations[0]?.Instances[0];
    if (instance === undefined || GONE.includes(instance.State?.Name ?? '')) return undefined;
    const { DisableApiTermination } = perform<{ DisableApiTermination: { Value: boolean } }>(
      account,
      EC2,
      'DescribeInstanceAttribute',
      { InstanceId: id, Attribute: 'disableApiTermination' },
    );
    const { State, PrivateIpAddress, SecurityGroups = [], BlockDeviceMappings = [] } = instance;
    return present({
      InstanceId: id,
      ImageId: instance.ImageId,
      InstanceType: instance.InstanceType,
      SubnetId: instance.SubnetId,
      VpcId: instance.VpcId,
      PrivateIp: PrivateIpAddress,
      PrivateIpAddress,
      State: { Code: String(State?.Code), Name: State?.Name },
      SecurityGroupIds: SecurityGroups.map(({ GroupId }) => GroupId),
      IamInstanceProfile: instance.IamInstanceProfile?.Arn?.split('/').at(-1),
      DisableApiTermination: DisableApiTermination.Value,
      BlockDeviceMappings: BlockDeviceMappings.map(({ DeviceName, Ebs }) => ({
        DeviceName,
        Ebs: { DeleteOnTermination: Ebs?.DeleteOnTermination },
      })),
      ...tagProperty(instance.Tags ?? []),
    });
  },
  list: (account) =>
    [...account.instances].flatMap(([id, { ending }]) => (ending?.to === 'terminated' ? [] : [id])),
};
