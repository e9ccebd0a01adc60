import type { DescribeVolumesRequest, DescribeVolumesResult, Tag, Volume } from '@aws-sdk/client-ec2';
import { type Account, putTags, tagsOf } from '../account.ts';
import { filtered, NO_VOLUME, named, page } from './query.ts';

interface NewVolume {
  /** GiB. */
  readonly Size: number;
  readonly attach: {
    readonly InstanceId: string;
    readonly Device: string;
    readonly DeleteOnTermination: boolean;
  };
  readonly tags: readonly Tag[];
  /** The ARN of the KMS key that encrypts it. */
  readonly key?: string;
  readonly zone?: string;
}

export function createVolume(account: Account, { Size, attach, tags, key, zone }: NewVolume): Volume {
  const VolumeId = account.newId('vol');
  const CreateTime = new Date(account.clock.now());
  const volume: Volume = {
    VolumeId,
    Size,
    VolumeType: 'gp3',
    Encrypted: key !== undefined,
    ...(key === undefined ? {} : { KmsKeyId: key }),
    State: 'in-use',
    AvailabilityZone: zone ?? `${account.region}a`,
    CreateTime,
    Attachments: [{ ...attach, VolumeId, State: 'attached', AttachTime: CreateTime }],
  };
  account.volumes.set(VolumeId, volume);
  putTags(account, VolumeId, tags);
  return volume;
}

export function describeVolumes(account: Account, input: DescribeVolumesRequest): DescribeVolumesResult {
  const found = filtered(
    named(account.volumes, input.VolumeIds, NO_VOLUME),
    input.Filters,
    {
      'volume-id': ({ VolumeId }) => [VolumeId],
      'attachment.instance-id': ({ Attachments }) => (Attachments ?? []).map(({ InstanceId }) => InstanceId),
      status: ({ State }) => [State],
    },
    ({ VolumeId }) => tagsOf(account, VolumeId ?? ''),
  );
  const { items, NextToken } = page(found, input);
  return {
    Volumes: items.map((volume) => ({ ...volume, Tags: tagsOf(account, volume.VolumeId ?? '') })),
    ...(NextToken ? { NextToken } : {}),
  };
}
