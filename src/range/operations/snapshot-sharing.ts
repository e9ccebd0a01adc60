import type {
  DescribeSnapshotAttributeCommandOutput,
  DescribeSnapshotAttributeRequest,
  ModifySnapshotAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { managedKeyOf } from './encryption.ts';
import { NO_SNAPSHOT, one } from './query.ts';
import { EVERYBODY, permissionsOf, share, sharingChange } from './sharing.ts';

/** Source: Amazon EBS User Guide, "Share an Amazon EBS snapshot with other AWS accounts". */
export function modifySnapshotAttribute(
  account: Account,
  input: ModifySnapshotAttributeRequest,
): Record<string, never> {
  const { snapshot } = one(account.snapshots, input.SnapshotId, NO_SNAPSHOT);
  if ((input.Attribute ?? 'createVolumePermission') !== 'createVolumePermission')
    throw badParameter(`Value (${input.Attribute}) for parameter attribute is invalid`);
  const change = sharingChange({
    change: input.CreateVolumePermission,
    operation: input.OperationType,
    users: input.UserIds,
    groups: input.GroupNames,
  });
  if (snapshot.Encrypted && change.add.length > 0) {
    if (snapshot.KmsKeyId === managedKeyOf(account))
      throw new AwsError(
        'OperationNotPermitted',
        'Encrypted snapshots with EBS default key cannot be shared',
      );
    if (change.add.includes(EVERYBODY))
      throw new AwsError('OperationNotPermitted', 'Encrypted snapshots cannot be made public');
  }
  share(account, input.SnapshotId ?? '', change);
  return {};
}

export function describeSnapshotAttribute(
  account: Account,
  { SnapshotId, Attribute }: DescribeSnapshotAttributeRequest,
): Omit<DescribeSnapshotAttributeCommandOutput, '$metadata'> {
  one(account.snapshots, SnapshotId, NO_SNAPSHOT);
  switch (Attribute) {
    case 'createVolumePermission':
      return { SnapshotId, CreateVolumePermissions: permissionsOf(account, SnapshotId ?? '') };
    case 'productCodes':
      return { SnapshotId, ProductCodes: [] };
    default:
      throw badParameter(`Value (${Attribute}) for parameter attribute is invalid`);
  }
}
