import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { CLUSTER_SNAPSHOT, DATABASE_SNAPSHOT, databaseSnapshotSharing } from './database-snapshot-sharing.ts';
import { recordSharing } from './sharing.ts';

export const recordDatabaseSnapshotSharing = defineAction({
  name: 'record-database-snapshot-sharing',
  title: 'Record whom the database snapshot is shared with',
  group: 'data',
  subjects: [DATABASE_SNAPSHOT, CLUSTER_SNAPSHOT],
  effect: 'read',
  needs: [],
  permissions: ['rds:DescribeDBSnapshotAttributes', 'rds:DescribeDBClusterSnapshotAttributes'],
  about: {
    precondition: 'RDS still knows the database snapshot',
    effect: 'writes whom the database snapshot is shared with into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record whom ${id} is shared with`,
  run: (context) => recordSharing(context, databaseSnapshotSharing),
});
