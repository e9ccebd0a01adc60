import * as rds from '@aws-sdk/client-rds';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as clusters from './clusters.ts';
import * as instances from './instances.ts';
import * as attributes from './snapshot-attributes.ts';
import * as snapshots from './snapshots.ts';

export const RDS: Service = {
  name: 'rds',
  protocol: AWS_QUERY,
  serves: servesVersion('2014-10-31'),
  faults: {
    throttle: () => new AwsError('Throttling', 'Rate exceeded', 400),
    'internal-error': () => new AwsError('InternalFailure', 'An internal error has occurred', 500),
    unauthorized: () => new AwsError('AccessDenied', 'User is not authorized to perform this action', 403),
  },
  operations: {
    CreateDBCluster: operation(rds.CreateDBCluster$, clusters.createDBCluster),
    CreateDBClusterSnapshot: operation(rds.CreateDBClusterSnapshot$, snapshots.createDBClusterSnapshot),
    CreateDBInstance: operation(rds.CreateDBInstance$, instances.createDBInstance),
    CreateDBSnapshot: operation(rds.CreateDBSnapshot$, snapshots.createDBSnapshot),
    DescribeDBClusterSnapshotAttributes: operation(
      rds.DescribeDBClusterSnapshotAttributes$,
      attributes.describeDBClusterSnapshotAttributes,
    ),
    DescribeDBClusterSnapshots: operation(
      rds.DescribeDBClusterSnapshots$,
      snapshots.describeDBClusterSnapshots,
    ),
    DescribeDBClusters: operation(rds.DescribeDBClusters$, clusters.describeDBClusters),
    DescribeDBInstances: operation(rds.DescribeDBInstances$, instances.describeDBInstances),
    DescribeDBSnapshotAttributes: operation(
      rds.DescribeDBSnapshotAttributes$,
      attributes.describeDBSnapshotAttributes,
    ),
    DescribeDBSnapshots: operation(rds.DescribeDBSnapshots$, snapshots.describeDBSnapshots),
    ModifyDBCluster: operation(rds.ModifyDBCluster$, clusters.modifyDBCluster),
    ModifyDBClusterSnapshotAttribute: operation(
      rds.ModifyDBClusterSnapshotAttribute$,
      attributes.modifyDBClusterSnapshotAttribute,
    ),
    ModifyDBInstance: operation(rds.ModifyDBInstance$, instances.modifyDBInstance),
    ModifyDBSnapshotAttribute: operation(
      rds.ModifyDBSnapshotAttribute$,
      attributes.modifyDBSnapshotAttribute,
    ),
  },
};
