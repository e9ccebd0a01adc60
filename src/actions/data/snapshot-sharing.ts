import type { SharingOf } from './sharing.ts';
import { EVERYBODY } from './sharing.ts';

export const SNAPSHOT = 'AWS::EC2::Snapshot';

/** Source: Amazon EC2 API Reference, "ModifySnapshotAttribute". */
export const snapshotSharing: SharingOf = (aws, { id: SnapshotId }) => {
  const permissions = (whom: readonly string[]) =>
    whom.map((one) => (one === EVERYBODY ? { Group: 'all' as const } : { UserId: one }));
  return {
    async read() {
      const Attribute = 'createVolumePermission';
      const answer = await aws.ec2.describeSnapshotAttribute({ SnapshotId, Attribute });
      return (answer.CreateVolumePermissions ?? []).flatMap(({ Group, UserId }) => Group ?? UserId ?? []);
    },
    async add(whom) {
      const CreateVolumePermission = { Add: permissions(whom) };
      await aws.ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission });
    },
    async remove(whom) {
      const CreateVolumePermission = { Remove: permissions(whom) };
      await aws.ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission });
    },
  };
};
