import type {
  CreateImageRequest,
  CreateImageResult,
  DescribeImageAttributeRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
  ImageAttribute,
  ModifyImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, tagsOf } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { managedKeyOf } from './encryption.ts';
import { filtered, NO_INSTANCE, one, page } from './query.ts';
import { EVERYBODY, permissionsOf, share, sharedWith, sharingChange } from './sharing.ts';
import { createSnapshots } from './snapshots.ts';

/** The account's own images (AMIs), by their ids. */
export const imagesOf = accountState(() => new Map<string, Image>());

function image(account: Account, id: string | undefined): Image {
  const found = imagesOf(account).get(id ?? '');
  if (found === undefined)
    throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return found;
}

export function createImage(account: Account, input: CreateImageRequest): CreateImageResult {
  const { instance } = one(account.instances, input.InstanceId, NO_INSTANCE);
  const images = imagesOf(account);
  const same = [...images.values()].find(({ Name }) => Name === input.Name);
  if (same !== undefined)
    throw new AwsError(
      'InvalidAMIName.Duplicate',
      `AMI name ${input.Name} is already in use by AMI ${same.ImageId}`,
    );
  const { Snapshots = [] } = createSnapshots(account, {
    InstanceSpecification: { InstanceId: input.InstanceId },
    Description: `Created by CreateImage(${input.InstanceId})`,
    ...(input.TagSpecifications === undefined ? {} : { TagSpecifications: input.TagSpecifications }),
  });
  const ImageId = account.newId('ami');
  const device = (volumeId: string | undefined): string | undefined =>
    account.volumes.get(volumeId ?? '')?.Attachments?.[0]?.Device;
  images.set(ImageId, {
    ImageId,
    Name: input.Name,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    OwnerId: account.id,
    ImageLocation: `${account.id}/${input.Name}`,
    ImageType: 'machine',
    Architecture: 'x86_64',
    RootDeviceType: 'ebs',
    RootDeviceName: instance.RootDeviceName,
    VirtualizationType: 'hvm',
    State: 'available',
    CreationDate: new Date(account.clock.now()).toISOString(),
    BlockDeviceMappings: Snapshots.map(({ SnapshotId, VolumeId, VolumeSize, Encrypted }) => ({
      DeviceName: device(VolumeId),
      Ebs: { SnapshotId, VolumeSize, Encrypted, DeleteOnTermination: true },
    })),
  });
  putTags(account, ImageId, requestedTags(input.TagSpecifications, 'image'));
  return { ImageId };
}

export function describeImages(account: Account, input: DescribeImagesRequest): DescribeImagesResult {
  const own = [undefined, 'self', account.id];
  const wanted = input.ImageIds?.length
    ? input.ImageIds.map((id) => image(account, id))
    : [...imagesOf(account).values()];
  const listed = wanted
    .filter(() => !input.Owners?.length || input.Owners.some((owner) => own.includes(owner)))
    .filter(
      ({ ImageId = '' }) =>
        !input.ExecutableUsers?.length ||
        input.ExecutableUsers.some((user) => user === 'self' || sharedWith(account, ImageId).has(user)),
    )
    .map((one) => shown(account, one));
  const found = filtered(
    listed,
    input.Filters,
    {
      'image-id': ({ ImageId }) => [ImageId],
      name: ({ Name }) => [Name],
      'is-public': ({ Public }) => [String(Public)],
      state: ({ State }) => [State],
      'owner-id': ({ OwnerId }) => [OwnerId],
      'block-device-mapping.snapshot-id': ({ BlockDeviceMappings }) =>
        (BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.SnapshotId),
    },
    ({ Tags }) => Tags ?? [],
  );
  const { items, NextToken } = page(found, input);
  return { Images: items, ...(NextToken ? { NextToken } : {}) };
}

function shown(account: Account, one: Image): Image {
  const id = one.ImageId ?? '';
  return { ...one, Public: sharedWith(account, id).has(EVERYBODY), Tags: tagsOf(account, id) };
}

/** Source: Amazon EC2 User Guide, "Understand shared AMI usage in Amazon EC2". */
export function modifyImageAttribute(
  account: Account,
  input: ModifyImageAttributeRequest,
): Record<string, never> {
  const { ImageId = '', BlockDeviceMappings = [], ...rest } = image(account, input.ImageId);
  if (input.Description?.Value !== undefined) {
    const Description = input.Description.Value;
    imagesOf(account).set(ImageId, { ImageId, BlockDeviceMappings, ...rest, Description });
    return {};
  }
  if ((input.Attribute ?? 'launchPermission') !== 'launchPermission')
    throw badParameter(`Value (${input.Attribute}) for parameter attribute is not simulated`);
  const change = sharingChange({
    change: input.LaunchPermission,
    operation: input.OperationType,
    users: input.UserIds,
    groups: input.UserGroups,
  });
  const snapshots = BlockDeviceMappings.map(({ Ebs }) => account.snapshots.get(Ebs?.SnapshotId ?? ''));
  const managed = managedKeyOf(account);
  if (change.add.length > 0 && snapshots.some((one) => one?.snapshot.KmsKeyId === managed))
    throw new AwsError(
      'InvalidParameter',
      "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
    );
  share(account, ImageId, change);
  return {};
}

export function describeImageAttribute(
  account: Account,
  { ImageId, Attribute }: DescribeImageAttributeRequest,
): ImageAttribute {
  const { Description } = image(account, ImageId);
  switch (Attribute) {
    case 'launchPermission':
      return { ImageId, LaunchPermissions: permissionsOf(account, ImageId ?? '') };
    case 'description':
      return { ImageId, Description: Description === undefined ? {} : { Value: Description } };
    default:
      throw badParameter(`Value (${Attribute}) for parameter attribute is not simulated`);
  }
}
