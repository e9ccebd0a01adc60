import { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { createHoneypot } from '../honeypot.ts';
import { startRange } from '../range.ts';
import { inaccessibleKeys, keyArn, managedKeyOf } from './encryption.ts';
import { createVolume } from './volumes.ts';

const FORENSICS = '999988887777';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

async function scene() {
  const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
  const range = await startRange({ clock });
  const ec2 = new EC2({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const { account } = range;
  const { instanceId } = createHoneypot(account);
  const snapshotOf = async (key?: string): Promise<string> => {
    const attach = { InstanceId: instanceId, Device: '/dev/sdg', DeleteOnTermination: true };
    const volume = createVolume(account, { Size: 4, attach, tags: [], ...(key ? { key } : {}) });
    return (await ec2.createSnapshot({ VolumeId: volume.VolumeId })).SnapshotId ?? '';
  };
  const shareSnapshot = (SnapshotId: string, UserId: string) =>
    ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission: { Add: [{ UserId }] } });
  const sharesOf = async (SnapshotId: string) =>
    (await ec2.describeSnapshotAttribute({ SnapshotId, Attribute: 'createVolumePermission' }))
      .CreateVolumePermissions;
  return {
    account,
    clock,
    ec2,
    instanceId,
    snapshotOf,
    shareSnapshot,
    sharesOf,
    async [Symbol.asyncDispose]() {
      ec2.destroy();
      await range.close();
    },
  };
}

describe('a snapshot', () => {
  it('is shared with accounts or everybody, and no longer', async () => {
    await using world = await scene();
    const { ec2, sharesOf } = world;
    const SnapshotId = await world.snapshotOf();
    await world.shareSnapshot(SnapshotId, FORENSICS);
    await ec2.modifySnapshotAttribute({
      SnapshotId,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      GroupNames: ['all'],
    });
    expect(await sharesOf(SnapshotId)).toEqual([{ UserId: FORENSICS }, { Group: 'all' }]);
    const { Snapshots } = await ec2.describeSnapshots({ RestorableByUserIds: ['all'] });
    expect(Snapshots?.map((one) => one.SnapshotId)).toEqual([SnapshotId]);
    await ec2.modifySnapshotAttribute({
      SnapshotId,
      OperationType: 'remove',
      UserIds: [FORENSICS],
      GroupNames: ['all'],
    });
    expect(await sharesOf(SnapshotId)).toEqual([]);
  });

  it('that the AWS managed key encrypts cannot be shared, and no encrypted one with everybody', async () => {
    await using world = await scene();
    const managed = await world.snapshotOf(managedKeyOf(world.account));
    const own = await world.snapshotOf(KEY);
    await expect(world.shareSnapshot(managed, FORENSICS)).rejects.toMatchObject({
      name: 'OperationNotPermitted',
      message: 'Encrypted snapshots with EBS default key cannot be shared',
    });
    await world.shareSnapshot(own, FORENSICS);
    expect(await world.sharesOf(own)).toEqual([{ UserId: FORENSICS }]);
    await expect(
      world.ec2.modifySnapshotAttribute({ SnapshotId: own, OperationType: 'add', GroupNames: ['all'] }),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
  });

  it('is shared only with accounts', async () => {
    await using world = await scene();
    const SnapshotId = await world.snapshotOf();
    await expect(world.shareSnapshot(SnapshotId, 'nobody')).rejects.toMatchObject({
      name: 'InvalidAMIAttributeItemValue',
    });
    await expect(world.shareSnapshot('snap-0000000000000000f', FORENSICS)).rejects.toMatchObject({
      name: 'InvalidSnapshot.NotFound',
    });
  });

  it('is copied with another key, in time, and errs when EBS cannot use the key', async () => {
    await using world = await scene();
    const { ec2, clock } = world;
    const source = await world.snapshotOf(managedKeyOf(world.account));
    clock.advance(90_000);
    const copy = async (KmsKeyId: string) => {
      const TagSpecifications = [
        { ResourceType: 'snapshot' as const, Tags: [{ Key: 'cordon:case', Value: 'c' }] },
      ];
      const { SnapshotId = '' } = await ec2.copySnapshot({
        SourceRegion: 'us-east-1',
        SourceSnapshotId: source,
        Encrypted: true,
        KmsKeyId,
        TagSpecifications,
      });
      return SnapshotId;
    };
    const good = await copy(KEY);
    const lost = KEY.replace('1234abcd', 'deadbeef');
    inaccessibleKeys(world.account).add(lost);
    const bad = await copy(lost);
    clock.advance(90_000);
    const { Snapshots } = await ec2.describeSnapshots({ SnapshotIds: [good, bad] });
    expect(Snapshots).toMatchObject([
      { State: 'completed', Encrypted: true, KmsKeyId: KEY, Tags: [{ Key: 'cordon:case', Value: 'c' }] },
      { State: 'error', StateMessage: 'Given key ID is not accessible' },
    ]);
    await world.shareSnapshot(good, FORENSICS);
  });

  it('of no encryption keeps none in its copy, and encrypts with the managed key when told only to', async () => {
    await using world = await scene();
    const SourceSnapshotId = await world.snapshotOf();
    const SourceRegion = 'us-east-1';
    const plain = await world.ec2.copySnapshot({ SourceRegion, SourceSnapshotId });
    const encrypted = await world.ec2.copySnapshot({ SourceRegion, SourceSnapshotId, Encrypted: true });
    const { Snapshots } = await world.ec2.describeSnapshots({
      SnapshotIds: [plain.SnapshotId ?? '', encrypted.SnapshotId ?? ''],
    });
    expect(Snapshots?.map(({ Encrypted, KmsKeyId }) => [Encrypted, KmsKeyId])).toEqual([
      [false, undefined],
      [true, managedKeyOf(world.account)],
    ]);
    expect(keyArn(world.account, '1234abcd-12ab-34cd-56ef-1234567890ab')).toBe(KEY);
  });
});

describe('an image', () => {
  it('is made of an instance, shared, and no longer', async () => {
    await using world = await scene();
    const { ec2 } = world;
    const create = (Name: string) => ec2.createImage({ InstanceId: world.instanceId, Name });
    const { ImageId = '' } = await create('shop');
    await expect(create('shop')).rejects.toMatchObject({ name: 'InvalidAMIName.Duplicate' });
    const change = (OperationType: 'add' | 'remove') =>
      ec2.modifyImageAttribute({
        ImageId,
        Attribute: 'launchPermission',
        OperationType,
        UserIds: [FORENSICS],
        UserGroups: ['all'],
      });
    await change('add');
    const launch = async () =>
      (await ec2.describeImageAttribute({ ImageId, Attribute: 'launchPermission' })).LaunchPermissions;
    expect(await launch()).toEqual([{ UserId: FORENSICS }, { Group: 'all' }]);
    const { Images } = await ec2.describeImages({
      Owners: ['self'],
      Filters: [{ Name: 'is-public', Values: ['true'] }],
    });
    expect(Images).toMatchObject([
      {
        ImageId,
        Public: true,
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }, { DeviceName: '/dev/sdf' }],
      },
    ]);
    await change('remove');
    expect(await launch()).toEqual([]);
    expect((await ec2.describeImages({ ImageIds: [ImageId] })).Images).toMatchObject([{ Public: false }]);
  });

  it('that is not there is said so', async () => {
    await using world = await scene();
    await expect(world.ec2.describeImages({ ImageIds: ['ami-0123456789abcdef0'] })).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-0123456789abcdef0]' does not exist",
    });
  });

  it('with a volume under the AWS managed key cannot be shared', async () => {
    await using world = await scene();
    await world.snapshotOf(managedKeyOf(world.account));
    const { ImageId } = await world.ec2.createImage({ InstanceId: world.instanceId, Name: 'secret' });
    await expect(
      world.ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: FORENSICS }] } }),
    ).rejects.toMatchObject({ name: 'InvalidParameter' });
  });
});
