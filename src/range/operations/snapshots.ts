import type {
  CopySnapshotRequest,
  CopySnapshotResult,
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
import { inaccessibleKeys, keyArn } from './encryption.ts';
import { filtered, NO_INSTANCE, NO_SNAPSHOT, NO_VOLUME, named, one, page } from './query.ts';
import { sharedWith } from './sharing.ts';

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
    ...(volume.KmsKeyId === undefined ? {} : { KmsKeyId: volume.KmsKeyId }),
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

/**
 * A copy is encrypted if its original is, whatever is asked for, and has no volume: AWS gives it an id
 * that is not to be used. Source: Amazon EC2 API Reference, "CopySnapshot"; Amazon EBS User Guide,
 * "Copy an Amazon EBS snapshot".
 */
export function copySnapshot(account: Account, input: CopySnapshotRequest): CopySnapshotResult {
  const source = shown(account, one(account.snapshots, input.SourceSnapshotId, NO_SNAPSHOT));
  if (source.State === 'error')
    throw new AwsError(
      'InvalidParameterValue',
      `Snapshot (${input.SourceSnapshotId}) is in the error state and cannot be copied`,
    );
  if (input.KmsKeyId !== undefined && input.Encrypted !== true && source.Encrypted !== true)
    throw new AwsError('InvalidParameterDependency', 'KmsKeyId is given and the copy is not encrypted');
  const encrypted = source.Encrypted === true || input.Encrypted === true;
  const key = encrypted ? keyArn(account, input.KmsKeyId) : undefined;
  const SnapshotId = account.newId('snap');
  const createdAt = account.clock.now();
  const snapshot: Snapshot = {
    SnapshotId,
    VolumeId: 'vol-ffffffff',
    VolumeSize: source.VolumeSize,
    OwnerId: account.id,
    Encrypted: encrypted,
    ...(key === undefined ? {} : { KmsKeyId: key }),
    StartTime: new Date(createdAt),
    Description: input.Description ?? '',
  };
  const fails = key !== undefined && inaccessibleKeys(account).has(key);
  account.snapshots.set(SnapshotId, { snapshot, createdAt, fails });
  putTags(account, SnapshotId, requestedTags(input.TagSpecifications, 'snapshot'));
  return { SnapshotId, Tags: tagsOf(account, SnapshotId) };
}

export function describeSnapshots(
  account: Account,
  input: DescribeSnapshotsRequest,
): DescribeSnapshotsResult {
  const visible = named(account.snapshots, input.SnapshotIds, NO_SNAPSHOT)
    .filter(({ createdAt }) => account.clock.now() - createdAt >= account.settings.visibilityLag)
    .filter(({ snapshot }) => {
      const users = input.RestorableByUserIds ?? [];
      const shared = sharedWith(account, snapshot.SnapshotId ?? '');
      return users.length === 0 || users.some((user) => user === 'self' || shared.has(user));
    })
    .map((simulated) => shown(account, simulated));
  const found = filtered(
    visible,
    input.Filters,
    {
      'snapshot-id': ({ SnapshotId }) => [SnapshotId],
      'volume-id': ({ VolumeId }) => [VolumeId],
      status: ({ State }) => [State],
      encrypted: ({ Encrypted }) => [String(Encrypted)],
    },
    ({ Tags }) => Tags ?? [],
  );
  const { items, NextToken } = page(found, input);
  return { Snapshots: items, ...(NextToken ? { NextToken } : {}) };
}
