import { defineAction } from '../action.ts';
import { CLUSTER_SNAPSHOT, DATABASE_SNAPSHOT, databaseSnapshotSharing } from './database-snapshot-sharing.ts';
import { recordDatabaseSnapshotSharing } from './record-database-snapshot-sharing.ts';
import { KEEP, shareAgain, unshare } from './sharing.ts';

const PERMISSIONS = [
  'rds:DescribeDBSnapshotAttributes',
  'rds:DescribeDBClusterSnapshotAttributes',
  'rds:ModifyDBSnapshotAttribute',
  'rds:ModifyDBClusterSnapshotAttribute',
];

export const unshareDatabaseSnapshot = defineAction({
  name: 'unshare-database-snapshot',
  title: 'Stop sharing the database snapshot',
  group: 'data',
  subjects: [DATABASE_SNAPSHOT, CLUSTER_SNAPSHOT],
  effect: 'reversible',
  needs: [recordDatabaseSnapshotSharing.name],
  permissions: PERMISSIONS,
  about: {
    precondition: 'RDS still knows the database snapshot',
    effect:
      'takes it from everybody and from every other account but those that may keep it; what was copied or restored meanwhile stays where it is',
    proof: 'RDS shows nobody else',
    idempotency: 'who has no share is not taken it from, and taking it twice changes nothing',
  },
  input: KEEP,
  undo: {
    kind: 'by',
    how: 'share it again with those it was taken from',
    permissions: PERMISSIONS,
    run: (context) => shareAgain(context, databaseSnapshotSharing),
  },
  plan: ({ id }, { keep }) =>
    `share ${id} with ${keep.length === 0 ? 'nobody' : keep.join(', ')} but this account`,
  run: (context) => unshare(context, databaseSnapshotSharing, recordDatabaseSnapshotSharing.name),
});
