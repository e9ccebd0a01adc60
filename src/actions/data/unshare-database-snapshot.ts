import { CLUSTER_SNAPSHOT, DATABASE_SNAPSHOT, databaseSnapshotSharing } from './database-snapshot-sharing.ts';
import { recordDatabaseSnapshotSharing } from './record-database-snapshot-sharing.ts';
import { unshareAction } from './unshare-action.ts';

export const unshareDatabaseSnapshot = unshareAction({
  name: 'unshare-database-snapshot',
  what: 'the database snapshot',
  service: 'RDS',
  subjects: [DATABASE_SNAPSHOT, CLUSTER_SNAPSHOT],
  recorder: recordDatabaseSnapshotSharing.name,
  permissions: [
    'rds:DescribeDBSnapshotAttributes',
    'rds:DescribeDBClusterSnapshotAttributes',
    'rds:ModifyDBSnapshotAttribute',
    'rds:ModifyDBClusterSnapshotAttribute',
  ],
  remains: 'what was copied or restored meanwhile stays where it is',
  sharingOf: databaseSnapshotSharing,
});
