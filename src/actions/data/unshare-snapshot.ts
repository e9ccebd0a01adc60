import { defineAction } from '../action.ts';
import { recordSnapshotSharing } from './record-snapshot-sharing.ts';
import { KEEP, shareAgain, unshare } from './sharing.ts';
import { SNAPSHOT, snapshotSharing } from './snapshot-sharing.ts';

const PERMISSIONS = ['ec2:DescribeSnapshotAttribute', 'ec2:ModifySnapshotAttribute'];

export const unshareSnapshot = defineAction({
  name: 'unshare-snapshot',
  title: 'Stop sharing the snapshot',
  group: 'data',
  subjects: [SNAPSHOT],
  effect: 'reversible',
  needs: [recordSnapshotSharing.name],
  permissions: PERMISSIONS,
  about: {
    precondition: 'EC2 still knows the snapshot',
    effect:
      'takes it from everybody and from every other account but those that may keep it; what was copied or restored meanwhile stays where it is',
    proof: 'EC2 shows nobody else',
    idempotency: 'who has no share is not taken it from, and taking it twice changes nothing',
  },
  input: KEEP,
  undo: {
    kind: 'by',
    how: 'share it again with those it was taken from',
    permissions: PERMISSIONS,
    run: (context) => shareAgain(context, snapshotSharing),
  },
  plan: ({ id }, { keep }) =>
    `share ${id} with ${keep.length === 0 ? 'nobody' : keep.join(', ')} but this account`,
  run: (context) => unshare(context, snapshotSharing, recordSnapshotSharing.name),
});
