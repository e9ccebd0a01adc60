import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
  Tag,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, type SimulatedSnapshot, tagsOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_INSTANCE, NO_SNAPSHOT, NO_VOLUME, named, one, page } from './query.ts';

function shown(account: Account, { snapshot, createdAt, fails }: SimulatedSnapshot): Snapshot {
  const progress = Math.min(1, (account.clock.now() - createdAt) / account.settings.snapshotDuration);
  const state = progress < 1 ? 'pending' : fails ? 'error' : 'completed';
  return {
    ...snapshot,
    State: state,
    Progress: `${Math.floor((fails ? Math.min(progress, 0.6) : progress) * 100)}%`,
    ...(state === 'error' ? { StateMessage: 'Given key ID is not accessible' } : {}),
    Tags: tagsOf(account, snapshot.SnapshotId ?? ''),
  };
}

function create(
  account: Account,
  volumeId: string,
  description: string | undefined,
  tags: readonly Tag[],
): SimulatedSnapshot {
  const volume = one(account.volumes, volumeId, NO_VOLUME);
  const createdAt = account.clock.now();
  const snapshot: Snapshot = {
    SnapshotId: account.newId('snap'),
    VolumeId: volumeId,
    VolumeSize: volume.Size,
    OwnerId: account.id,
    Encrypted: volume.Encrypted,
    StartTime: new Date(createdAt),
    Description: description ?? '',
  };
  const simulated = { snapshot, createdAt, fails: account.failingVolumes.has(volumeId) };
  account.snapshots.set(snapshot.SnapshotId ?? '', simulated);
  putTags(account, snapshot.SnapshotId ?? '', tags);
  return simulated;
}

export function createSnapshot(account: Account, input: CreateSnapshotRequest): Snapshot {
  return shown(
    account,
    create(
      account,
      input.VolumeId ?? '',
      input.Description,
      requestedTags(input.TagSpecifications, 'snapshot'),
    ),
  );
}

export function createSnapshots(account: Account, input: CreateSnapshotsRequest): CreateSnapshotsResult {
  const { InstanceId, ExcludeBootVolume, ExcludeDataVolumeIds } = input.InstanceSpecification ?? {};
  const { instance, ending } = one(account.instances, InstanceId, NO_INSTANCE);
  if (ending?.to === 'terminated')
    throw new AwsError('IncorrectInstanceState', `The instance '${InstanceId}' is not in a valid state`);
  const volumes = [...account.volumes.values()].filter(({ VolumeId, Attachments }) => {
    const attachment = Attachments?.find((one) => one.InstanceId === InstanceId);
    if (attachment === undefined || ExcludeDataVolumeIds?.includes(VolumeId ?? '')) return false;
    return !(ExcludeBootVolume && attachment.Device === instance.RootDeviceName);
  });
  const tags = requestedTags(input.TagSpecifications, 'snapshot');
  const Snapshots = volumes.map(({ VolumeId = '' }) => {
    const copied = input.CopyTagsFromSource === 'volume' ? tagsOf(account, VolumeId) : [];
    const { State, ...snapshot } = shown(
      account,
      create(account, VolumeId, input.Description, [...copied, ...tags]),
    );
    return { ...snapshot, State };
  });
  return { Snapshots };
}

export function describeSnapshots(
  account: Account,
  input: DescribeSnapshotsRequest,
): DescribeSnapshotsResult {
  const visible = named(account.snapshots, input.SnapshotIds, NO_SNAPSHOT)
    .filter(({ createdAt }) => account.clock.now() - createdAt >= account.settings.visibilityLag)
    .map((simulated) => shown(account, simulated));
  const found = filtered(
    visible,
    input.Filters,
    {
      'snapshot-id': ({ SnapshotId }) => [SnapshotId],
      'volume-id': ({ VolumeId }) => [VolumeId],
      status: ({ State }) => [State],
    },
    ({ Tags }) => Tags ?? [],
  );
  const { items, NextToken } = page(found, input);
  return { Snapshots: items, ...(NextToken ? { NextToken } : {}) };
}
