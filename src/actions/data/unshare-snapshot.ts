import { recordSnapshotSharing } from './record-snapshot-sharing.ts';
import { SNAPSHOT, snapshotSharing } from './snapshot-sharing.ts';
import { unshareAction } from './unshare-action.ts';

export const unshareSnapshot = unshareAction({
  name: 'unshare-snapshot',
  what: 'the snapshot',
  service: 'EC2',
  subjects: [SNAPSHOT],
  recorder: recordSnapshotSharing.name,
  permissions: ['ec2:DescribeSnapshotAttribute', 'ec2:ModifySnapshotAttribute'],
  remains: 'what was copied or restored meanwhile stays where it is',
  sharingOf: snapshotSharing,
});
